with index_inputs as (

    select * from {{ source('scored', 'index_inputs') }}

),

final as (

    select
        recipe_code,
        city_code,
        indicator_code,
        group_code,
        cast(indicator_position as integer) as indicator_position,
        observation_id,
        input_state,
        input_reason,
        cast(input_value as double) as input_value,
        cast(input_carried as double) as input_carried,
        cast(normalised_value as double) as normalised_value,
        cast(effective_weight as double) as effective_weight,
        cast(indicator_direction as integer) as indicator_direction,
        cast(noise_share as double) as noise_share
    from index_inputs

)

select * from final
