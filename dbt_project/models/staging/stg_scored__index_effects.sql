with index_effects as (

    select * from {{ source('scored', 'index_effects') }}

),

final as (

    select
        recipe_code,
        factor_code,
        city_code,
        cast(first_order as double) as first_order,
        cast(first_order_low as double) as first_order_low,
        cast(first_order_high as double) as first_order_high,
        cast(total_order as double) as total_order,
        cast(total_order_low as double) as total_order_low,
        cast(total_order_high as double) as total_order_high,
        cast(pilot_change as double) as pilot_change,
        cast(share_reranked as double) as share_reranked
    from index_effects

)

select * from final
