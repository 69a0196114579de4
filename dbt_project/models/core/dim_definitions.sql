with definitions as (

    select * from {{ ref('stg_registry__definitions') }}

),

final as (

    select
        indicator_code,
        definition_code,
        definition_name,
        definition_grade,
        bridge_factor,
        bridge_offset,
        definition_is_asked,
        definition_reason,
        definition_confidence_level
    from definitions

)

select * from final
