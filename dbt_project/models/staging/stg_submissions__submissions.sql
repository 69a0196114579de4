with submissions as (

    select * from {{ source('submissions', 'submissions') }}

),

final as (

    select
        submission_id,
        member_code,
        file_name as source_file_name,
        file_sha256 as source_file_sha256,
        contract_version,
        cast(accepted_seq as integer) as accepted_seq,
        cast(as_of_date as date) as as_of_date,
        cast(n_rows as integer) as n_observations
    from submissions

)

select * from final
