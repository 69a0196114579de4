with index_groups as (

    select * from {{ ref('stg_scored__index_groups') }}

),

final as (

    select
        recipe_code,
        group_code,
        group_name,
        group_level,
        parent_group_code,
        group_position,
        group_weight,
        city_code,
        group_score,
        is_group_filled,
        group_colour
    from index_groups

)

select * from final
