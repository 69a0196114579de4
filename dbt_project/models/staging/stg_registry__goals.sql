with goals as (

    select * from {{ source('registry', 'goals') }}

),

goal_sets as (

    select * from {{ source('registry', 'goal_sets') }}

),

final as (

    select
        goals.goal_set_code,
        goal_sets.version as goal_set_version,
        goal_sets.name_en as goal_set_name,
        goal_sets.scope as goal_scope,
        {{ blank_to_null('goal_sets.member_code') }} as goal_member_code,
        {{ blank_to_null('goal_sets.city_code') }} as goal_city_code,
        goal_sets.adopter as goal_adopter,
        goal_sets.source as goal_set_source,
        goal_sets.licence as goal_licence,
        goals.indicator_code,
        goals.goal_kind,
        cast(goals.goal_level as double) as written_goal_level,
        goals.unit_code as goal_unit_code,
        {{ blank_to_null('goals.base_year', 'integer') }} as base_year,
        {{ blank_to_null('goals.target_year', 'integer') }} as target_year,
        goals.source as goal_source,
        goals.confidence as goal_confidence,
        {{ blank_to_null('goals.note') }} as goal_note
    from goals
    inner join goal_sets on goals.goal_set_code = goal_sets.goal_set_code

)

select * from final
