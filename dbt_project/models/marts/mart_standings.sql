with standings as (

    select * from {{ ref('fct_standings') }}

),

final as (

    select
        series_id,
        goal_set_code,
        city_code,
        indicator_code,
        boundary_code,
        series_definition_code,
        observation_id,
        unit_code,
        target_level,
        target_year,
        optimum_level,
        first_year,
        first_value,
        last_year,
        last_value,
        n_points,
        is_reached,
        gap_left,
        gap_to_optimum,
        share_of_target,
        u4ssc_points,
        sdr_score,
        sdr_colour,
        deviations_left,
        n_peers,
        level_reached,
        share_of_path,
        escap_status,
        pace,
        pace_low,
        pace_high,
        pace_needed,
        growth_needed_pct,
        finishing_year,
        projected_value,
        projected_low,
        projected_high,
        backtest_error,
        standing_reason,
        n_rules,
        n_rules_on_the_way
    from standings
    order by goal_set_code, indicator_code, city_code, series_id

)

select * from final
