with index_audits as (

    select * from {{ source('scored', 'index_audits') }}

),

final as (

    select
        recipe_code,
        check_code,
        cast(node_level as integer) as node_level,
        node_code,
        other_code,
        cast(audit_measure as double) as audit_measure,
        cast(audit_limit as double) as audit_limit,
        audit_verdict
    from index_audits

)

select * from final
