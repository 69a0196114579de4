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

boundaries as (

    select
        submission_id,
        city_code,
        indicator_code,
        count(*) as n_alike,
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
        count(*) over share_group as n_in_group,
        sum(figures.figure) over share_group as group_sum
    from figures
    inner join share_groups on figures.indicator_code = share_groups.indicator_code
    window
        share_group as (
            partition by
                figures.submission_id, figures.city_code, figures.boundary_code, figures.period_start, figures.period_end, share_groups.group_code
        )

),

final as (

    select
        figures.observation_id,
        boundaries.n_alike,
        boundaries.n_boundaries,
        wholes.whole_value,
        grouped.group_limit,
        grouped.n_in_group,
        grouped.group_sum
    from figures
    left join boundaries
        on figures.submission_id = boundaries.submission_id
        and figures.city_code = boundaries.city_code
        and figures.indicator_code = boundaries.indicator_code
    left join wholes on figures.observation_id = wholes.observation_id
    left join grouped on figures.observation_id = grouped.observation_id

)

select * from final
