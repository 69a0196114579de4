with submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

counted as (

    select
        submission_id,
        cast(count(*) as integer) as n_observations
    from observations
    group by submission_id

),

final as (

    select
        submissions.submission_id,
        submissions.member_code,
        submissions.source_file_name,
        submissions.source_file_sha256,
        submissions.contract_version,
        submissions.accepted_seq,
        counted.n_observations
    from submissions
    inner join counted on submissions.submission_id = counted.submission_id

)

select * from final
