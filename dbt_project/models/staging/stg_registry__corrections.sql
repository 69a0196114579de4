with corrections as (

    select * from {{ source('registry', 'corrections') }}

),

final as (

    select
        correction_code,
        city_code,
        indicator_code,
        {{ blank_to_null('boundary_code') }} as correction_boundary_code,
        {{ blank_to_null('definition_code') }} as correction_definition_code,
        cast(period_start as date) as period_start,
        cast(period_end as date) as period_end,
        action as correction_action,
        cast(expected_value as double) as expected_value,
        {{ blank_to_null('corrected_value', 'double') }} as corrected_value,
        reason as correction_reason,
        author as correction_author,
        cast(decided_on as date) as corrected_on,
        source as correction_source
    from corrections

)

select * from final
