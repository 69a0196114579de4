-- Money in national currency on three bases, each with its rate, source and vintage; without a rate there is a reason and no figure.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

observations as (

    select * from {{ ref('fct_observations') }}
    where city_code in (select touched.city_code from touched)

),

cities as (

    select * from {{ ref('dim_cities') }}

),

units as (

    select * from {{ ref('stg_registry__units') }}

),

rates as (

    select * from {{ ref('stg_registry__rates') }}

),

bases as (

    select
        'market' as money_basis,
        'market' as rate_kind,
        'USD' as money_currency
    union all
    select
        'ppp' as money_basis,
        'ppp' as rate_kind,
        'international dollar' as money_currency
    union all
    select
        'constant' as money_basis,
        'deflator' as rate_kind,
        'national currency' as money_currency

),

money as (

    select
        observations.*,
        cities.member_code
    from observations
    inner join cities on observations.city_code = cities.city_code
    inner join units on observations.unit_code = units.unit_code
    where units.unit_dimension = 'money' and observations.unit_code like 'LCU%' and observations.harmonised_value is not null

),

final as (

    select
        money.observation_id,
        money.city_code,
        money.indicator_code,
        money.period_label,
        money.period_year,
        bases.money_basis,
        case
            when bases.rate_kind = 'deflator' then money.harmonised_value * 100 / rates.rate_value
            else money.harmonised_value / rates.rate_value
        end as money_value,
        concat(
            bases.money_currency,
            case when bases.rate_kind = 'deflator' and rates.rate_base_year is not null then concat(' of ', cast(rates.rate_base_year as varchar)) else '' end,
            substr(replace(money.unit_code, '_', ' '), 4)
        ) as money_unit,
        case
            when rates.rate_value is null
                then concat('no ', bases.rate_kind, ' rate of ', cast(money.period_year as varchar), ' for ', money.member_code, ' in the register')
            when bases.rate_kind <> 'market' then 'a rate of the whole country on a city''s figure'
        end as money_reason,
        money.harmonised_value,
        rates.rate_value,
        rates.rate_source,
        rates.rate_vintage
    from money
    cross join bases
    left join rates on money.member_code = rates.member_code and money.period_year = rates.rate_year and bases.rate_kind = rates.rate_kind

)

select * from final
