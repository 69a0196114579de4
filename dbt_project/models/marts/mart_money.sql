with money as (

    select * from {{ ref('fct_money') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

final as (

    select
        money.observation_id,
        money.city_code,
        cities.city_name,
        cities.member_name,
        money.indicator_code,
        indicators.indicator_name,
        money.period_label,
        money.period_year,
        money.money_basis,
        money.money_value,
        money.money_unit,
        money.money_reason,
        money.harmonised_value,
        money.rate_value,
        money.rate_source,
        money.rate_vintage
    from money
    inner join cities on money.city_code = cities.city_code
    inner join indicators on money.indicator_code = indicators.indicator_code
    order by money.city_code, money.indicator_code, money.period_year, money.money_basis

)

select * from final
