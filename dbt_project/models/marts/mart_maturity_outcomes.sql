with maturity_outcomes as (

    select * from {{ ref('dim_maturity_outcomes') }}

),

final as (

    select
        scheme_code,
        item_code,
        indicator_code,
        outcome_reason,
        outcome_confidence
    from maturity_outcomes
    order by scheme_code, item_code, indicator_code

)

select * from final
