with verdict_rules as (

    select * from {{ source('registry', 'verdict_rules') }}

),

final as (

    select
        rule_code,
        name_en as rule_name,
        needs_target = 'true' as rule_needs_target,
        measure as measure_name,
        source as rule_source,
        confidence as rule_confidence
    from verdict_rules

)

select * from final
