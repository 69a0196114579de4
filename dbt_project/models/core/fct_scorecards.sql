-- How well a city reports, never how well it performs: counts with their denominators, by year.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

observations as (

    select * from {{ ref('fct_observations') }}
    where city_code in (select touched.city_code from touched)

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

yearly as (

    select
        observations.city_code,
        observations.indicator_code,
        observations.period_year,
        count(observations.harmonised_value) as n_values,
        count(*) - count(observations.harmonised_value) as n_without_value,
        count(*) filter (where observations.harmonised_value is not null and observations.quality_code <> 'not_declared') as n_quality_declared,
        count(*) filter (
            where observations.harmonised_value is not null and coalesce(indicators.plausible_min, indicators.plausible_max) is not null
        ) as n_with_range,
        count(*) filter (
            where observations.harmonised_value < indicators.plausible_min or observations.harmonised_value > indicators.plausible_max
        ) as n_implausible
    from observations
    inner join indicators on observations.indicator_code = indicators.indicator_code
    group by observations.city_code, observations.indicator_code, observations.period_year

),

followed as (

    select
        yearly.*,
        lag(yearly.period_year) over reported_years as previous_year
    from yearly
    where yearly.n_values > 0
    window reported_years as (partition by yearly.city_code, yearly.indicator_code order by yearly.period_year)

),

-- Means of two boundaries or definitions do not follow each other.
changes as (

    select
        city_code,
        indicator_code,
        period_year,
        avg(harmonised_value) as mean_value,
        lag(period_year) over series as previous_year,
        lag(avg(harmonised_value)) over series as previous_mean
    from observations
    where harmonised_value is not null
    group by city_code, indicator_code, boundary_code, figure_definition_code, period_year
    window series as (partition by city_code, indicator_code, boundary_code, figure_definition_code order by period_year)

),

compared as (

    select
        city_code,
        period_year,
        count(distinct indicator_code) as n_comparable,
        count(distinct indicator_code) filter (where mean_value > 3 * previous_mean or previous_mean > 3 * mean_value) as n_breaks
    from changes
    where previous_year = period_year - 1 and previous_mean > 0 and mean_value > 0
    group by city_code, period_year

),

began as (

    select
        city_code,
        indicator_code,
        min(period_year) as first_year
    from followed
    group by city_code, indicator_code

),

reporting as (

    select
        city_code,
        period_year,
        sum(n_without_value) as n_without_value
    from yearly
    group by city_code, period_year

),

due as (

    select
        reporting.city_code,
        reporting.period_year,
        reporting.n_without_value,
        count(began.indicator_code) as n_due
    from reporting
    left join began on reporting.city_code = began.city_code and reporting.period_year > began.first_year
    group by reporting.city_code, reporting.period_year, reporting.n_without_value

),

counted as (

    select
        city_code,
        period_year,
        count(*) as n_indicators,
        sum(n_values) as n_values,
        count(previous_year) as n_kept_up,
        sum(n_with_range) as n_with_range,
        sum(n_implausible) as n_implausible,
        sum(n_quality_declared) as n_quality_declared
    from followed
    group by city_code, period_year

),

final as (

    select
        due.city_code,
        due.period_year,
        cast(coalesce(counted.n_indicators, 0) as integer) as n_indicators,
        cast(coalesce(counted.n_values, 0) as integer) as n_values,
        cast(due.n_without_value as integer) as n_without_value,
        cast(due.n_due as integer) as n_due,
        cast(coalesce(counted.n_kept_up, 0) as integer) as n_kept_up,
        cast(coalesce(compared.n_comparable, 0) as integer) as n_comparable,
        cast(coalesce(compared.n_breaks, 0) as integer) as n_breaks,
        cast(coalesce(counted.n_with_range, 0) as integer) as n_with_range,
        cast(coalesce(counted.n_implausible, 0) as integer) as n_implausible,
        cast(coalesce(counted.n_quality_declared, 0) as integer) as n_quality_declared
    from due
    left join counted on due.city_code = counted.city_code and due.period_year = counted.period_year
    left join compared on due.city_code = compared.city_code and due.period_year = compared.period_year

)

select * from final
