-- A rate nobody sent is computed when both parts stand for the same city, boundary and period; one that needs a year, of whole years only.
-- Where a part stands by several definitions, one is taken: the reference first, then a bridged one, then what nobody declared.
with resolved as (

    select * from {{ ref('int_observations__resolved') }}

),

parts as (

    select *
    from resolved
    where harmonised_value is not null
    qualify row_number() over (
        partition by city_code, boundary_code, indicator_code, period_start, period_end
        order by
            case definition_grade when 'reference' then 1 when 'single' then 2 when 'bridged' then 3 when 'not_declared' then 4 else 5 end asc,
            figure_definition_code asc
    ) = 1

),

derivations as (

    select * from {{ ref('derivations') }}

),

indicators as (

    select * from {{ ref('stg_registry__indicators') }}

),

units as (

    select * from {{ ref('stg_registry__units') }}

),

paired as (

    select
        derivations.indicator_code,
        indicators.indicator_unit_code,
        units.fraction_multiplier,
        numerators.observation_id as numerator_observation_id,
        numerators.submission_id,
        numerators.city_code,
        numerators.period_start,
        numerators.period_end,
        numerators.period_type,
        numerators.period_year,
        numerators.period_label,
        numerators.value_written as numerator_written,
        numerators.unit_written as numerator_unit,
        numerators.harmonised_value as numerator_value,
        numerators.boundary_code,
        numerators.definition_code as numerator_definition,
        denominators.harmonised_definition_code as denominator_definition_code,
        {{ said_of_parts('source_note') }} as source_note,
        {{ said_of_parts('source_publisher') }} as source_publisher,
        {{ said_of_parts('source_title') }} as source_title,
        {{ said_of_parts('source_locator') }} as source_locator,
        {{ said_of_parts('source_link') }} as source_link,
        {{ said_of_parts('source_licence') }} as source_licence,
        {{ said_of_parts('source_accessed') }} as source_accessed,
        case
            when numerators.method_code = denominators.method_code then numerators.method_code
            when coalesce(numerators.method_code, denominators.method_code) is not null then 'computed'
        end as method_code,
        numerators.source_sheet,
        numerators.source_row,
        numerators.source_column,
        denominators.observation_id as denominator_observation_id,
        denominators.value_written as denominator_written,
        denominators.unit_written as denominator_unit,
        denominators.definition_code as denominator_definition,
        denominators.harmonised_value as denominator_value,
        denominators.submission_id as denominator_submission_id,
        denominators.source_sheet as denominator_sheet,
        denominators.source_row as denominator_row,
        denominators.source_column as denominator_column
    from derivations
    inner join indicators on derivations.indicator_code = indicators.indicator_code
    inner join units on indicators.indicator_unit_code = units.unit_code
    inner join parts as numerators on derivations.numerator_indicator_code = numerators.indicator_code
    inner join parts as denominators
        on derivations.denominator_indicator_code = denominators.indicator_code
        and numerators.city_code = denominators.city_code
        and numerators.boundary_code = denominators.boundary_code
        and numerators.period_start = denominators.period_start
        and numerators.period_end = denominators.period_end
    left join resolved as reported
        on derivations.indicator_code = reported.indicator_code
        and numerators.city_code = reported.city_code
        and numerators.boundary_code = reported.boundary_code
        and numerators.period_start = reported.period_start
        and numerators.period_end = reported.period_end
        and reported.harmonised_value is not null
    where
        reported.observation_id is null
        and (indicators.period_need <> 'year' or {{ days_in('numerators.period_start', 'numerators.period_end') }} between 350 and 380)
        and denominators.harmonised_value > 0

),

final as (

    select
        {{ digest("concat_ws('|', indicator_code, numerator_observation_id)") }} as observation_id,
        numerator_observation_id,
        denominator_observation_id,
        submission_id,
        city_code,
        indicator_code,
        period_start,
        period_end,
        period_type,
        period_year,
        period_label,
        indicator_unit_code as unit_code,
        numerator_value / denominator_value * fraction_multiplier as harmonised_value,
        boundary_code,
        denominator_definition_code,
        source_note,
        source_publisher,
        source_title,
        source_locator,
        source_link,
        source_licence,
        source_accessed,
        method_code,
        concat(
            numerator_written, ' ', numerator_unit, ' / ', denominator_written, ' ', denominator_unit, ' x ', cast(fraction_multiplier as varchar)
        ) as computation_note,
        source_sheet,
        source_row,
        source_column,
        concat(
            'derived: ', concat_ws(' ', numerator_written, numerator_unit, numerator_definition), ' (', source_column, cast(source_row as varchar), ') / ',
            concat_ws(' ', denominator_written, denominator_unit, denominator_definition), ' (', denominator_column, cast(denominator_row as varchar),
            case
                when denominator_submission_id <> submission_id then concat(' of ', denominator_submission_id)
                when denominator_sheet <> source_sheet then concat(' of sheet ', denominator_sheet)
                else ''
            end,
            ') x ', cast(fraction_multiplier as varchar)
        ) as conversion_steps
    from paired

)

select * from final
