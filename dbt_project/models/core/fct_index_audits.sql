with index_audits as (

    select * from {{ ref('stg_scored__index_audits') }}

),

final as (

    select
        recipe_code,
        check_code,
        node_level,
        node_code,
        other_code,
        audit_measure,
        audit_limit,
        audit_verdict
    from index_audits

)

select * from final
