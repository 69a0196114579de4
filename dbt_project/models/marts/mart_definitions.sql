with definitions as (

    select * from {{ ref('dim_definitions') }}

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
    order by indicator_code asc, definition_grade desc, definition_code asc

)

select * from final
