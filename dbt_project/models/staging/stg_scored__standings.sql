with standings as (

    select * from {{ source('scored', 'standings') }}

),

final as (

    select
        series_id,
        goal_set_code,
        cast(target_level as double) as target_level,
        cast(target_year as integer) as target_year,
        cast(optimum_level as double) as optimum_level,
        cast(first_year as integer) as first_year,
        cast(first_value as double) as first_value,
        cast(last_year as integer) as last_year,
        cast(last_value as double) as last_value,
        cast(n_points as integer) as n_points,
        cast(is_reached as boolean) as is_reached,
        cast(gap_left as double) as gap_left,
        cast(gap_to_optimum as double) as gap_to_optimum,
        cast(share_of_target as double) as share_of_target,
        cast(u4ssc_points as integer) as u4ssc_points,
        cast(sdr_score as double) as sdr_score,
        sdr_colour,
        cast(level_reached as integer) as level_reached,
        cast(share_of_path as double) as share_of_path,
        cast(escap_status as double) as escap_status,
        cast(pace as double) as pace,
        cast(pace_low as double) as pace_low,
        cast(pace_high as double) as pace_high,
        cast(pace_needed as double) as pace_needed,
        cast(growth_needed_pct as double) as growth_needed_pct,
        cast(finishing_year as double) as finishing_year,
        cast(projected_value as double) as projected_value,
        cast(projected_low as double) as projected_low,
        cast(projected_high as double) as projected_high,
        cast(backtest_error as double) as backtest_error,
        standing_reason
    from standings

)

select * from final
