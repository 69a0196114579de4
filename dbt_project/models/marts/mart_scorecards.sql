-- How well a city reports, never how well it performs: counts with their denominators, by year.
with scorecards as (

    select * from {{ ref('fct_scorecards') }}

),

observations as (

    select * from {{ ref('fct_observations') }}

),

asked as (

    select
        period_year,
        count(distinct indicator_code) as n_asked
    from observations
    where harmonised_value is not null
    group by period_year

),

final as (

    select
        scorecards.city_code,
        scorecards.period_year,
        cast(coalesce(asked.n_asked, 0) as integer) as n_asked,
        scorecards.n_indicators,
        scorecards.n_values,
        scorecards.n_without_value,
        scorecards.n_due,
        scorecards.n_kept_up,
        scorecards.n_comparable,
        scorecards.n_breaks,
        scorecards.n_with_range,
        scorecards.n_implausible,
        scorecards.n_quality_declared
    from scorecards
    left join asked on scorecards.period_year = asked.period_year
    order by scorecards.city_code, scorecards.period_year

)

select * from final
