with index_pairs as (

    select * from {{ ref('fct_index_pairs') }}

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
    order by recipe_code, city_code, other_city_code

)

select * from final
