-- The latest accepted telling of each case stands.
with checkable as (

    select * from {{ ref('int_cases__checkable') }}

),

members as (

    select * from {{ ref('stg_registry__members') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

final as (

    select
        {{ digest("concat_ws('|', checkable.member_code, checkable.case_scope, checkable.case_written)") }} as case_id,
        checkable.member_code,
        members.member_name,
        checkable.city_code,
        checkable.case_scope,
        checkable.case_written as case_name,
        checkable.title_local,
        checkable.started_year,
        checkable.situation_text,
        checkable.action_text,
        checkable.result_text,
        checkable.lesson_text,
        checkable.indicator_codes,
        checkable.goal_set_codes,
        checkable.source_note,
        checkable.comment_written,
        checkable.explanation_text,
        checkable.submission_id,
        submissions.source_file_name,
        submissions.source_file_sha256,
        submissions.contract_version,
        {{ source_address('checkable') }} as source_address
    from checkable
    inner join submissions on checkable.submission_id = submissions.submission_id
    inner join members on checkable.member_code = members.member_code
    qualify
        row_number() over (
            partition by checkable.member_code, checkable.case_scope, checkable.case_written order by submissions.accepted_seq desc, checkable.source_row desc
        ) = 1

)

select * from final
