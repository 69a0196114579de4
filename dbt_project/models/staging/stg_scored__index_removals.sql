with index_removals as (

    select * from {{ source('scored', 'index_removals') }}

),

final as (

    select
        recipe_code,
        removed_kind,
        removed_code,
        city_code,
        cast(rank_nominal as integer) as rank_nominal,
        cast(rank_without as integer) as rank_without,
        cast(mean_shift as double) as mean_shift
    from index_removals

)

select * from final
