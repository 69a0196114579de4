with indicators as (

    select * from {{ ref('dim_indicators') }}

),

final as (

    select
        indicator_code,
        framework_code,
        edition,
        clause,
        theme,
        indicator_class,
        indicator_name,
        unit_code,
        unit_name,
        decimals,
        measure_kind,
        period_need,
        numerator_text,
        denominator_text,
        direction_code,
        valid_min,
        valid_max,
        plausible_min,
        plausible_max,
        focus_tags,
        name_confidence,
        class_confidence,
        definition_confidence,
        indicator_note
    from indicators
    order by indicator_code

)

select * from final
