-- Boundaries, wholes and groups of shares that a figure belongs to in its own submission.
with figures as (

    select * from {{ ref('int_observations__figures') }}

),

related_indicators as (

    select * from {{ ref('related_indicators') }}

),

share_groups as (

    select * from {{ ref('share_groups') }}

),

in_periods as (

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        boundary_code,
        figure_definition_code,
        count(distinct boundary_code) over same_period as n_in_period,
        count(*) filter (where figure_definition_code not in ('not_declared', 'single')) over same_edge as n_declared
    from figures
    window
        same_period as (partition by submission_id, city_code, indicator_code, period_start, period_end),
        same_edge as (partition by submission_id, city_code, indicator_code, boundary_code, period_start, period_end)

),

-- Boundaries side by side in one period are meant; one after another they make a series that nobody meant.
boundaries as (

    select
        submission_id,
        city_code,
        indicator_code,
        case when max(n_in_period) > 1 then 1 else count(distinct boundary_code) end as n_boundaries
    from in_periods
    group by submission_id, city_code, indicator_code

),

-- Where the whole stands by several definitions, a part fits when it fits one of them.
wholes_by_indicator as (

    select
        lower_figures.observation_id,
        upper_figures.indicator_code,
        max(upper_figures.figure) as whole_value
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
    group by lower_figures.observation_id, upper_figures.indicator_code

),

wholes as (

    select
        observation_id,
        min(whole_value) as whole_value
    from wholes_by_indicator
    group by observation_id

),

-- Each indicator enters the sum of its group once, by its smallest definition, but for the figure itself.
smallest as (

    select
        figures.submission_id,
        figures.city_code,
        figures.boundary_code,
        figures.period_start,
        figures.period_end,
        share_groups.group_code,
        figures.indicator_code,
        min(figures.figure) as smallest_figure
    from figures
    inner join share_groups on figures.indicator_code = share_groups.indicator_code
    where figures.figure is not null
    group by all

),

grouped as (

    select
        figures.observation_id,
        share_groups.group_limit,
        figures.figure + sum(case when smallest.indicator_code = figures.indicator_code then 0 else smallest.smallest_figure end) as group_sum
    from figures
    inner join share_groups on figures.indicator_code = share_groups.indicator_code
    inner join smallest
        on figures.submission_id = smallest.submission_id
        and figures.city_code = smallest.city_code
        and figures.boundary_code = smallest.boundary_code
        and figures.period_start = smallest.period_start
        and figures.period_end = smallest.period_end
        and share_groups.group_code = smallest.group_code
    group by figures.observation_id, share_groups.group_limit, figures.figure

),

final as (

    select
        figures.observation_id,
        boundaries.n_boundaries,
        in_periods.n_declared as n_declared_beside,
        wholes.whole_value,
        grouped.group_limit,
        grouped.group_sum
    from figures
    left join in_periods on figures.observation_id = in_periods.observation_id
    left join boundaries
        on figures.submission_id = boundaries.submission_id
        and figures.city_code = boundaries.city_code
        and figures.indicator_code = boundaries.indicator_code
    left join wholes on figures.observation_id = wholes.observation_id
    left join grouped on figures.observation_id = grouped.observation_id

)

select * from final
