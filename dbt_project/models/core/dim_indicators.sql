with indicators as (

    select * from {{ ref('stg_registry__indicators') }}

),

units as (

    select * from {{ ref('stg_registry__units') }}

),

final as (

    select
        indicators.indicator_code,
        indicators.framework_code,
        indicators.edition,
        indicators.clause,
        indicators.theme,
        indicators.indicator_class,
        indicators.indicator_name,
        indicators.indicator_unit_code as unit_code,
        units.unit_name,
        coalesce(indicators.decimals, units.decimals) as decimals,
        indicators.measure_kind,
        indicators.period_need,
        indicators.numerator_text,
        indicators.denominator_text,
        indicators.direction_code,
        indicators.valid_min,
        indicators.valid_max,
        indicators.plausible_min,
        indicators.plausible_max,
        indicators.focus_tags,
        indicators.name_confidence,
        indicators.class_confidence,
        indicators.definition_confidence,
        indicators.indicator_note
    from indicators
    inner join units on indicators.indicator_unit_code = units.unit_code

)

select * from final
