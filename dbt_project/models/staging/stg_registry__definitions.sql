with definitions as (

    select * from {{ source('registry', 'definitions') }}

),

final as (

    select
        indicator_code,
        definition_code,
        name_en as definition_name,
        grade as definition_grade,
        {{ blank_to_null('bridge_factor', 'double') }} as bridge_factor,
        {{ blank_to_null('bridge_offset', 'double') }} as bridge_offset,
        is_asked = 'true' as definition_is_asked,
        reason as definition_reason,
        confidence as definition_confidence_level
    from definitions

)

select * from final
