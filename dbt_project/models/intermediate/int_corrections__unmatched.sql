-- Corrections whose figure is no longer the one they were decided about: someone must decide again.
with corrections as (

    select * from {{ ref('stg_registry__corrections') }}

),

matched as (

    select * from {{ ref('int_corrections__matched') }}

),

final as (

    select
        corrections.correction_code,
        corrections.city_code,
        corrections.indicator_code,
        corrections.expected_value
    from corrections
    left join matched on corrections.correction_code = matched.correction_code
    where matched.correction_code is null

)

select * from final
