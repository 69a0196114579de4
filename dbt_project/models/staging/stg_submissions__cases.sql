with cases as (

    select * from {{ source('submissions', 'cases') }}

),

final as (

    select
        {{ digest("concat_ws('|', submission_id, source_sheet, source_row, source_column)") }} as case_row_id,
        submission_id,
        source_sheet,
        cast(source_row as integer) as source_row,
        source_column,
        city_written,
        city_code,
        city_cell,
        case_written,
        case_cell,
        title_local,
        started_written,
        cast(started_year as integer) as started_year,
        started_cell,
        situation_text,
        action_text,
        result_text,
        lesson_text,
        indicators_written,
        indicators_cell,
        indicator_codes,
        unknown_indicators,
        goals_written,
        goals_cell,
        goal_set_codes,
        unknown_goals,
        source_note,
        comment_written,
        explanation_text
    from cases

)

select * from final
