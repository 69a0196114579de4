with index_inputs as (

    select * from {{ ref('fct_index_inputs') }}

),

final as (

    select
        recipe_code,
        city_code,
        indicator_code,
        group_code,
        indicator_position,
        observation_id,
        input_state,
        input_reason,
        input_value,
        input_carried,
        normalised_value,
        effective_weight,
        indicator_direction,
        noise_share
    from index_inputs
    order by recipe_code, city_code, indicator_code

)

select * from final
