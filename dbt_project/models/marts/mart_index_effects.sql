with index_effects as (

    select * from {{ ref('fct_index_effects') }}

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
    order by recipe_code, factor_code, city_code

)

select * from final
