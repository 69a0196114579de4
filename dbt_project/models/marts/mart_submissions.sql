with submissions as (

    select * from {{ ref('dim_submissions') }}

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
    order by accepted_seq

)

select * from final
