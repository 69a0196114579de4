with maturity_outcomes as (

    select * from {{ source('registry', 'maturity_outcomes') }}

),

final as (

    select
        scheme_code,
        item_code,
        indicator_code,
        reason as outcome_reason,
        confidence as outcome_confidence
    from maturity_outcomes

)

select * from final
