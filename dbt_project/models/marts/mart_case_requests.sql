with requests as (

    select * from {{ ref('dim_case_requests') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

final as (

    select
        requests.request_code,
        requests.member_code,
        requests.member_name,
        requests.city_code,
        cities.city_name,
        requests.topic_name,
        requests.topic_name_ko,
        requests.indicator_code,
        indicators.indicator_name,
        requests.request_source,
        requests.n_cases_told
    from requests
    inner join indicators on requests.indicator_code = indicators.indicator_code
    left join cities on requests.city_code = cities.city_code
    order by requests.request_code, requests.indicator_code

)

select * from final
