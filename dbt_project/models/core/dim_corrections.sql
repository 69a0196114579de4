with corrections as (

    select * from {{ ref('stg_registry__corrections') }}

),

final as (

    select
        correction_code,
        city_code,
        indicator_code,
        correction_boundary_code,
        correction_definition_code,
        period_start,
        period_end,
        correction_action,
        expected_value,
        corrected_value,
        correction_reason,
        correction_author,
        corrected_on,
        correction_source
    from corrections

)

select * from final
