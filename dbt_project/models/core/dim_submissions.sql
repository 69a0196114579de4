with submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

final as (

    select
        submission_id,
        member_code,
        source_file_name,
        source_file_sha256,
        contract_version,
        accepted_seq,
        n_observations
    from submissions

)

select * from final
