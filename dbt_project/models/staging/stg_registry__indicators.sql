with indicators as (

    select * from {{ source('registry', 'indicators') }}

),

final as (

    select
        indicator_code,
        framework_code,
        edition,
        clause,
        theme,
        indicator_class,
        name_en as indicator_name,
        unit_code as indicator_unit_code,
        measure_kind,
        period_need,
        {{ blank_to_null('numerator') }} as numerator_text,
        {{ blank_to_null('denominator') }} as denominator_text,
        direction as direction_code,
        {{ blank_to_null('valid_min', 'double') }} as valid_min,
        {{ blank_to_null('valid_max', 'double') }} as valid_max,
        {{ blank_to_null('plausible_min', 'double') }} as plausible_min,
        {{ blank_to_null('plausible_max', 'double') }} as plausible_max,
        {{ blank_to_null('focus') }} as focus_tags,
        name_confidence,
        class_confidence,
        definition_confidence,
        {{ blank_to_null('note') }} as indicator_note,
        {{ blank_to_null('decimals', 'integer') }} as decimals,
        {{ blank_to_null('pollutant') }} as pollutant
    from indicators

)

select * from final
