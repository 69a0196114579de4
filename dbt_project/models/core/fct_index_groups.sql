with index_groups as (

    select * from {{ ref('stg_scored__index_groups') }}

),

final as (

    select
        recipe_code,
        group_code,
        group_name,
        group_position,
        group_weight,
        city_code,
        group_score
    from index_groups

)

select * from final
