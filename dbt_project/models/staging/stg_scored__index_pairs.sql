with index_pairs as (

    select * from {{ source('scored', 'index_pairs') }}

),

final as (

    select
        recipe_code,
        city_code,
        other_city_code,
        cast(share_above as double) as share_above,
        cast(share_tied as double) as share_tied,
        cast(is_dominant as boolean) as is_dominant
    from index_pairs

)

select * from final
