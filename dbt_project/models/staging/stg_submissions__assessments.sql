with assessments as (

    select * from {{ source('submissions', 'assessments') }}

),

final as (

    select
        {{ digest("concat_ws('|', submission_id, source_sheet, source_row, source_column)") }} as assessed_item_id,
        submission_id,
        source_sheet,
        cast(source_row as integer) as source_row,
        source_column,
        city_written,
        city_code,
        city_cell,
        scheme_written,
        scheme_code,
        scheme_cell,
        assessed_written,
        assessed_cell,
        {{ make_date('cast(assessed_year as integer)', 'cast(coalesce(assessed_month, 1) as integer)', 'cast(coalesce(assessed_day, 1) as integer)') }}
            as assessed_from,
        assessed_month is null as is_year_only,
        assessed_month is not null and assessed_day is null as is_month_only,
        track_written,
        track_code,
        track_cell,
        item_written,
        item_code,
        item_cell,
        level_written,
        cast(level_value as double) as level_value,
        cast(target_level as double) as target_level,
        cast(target_year as integer) as level_target_year,
        action_text,
        evidence_text,
        evidence_owner,
        cast(evidence_until as date) as evidence_until,
        change_reason,
        source_note,
        comment_written,
        explanation_text
    from assessments

)

select * from final
