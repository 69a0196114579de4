-- What the methods say of each series and goal set, with the figure it rests on.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

standings as (

    select * from {{ ref('stg_scored__standings') }}

),

verdicts as (

    select * from {{ ref('fct_verdicts') }}
    where city_code in (select touched.city_code from touched)

),

points as (

    select * from {{ ref('fct_series') }}
    where city_code in (select touched.city_code from touched)

),

agreed as (

    select
        series_id,
        goal_set_code,
        count(is_on_the_way) as n_rules,
        count(*) filter (where is_on_the_way) as n_rules_on_the_way
    from verdicts
    group by series_id, goal_set_code

),

latest as (

    select
        points.series_id,
        points.city_code,
        points.indicator_code,
        points.boundary_code,
        points.series_definition_code,
        points.observation_id,
        points.unit_code
    from points
    inner join standings on points.series_id = standings.series_id and points.period_year = standings.last_year
    group by all

),

final as (

    select
        standings.series_id,
        standings.goal_set_code,
        latest.city_code,
        latest.indicator_code,
        latest.boundary_code,
        latest.series_definition_code,
        latest.observation_id,
        latest.unit_code,
        standings.target_level,
        standings.target_year,
        standings.optimum_level,
        standings.first_year,
        standings.first_value,
        standings.last_year,
        standings.last_value,
        standings.n_points,
        standings.is_reached,
        standings.gap_left,
        standings.gap_to_optimum,
        standings.share_of_target,
        standings.u4ssc_points,
        standings.sdr_score,
        standings.sdr_colour,
        standings.level_reached,
        standings.share_of_path,
        standings.escap_status,
        standings.pace,
        standings.pace_low,
        standings.pace_high,
        standings.pace_needed,
        standings.growth_needed_pct,
        standings.finishing_year,
        standings.projected_value,
        standings.projected_low,
        standings.projected_high,
        standings.backtest_error,
        standings.standing_reason,
        cast(coalesce(agreed.n_rules, 0) as integer) as n_rules,
        cast(coalesce(agreed.n_rules_on_the_way, 0) as integer) as n_rules_on_the_way
    from standings
    inner join latest on standings.series_id = latest.series_id
    left join agreed on standings.series_id = agreed.series_id and standings.goal_set_code = agreed.goal_set_code

)

select * from final
