with touched as (

    select * from {{ ref('int_observations__touched') }}

),

verdicts as (

    select * from {{ ref('stg_scored__verdicts') }}

),

verdict_rules as (

    select * from {{ ref('stg_registry__verdict_rules') }}

),

verdict_codes as (

    select * from {{ ref('stg_registry__verdict_codes') }}

),

series as (

    select distinct
        series_id,
        city_code,
        indicator_code
    from {{ ref('fct_series') }}
    where city_code in (select touched.city_code from touched)

),

final as (

    select
        verdicts.series_id,
        verdicts.goal_set_code,
        verdicts.rule_code,
        series.city_code,
        series.indicator_code,
        verdict_rules.rule_name,
        verdict_rules.rule_needs_target,
        verdicts.verdict_code,
        verdict_codes.verdict_name,
        verdict_codes.verdict_rank,
        case when verdict_rules.rule_needs_target then verdict_codes.is_on_the_way end as is_on_the_way,
        verdicts.verdict_measure,
        verdict_rules.measure_name,
        verdicts.verdict_reason,
        verdict_rules.rule_source,
        verdict_rules.rule_confidence
    from verdicts
    inner join series on verdicts.series_id = series.series_id
    inner join verdict_rules on verdicts.rule_code = verdict_rules.rule_code
    left join verdict_codes on verdicts.verdict_code = verdict_codes.verdict_code

)

select * from final
