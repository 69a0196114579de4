with index_removals as (

    select * from {{ ref('stg_scored__index_removals') }}

),

final as (

    select
        recipe_code,
        removed_kind,
        removed_code,
        city_code,
        rank_nominal,
        rank_without,
        mean_shift
    from index_removals

)

select * from final
