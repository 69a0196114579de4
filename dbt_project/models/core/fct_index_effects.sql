with index_effects as (

    select * from {{ ref('stg_scored__index_effects') }}

),

final as (

    select
        recipe_code,
        factor_code,
        city_code,
        first_order,
        first_order_low,
        first_order_high,
        total_order,
        total_order_low,
        total_order_high,
        pilot_change,
        share_reranked
    from index_effects

)

select * from final
