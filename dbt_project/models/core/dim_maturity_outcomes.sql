with outcomes as (

    select * from {{ ref('stg_registry__maturity_outcomes') }}

),

final as (

    select
        scheme_code,
        item_code,
        indicator_code,
        outcome_reason,
        outcome_confidence
    from outcomes

)

select * from final
