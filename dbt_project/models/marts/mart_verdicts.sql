with touched as (

    select * from {{ ref('dim_touched_cities') }}

),

verdicts as (

    select * from {{ ref('fct_verdicts') }}
    where city_code in (select touched.city_code from touched)

),

final as (

    select
        series_id,
        goal_set_code,
        rule_code,
        city_code,
        indicator_code,
        rule_name,
        rule_needs_target,
        verdict_code,
        verdict_name,
        verdict_rank,
        is_on_the_way,
        verdict_measure,
        measure_name,
        verdict_reason,
        rule_source,
        rule_confidence
    from verdicts
    order by goal_set_code, indicator_code, city_code, series_id, rule_code

)

select * from final
