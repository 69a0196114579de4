with cases as (

    select * from {{ ref('fct_cases') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

members as (

    select * from {{ ref('stg_registry__members') }}

),

final as (

    select
        cases.case_id,
        cases.member_code,
        cases.city_code,
        members.member_name,
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
        cases.submission_id,
        cases.source_file_name,
        cases.source_file_sha256,
        cases.contract_version,
        cases.source_address
    from cases
    inner join members on cases.member_code = members.member_code
    left join cities on cases.city_code = cities.city_code
    order by members.member_name, cities.city_name, cases.case_name

)

select * from final
