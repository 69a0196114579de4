-- What stands around a figure in its own submission: the city's other periods, the other cities, related indicators.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

recoded as (

    select * from {{ ref('int_observations__recoded') }}

),

dated as (

    select * from {{ ref('int_observations__dated') }}

),

harmonised as (

    select * from {{ ref('int_observations__harmonised') }}

),

cities as (

    select * from {{ ref('stg_registry__cities') }}

),

related_indicators as (

    select * from {{ ref('related_indicators') }}

),

share_groups as (

    select * from {{ ref('share_groups') }}

),

figures as (

    select
        observations.observation_id,
        observations.submission_id,
        observations.city_code,
        recoded.harmonised_indicator_code as indicator_code,
        dated.period_start,
        dated.period_end,
        dated.period_type,
        coalesce(harmonised.harmonised_value, harmonised.derived_value) as figure,
        coalesce(observations.reported_boundary_code, cities.city_boundary_code) as boundary_code
    from observations
    inner join recoded on observations.observation_id = recoded.observation_id
    inner join dated on observations.observation_id = dated.observation_id
    inner join harmonised on observations.observation_id = harmonised.observation_id
    inner join cities on observations.city_code = cities.city_code
    where recoded.harmonised_indicator_code is not null and dated.period_start is not null

),

positive as (

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        boundary_code,
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
        series as (partition by submission_id, city_code, indicator_code, boundary_code, period_type),
        ordered_series as (partition by submission_id, city_code, indicator_code, boundary_code, period_type order by period_start),
        peers as (partition by submission_id, indicator_code, period_start, period_end)

),

spread as (

    select
        observation_id,
        n_series,
        series_median,
        previous_value,
        next_value,
        n_peers,
        log_figure - peer_log_median as peer_log_distance,
        median(abs(log_figure - peer_log_median)) over (partition by submission_id, indicator_code, period_start, period_end) as peer_log_spread
    from in_series

),

boundaries as (

    select
        submission_id,
        city_code,
        indicator_code,
        count(distinct boundary_code) as n_boundaries
    from figures
    group by submission_id, city_code, indicator_code

),

wholes as (

    select
        lower_figures.observation_id,
        min(upper_figures.figure) as whole_value
    from figures as lower_figures
    inner join related_indicators on lower_figures.indicator_code = related_indicators.lower_indicator_code
    inner join figures as upper_figures
        on related_indicators.upper_indicator_code = upper_figures.indicator_code
        and lower_figures.submission_id = upper_figures.submission_id
        and lower_figures.city_code = upper_figures.city_code
        and lower_figures.boundary_code = upper_figures.boundary_code
        and lower_figures.period_start = upper_figures.period_start
        and lower_figures.period_end = upper_figures.period_end
    where upper_figures.figure > 0
    group by lower_figures.observation_id

),

grouped as (

    select
        figures.observation_id,
        share_groups.group_limit,
        sum(figures.figure) over (
            partition by
                figures.submission_id, figures.city_code, figures.boundary_code, figures.period_start, figures.period_end, share_groups.group_code
        ) as group_sum
    from figures
    inner join share_groups on figures.indicator_code = share_groups.indicator_code

),

final as (

    select
        figures.observation_id,
        spread.n_series,
        spread.series_median,
        spread.previous_value,
        spread.next_value,
        spread.n_peers,
        spread.peer_log_distance,
        spread.peer_log_spread,
        boundaries.n_boundaries,
        wholes.whole_value,
        grouped.group_limit,
        grouped.group_sum
    from figures
    left join spread on figures.observation_id = spread.observation_id
    left join boundaries
        on figures.submission_id = boundaries.submission_id
        and figures.city_code = boundaries.city_code
        and figures.indicator_code = boundaries.indicator_code
    left join wholes on figures.observation_id = wholes.observation_id
    left join grouped on figures.observation_id = grouped.observation_id

)

select * from final
