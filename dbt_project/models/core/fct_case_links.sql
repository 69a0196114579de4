-- Each indicator and goal set that a case is tied to.
with cases as (

    select * from {{ ref('fct_cases') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

goal_sets as (

    select distinct
        goal_set_code,
        goal_set_name
    from {{ ref('dim_goals') }}

),

tied_indicators as (

    select
        case_id,
        unnest(string_split(indicator_codes, ' ')) as indicator_code
    from cases
    where indicator_codes is not null

),

tied_goal_sets as (

    select
        case_id,
        unnest(string_split(goal_set_codes, ' ')) as goal_set_code
    from cases
    where goal_set_codes is not null

),

final as (

    select
        tied_indicators.case_id,
        'indicator' as link_kind,
        tied_indicators.indicator_code as linked_code,
        indicators.indicator_name as linked_name
    from tied_indicators
    left join indicators on tied_indicators.indicator_code = indicators.indicator_code

    union all

    select
        tied_goal_sets.case_id,
        'goal_set' as link_kind,
        tied_goal_sets.goal_set_code as linked_code,
        goal_sets.goal_set_name as linked_name
    from tied_goal_sets
    left join goal_sets on tied_goal_sets.goal_set_code = goal_sets.goal_set_code

)

select * from final
