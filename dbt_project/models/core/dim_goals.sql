with goals as (

    select * from {{ ref('stg_registry__goals') }}

),

indicators as (

    select * from {{ ref('stg_registry__indicators') }}

),

convertible as (

    select * from {{ ref('int_units__convertible') }}

),

final as (

    select
        goals.goal_set_code,
        goals.goal_set_version,
        goals.goal_set_name,
        goals.goal_scope,
        goals.goal_member_code,
        goals.goal_city_code,
        goals.goal_adopter,
        goals.goal_set_source,
        goals.goal_licence,
        goals.indicator_code,
        goals.goal_kind,
        goals.written_goal_level,
        goals.goal_unit_code,
        case
            when goals.goal_kind <> 'share_of_base'
                then goals.written_goal_level * convertible.conversion_factor * pow(365, convertible.year_days_power)
        end as goal_level,
        indicators.indicator_unit_code as unit_code,
        goals.base_year,
        goals.target_year,
        goals.goal_source,
        goals.goal_confidence,
        goals.goal_note
    from goals
    inner join indicators on goals.indicator_code = indicators.indicator_code
    left join convertible
        on goals.goal_unit_code = convertible.from_unit_code
        and indicators.indicator_unit_code = convertible.to_unit_code

)

select * from final
