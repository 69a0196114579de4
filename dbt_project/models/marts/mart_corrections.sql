with corrections as (

    select * from {{ ref('dim_corrections') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

final as (

    select
        corrections.correction_code,
        corrections.city_code,
        cities.city_name,
        corrections.indicator_code,
        indicators.indicator_name,
        corrections.correction_boundary_code,
        corrections.correction_definition_code,
        corrections.period_start,
        corrections.period_end,
        corrections.correction_action,
        corrections.expected_value,
        corrections.corrected_value,
        corrections.correction_reason,
        corrections.correction_author,
        corrections.corrected_on,
        corrections.correction_source
    from corrections
    inner join cities on corrections.city_code = cities.city_code
    inner join indicators on corrections.indicator_code = indicators.indicator_code
    order by corrections.correction_code

)

select * from final
