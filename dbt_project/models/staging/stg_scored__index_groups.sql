with index_groups as (

    select * from {{ source('scored', 'index_groups') }}

),

final as (

    select
        recipe_code,
        group_code,
        group_name,
        cast(group_level as integer) as group_level,
        parent_group_code,
        cast(group_position as integer) as group_position,
        cast(group_weight as double) as group_weight,
        city_code,
        cast(group_score as double) as group_score,
        cast(is_group_filled as boolean) as is_group_filled,
        group_colour
    from index_groups

)

select * from final
