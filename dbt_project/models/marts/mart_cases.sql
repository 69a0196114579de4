with cases as (

    select * from {{ ref('fct_cases') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

final as (

    select
        cases.case_id,
        cases.member_code,
        cases.city_code,
        cases.member_name,
        cities.city_name,
        cities.city_name_local,
        cases.case_scope,
        cases.case_name,
        cases.title_local,
        cases.started_year,
        cases.situation_text,
        cases.action_text,
        cases.result_text,
        cases.lesson_text,
        cases.indicator_codes,
        cases.goal_set_codes,
        cases.source_note,
        cases.comment_written,
        cases.explanation_text,
        cases.submission_id,
        cases.source_file_name,
        cases.source_file_sha256,
        cases.contract_version,
        cases.source_address
    from cases
    left join cities on cases.city_code = cities.city_code
    order by cases.member_name, cities.city_name, cases.case_name

)

select * from final
