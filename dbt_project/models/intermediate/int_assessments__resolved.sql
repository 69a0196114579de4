-- The latest accepted level of each city, scheme, day, track and item stands.
with assessments as (

    select * from {{ ref('stg_submissions__assessments') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

ranked as (

    select
        assessments.*,
        submissions.source_file_name,
        submissions.source_file_sha256,
        submissions.contract_version,
        row_number() over (
            partition by
                assessments.city_code, assessments.scheme_code, assessments.assessed_from, assessments.track_code, assessments.item_code
            order by submissions.accepted_seq desc, assessments.source_row desc, assessments.assessed_item_id asc
        ) as recency_rank
    from assessments
    inner join submissions on assessments.submission_id = submissions.submission_id

),

final as (

    select
        assessed_item_id,
        submission_id,
        city_code,
        scheme_code,
        assessed_written,
        assessed_from,
        is_year_only,
        is_month_only,
        track_code,
        item_code,
        level_written,
        level_value,
        target_level,
        level_target_year,
        action_text,
        evidence_text,
        evidence_owner,
        evidence_until,
        change_reason,
        source_note,
        comment_written,
        explanation_text,
        source_file_name,
        source_file_sha256,
        contract_version,
        source_sheet,
        source_row,
        source_column
    from ranked
    where recency_rank = 1

)

select * from final
