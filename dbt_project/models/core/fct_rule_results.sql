with rule_results as (

    select * from {{ ref('stg_submissions__rule_results') }}

),

final as (

    select
        submission_id,
        rule_id,
        severity,
        check_state,
        not_run_code,
        not_run_reason,
        n_found
    from rule_results

)

select * from final
