with touched as (

    select * from {{ ref('dim_touched_cities') }}

),

observations as (

    select * from {{ ref('fct_observations') }}
    where city_code in (select touched.city_code from touched)

),

final as (

    select
        city_code,
        indicator_code,
        cast(count(harmonised_value) as integer) as n_values,
        cast(count(*) - count(harmonised_value) as integer) as n_without_value,
        min(case when harmonised_value is not null then period_year end) as first_year,
        max(case when harmonised_value is not null then period_year end) as last_year,
        max(case when harmonised_value is null then reason_code end) as reason_code
    from observations
    group by city_code, indicator_code
    order by city_code, indicator_code

)

select * from final
