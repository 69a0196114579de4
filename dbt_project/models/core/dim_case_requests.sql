-- What the forum asks members to tell, and whether they have.
with requests as (

    select * from {{ ref('stg_registry__case_requests') }}

),

members as (

    select * from {{ ref('stg_registry__members') }}

),

cases as (

    select * from {{ ref('fct_cases') }}

),

links as (

    select * from {{ ref('fct_case_links') }}

),

told as (

    select
        cases.case_id,
        cases.member_code,
        cases.city_code,
        links.linked_code
    from cases
    inner join links on cases.case_id = links.case_id
    where links.link_kind = 'indicator'

),

final as (

    select
        requests.request_code,
        requests.member_code,
        members.member_name,
        requests.city_code,
        requests.topic_name,
        requests.topic_name_ko,
        requests.indicator_code,
        requests.request_source,
        cast(count(told.case_id) as integer) as n_cases_told
    from requests
    inner join members on requests.member_code = members.member_code
    left join told
        on requests.member_code = told.member_code
        and requests.indicator_code = told.linked_code
        and coalesce(requests.city_code, '') in ('', coalesce(told.city_code, ''))
    group by
        requests.request_code,
        requests.member_code,
        members.member_name,
        requests.city_code,
        requests.topic_name,
        requests.topic_name_ko,
        requests.indicator_code,
        requests.request_source

)

select * from final
