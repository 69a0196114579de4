-- What the rules of the contract of cases are stated over.
with cases as (

    select * from {{ ref('stg_submissions__cases') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

cities as (

    select * from {{ ref('stg_registry__cities') }}

),

final as (

    select
        cases.case_row_id,
        cases.submission_id,
        cases.source_sheet,
        cases.source_row,
        cases.source_column,
        cases.city_written,
        cases.city_code,
        cases.city_cell,
        cases.case_written,
        cases.case_cell,
        cases.title_local,
        cases.started_written,
        cases.started_year,
        cases.started_cell,
        cases.situation_text,
        cases.action_text,
        cases.result_text,
        cases.lesson_text,
        cases.indicators_written,
        cases.indicators_cell,
        cases.indicator_codes,
        cases.unknown_indicators,
        cases.goals_written,
        cases.goals_cell,
        cases.goal_set_codes,
        cases.unknown_goals,
        cases.source_note,
        cases.comment_written,
        cases.explanation_text,
        submissions.member_code,
        submissions.as_of_date,
        cast(year(submissions.as_of_date) as integer) as as_of_year,
        cities.member_code as city_member_code,
        coalesce(cases.city_code, submissions.member_code) as case_scope
    from cases
    inner join submissions on cases.submission_id = submissions.submission_id
    left join cities on cases.city_code = cities.city_code

)

select * from final
