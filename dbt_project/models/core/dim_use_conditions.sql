with use_conditions as (

    select * from {{ ref('stg_registry__use_conditions') }}

),

final as (

    select
        condition_code,
        condition_kind,
        member_code,
        city_code,
        indicator_code,
        condition_reason,
        condition_source,
        stated_on
    from use_conditions

)

select * from final
