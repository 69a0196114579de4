with index_pairs as (

    select * from {{ ref('stg_scored__index_pairs') }}

),

final as (

    select
        recipe_code,
        city_code,
        other_city_code,
        share_above,
        share_tied,
        is_dominant
    from index_pairs

)

select * from final
