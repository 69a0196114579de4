with verdicts as (

    select * from {{ source('scored', 'verdicts') }}

),

final as (

    select
        series_id,
        goal_set_code,
        rule_code,
        verdict_code,
        cast(verdict_measure as double) as verdict_measure,
        verdict_reason
    from verdicts

)

select * from final
