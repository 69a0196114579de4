with rule_results as (

    select * from {{ source('submissions', 'rule_results') }}

),

final as (

    select
        submission_id,
        rule_id,
        severity,
        check_state,
        cast(n_found as integer) as n_found
    from rule_results

)

select * from final
