-- What stands around a figure in its own submission: the city's other periods, the other cities.
with figures as (

    select * from {{ ref('int_observations__figures') }}

),

positive as (

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        boundary_code,
        figure_definition_code,
        period_start,
        period_end,
        period_type,
        figure,
        ln(figure) as log_figure
    from figures
    where figure > 0

),

in_series as (

    select
        observation_id,
        submission_id,
        indicator_code,
        boundary_code,
        figure_definition_code,
        period_start,
        period_end,
        log_figure,
        count(*) over series as n_series,
        median(figure) over series as series_median,
        lag(figure) over ordered_series as previous_value,
        lead(figure) over ordered_series as next_value,
        count(*) over peers as n_peers,
        median(log_figure) over peers as peer_log_median
    from positive
    window
        series as (partition by submission_id, city_code, indicator_code, boundary_code, figure_definition_code, period_type),
        ordered_series as (
            partition by submission_id, city_code, indicator_code, boundary_code, figure_definition_code, period_type order by period_start
        ),
        peers as (partition by submission_id, indicator_code, boundary_code, figure_definition_code, period_start, period_end)

),

final as (

    select
        observation_id,
        n_series,
        series_median,
        previous_value,
        next_value,
        n_peers,
        log_figure - peer_log_median as peer_log_distance,
        median(abs(log_figure - peer_log_median)) over (
            partition by submission_id, indicator_code, boundary_code, figure_definition_code, period_start, period_end
        ) as peer_log_spread
    from in_series

)

select * from final
