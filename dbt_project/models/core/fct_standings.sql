-- Each standing beside its peers: the distance left in standard deviations of the cities' latest values.
with standings as (

    select * from {{ ref('fct_scored_standings') }}

),

points as (

    select * from {{ ref('fct_series') }}

),

directions as (

    select
        indicator_code,
        case direction_code when 'higher_better' then 1 when 'lower_better' then -1 end as direction_sign
    from {{ ref('dim_indicators') }}

),

latest as (

    select
        city_code,
        indicator_code,
        boundary_code,
        series_definition_code,
        arg_max(harmonised_value, period_year) as last_value
    from points
    group by city_code, indicator_code, boundary_code, series_definition_code

),

peers as (

    select
        indicator_code,
        boundary_code,
        series_definition_code,
        count(*) as n_peers,
        stddev_samp(last_value) as spread
    from latest
    group by indicator_code, boundary_code, series_definition_code

),

measured as (

    select
        standings.*,
        case when coalesce(standings.standing_reason, '') <> 'levels_only' then cast(peers.n_peers as integer) end as n_peers,
        case
            when peers.n_peers >= 5 and peers.spread > 0 and directions.direction_sign * standings.target_level is not null
                then greatest(0, directions.direction_sign * (standings.target_level - standings.last_value)) / peers.spread
        end as deviations_left
    from standings
    inner join directions on standings.indicator_code = directions.indicator_code
    left join peers
        on standings.indicator_code = peers.indicator_code
        and standings.boundary_code = peers.boundary_code
        and standings.series_definition_code = peers.series_definition_code

),

final as (

    select
        measured.series_id,
        measured.goal_set_code,
        measured.city_code,
        measured.indicator_code,
        measured.boundary_code,
        measured.series_definition_code,
        measured.observation_id,
        measured.unit_code,
        measured.target_level,
        measured.target_year,
        measured.optimum_level,
        measured.first_year,
        measured.first_value,
        measured.last_year,
        measured.last_value,
        measured.n_points,
        measured.is_reached,
        measured.gap_left,
        measured.gap_to_optimum,
        measured.share_of_target,
        measured.u4ssc_points,
        measured.sdr_score,
        measured.sdr_colour,
        {{ steady('measured.deviations_left') }} as deviations_left,
        measured.n_peers,
        measured.level_reached,
        measured.share_of_path,
        measured.escap_status,
        measured.pace,
        measured.pace_low,
        measured.pace_high,
        measured.pace_needed,
        measured.growth_needed_pct,
        measured.finishing_year,
        measured.projected_value,
        measured.projected_low,
        measured.projected_high,
        measured.backtest_error,
        measured.standing_reason,
        measured.n_rules,
        measured.n_rules_on_the_way
    from measured

)

select * from final
