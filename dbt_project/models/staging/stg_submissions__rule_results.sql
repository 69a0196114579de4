with rule_results as (

    select * from {{ source('submissions', 'rule_results') }}

),

final as (

    select
        submission_id,
        rule_id,
        severity,
        check_state,
        not_run_code,
        not_run_reason,
        cast(n_found as integer) as n_found
    from rule_results

)

select * from final
