with rule_results as (

    select * from {{ ref('fct_rule_results') }}

),

final as (

    select
        submission_id,
        rule_id,
        severity,
        check_state,
        n_found
    from rule_results
    order by submission_id, rule_id

)

select * from final
