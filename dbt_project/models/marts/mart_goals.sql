with goals as (

    select * from {{ ref('dim_goals') }}

),

final as (

    select
        goal_set_code,
        goal_set_version,
        goal_set_name,
        goal_scope,
        goal_member_code,
        goal_city_code,
        goal_adopter,
        goal_set_source,
        goal_licence,
        indicator_code,
        goal_kind,
        written_goal_level,
        goal_unit_code,
        goal_level,
        unit_code,
        base_year,
        target_year,
        goal_source,
        goal_confidence,
        goal_note
    from goals
    order by goal_set_code, indicator_code, goal_kind, written_goal_level

)

select * from final
