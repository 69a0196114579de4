-- What a city is held against: one goal line, or a band, for an indicator of a goal set, with the marks of the set's own scale.
-- The goal line is the target, else where "achieved" (green) begins; the optimum is the line only where a set names nothing else.
with goals as (

    select * from {{ ref('dim_goals') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

pivoted as (

    select
        goal_set_code,
        indicator_code,
        max(goal_member_code) as goal_member_code,
        max(goal_city_code) as goal_city_code,
        coalesce(
            max(case when goal_kind = 'target' then goal_level end),
            max(case when goal_kind = 'green' then goal_level end),
            max(case when goal_kind = 'optimum' then goal_level end)
        ) as target_level,
        max(case when goal_kind = 'optimum' then goal_level end) as optimum_level,
        max(case when goal_kind = 'share_of_base' then written_goal_level / 100 end) as share_of_base,
        max(case when goal_kind = 'green' then goal_level end) as green_level,
        max(case when goal_kind = 'red' then goal_level end) as red_level,
        max(case when goal_kind = 'lower_bound' then goal_level end) as worst_level,
        max(case when goal_kind = 'band_low' then goal_level end) as band_low,
        max(case when goal_kind = 'band_high' then goal_level end) as band_high,
        max(base_year) as base_year,
        max(target_year) as target_year
    from goals
    group by goal_set_code, indicator_code

),

final as (

    select
        pivoted.goal_set_code,
        pivoted.indicator_code,
        pivoted.goal_member_code,
        pivoted.goal_city_code,
        indicators.direction_code,
        pivoted.target_level,
        pivoted.optimum_level,
        pivoted.share_of_base,
        pivoted.green_level,
        pivoted.red_level,
        pivoted.worst_level,
        pivoted.band_low,
        pivoted.band_high,
        pivoted.base_year,
        pivoted.target_year
    from pivoted
    inner join indicators on pivoted.indicator_code = indicators.indicator_code
    where
        pivoted.target_level is not null
        or pivoted.share_of_base is not null
        or (pivoted.band_low is not null and pivoted.band_high is not null)

)

select * from final
