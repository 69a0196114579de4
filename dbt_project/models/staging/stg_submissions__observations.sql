with observations as (

    select * from {{ source('submissions', 'observations') }}

),

final as (

    select
        {{ digest("concat_ws('|', submission_id, source_sheet, source_row, source_column)") }} as observation_id,
        submission_id,
        source_sheet,
        cast(source_row as integer) as source_row,
        source_column,
        city_written,
        city_code,
        city_cell,
        indicator_written,
        indicator_code as reported_indicator_code,
        indicator_match_state,
        indicator_cell,
        period_written,
        period_cell,
        period_parse_state,
        period_calendar,
        cast(period_year as integer) as written_year,
        cast(period_month as integer) as written_month,
        cast(period_day as integer) as written_day,
        cast(period_months as integer) as written_months,
        value_written,
        cast(reported_value as double) as reported_value,
        value_parse_state,
        status_code,
        reason_code,
        status_mark,
        unit_written,
        unit_code,
        unit_cell,
        numerator_written,
        cast(numerator_value as double) as numerator_value,
        numerator_cell,
        denominator_written,
        cast(denominator_value as double) as denominator_value,
        denominator_cell,
        fraction_parse_state,
        boundary_written,
        boundary_code as reported_boundary_code,
        boundary_cell,
        definition_written,
        definition_code,
        definition_cell,
        quality_code,
        source_note,
        comment_written,
        explanation_text,
        source_publisher,
        source_title,
        source_locator,
        source_link,
        source_licence,
        source_accessed,
        source_cell,
        cast(source_first_year as integer) as source_first_year,
        cast(source_last_year as integer) as source_last_year,
        method_written,
        method_code,
        method_cell,
        computation_note,
        parse_trail
    from observations

)

select * from final
