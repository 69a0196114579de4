-- One figure of each key stands, with what was decided about it; the others stay in their submissions.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

ranked as (

    select * from {{ ref('int_observations__ranked') }}

),

corrections as (

    select * from {{ ref('int_corrections__matched') }}

),

final as (

    select
        ranked.observation_id,
        ranked.submission_id,
        ranked.city_code,
        ranked.indicator_code,
        ranked.period_start,
        ranked.period_end,
        ranked.period_type,
        ranked.period_year,
        ranked.period_label,
        ranked.value_written,
        ranked.unit_written,
        ranked.reported_unit_code,
        ranked.reported_value,
        ranked.numerator_value,
        ranked.denominator_value,
        case
            when corrections.correction_code is null then ranked.harmonised_value
            when corrections.correction_action = 'replace' then corrections.corrected_value
        end as harmonised_value,
        -- A corrected figure is another number: what was published of the sent one's error says nothing of it.
        case when corrections.correction_code is null then ranked.published_error end as published_error,
        ranked.unit_code,
        case when corrections.correction_action = 'withdraw' then 'suppressed' else ranked.status_code end as status_code,
        case when corrections.correction_action = 'withdraw' then 'withdrawn' else ranked.reason_code end as reason_code,
        ranked.boundary_code,
        ranked.definition_code,
        ranked.harmonised_definition_code,
        ranked.definition_grade,
        ranked.figure_definition_code,
        ranked.quality_code,
        ranked.source_note,
        ranked.comment_written,
        ranked.explanation_text,
        ranked.source_publisher,
        ranked.source_title,
        ranked.source_locator,
        ranked.source_link,
        ranked.source_licence,
        ranked.source_accessed,
        ranked.method_code,
        ranked.computation_note,
        ranked.source_sheet,
        ranked.source_row,
        ranked.source_column,
        concat_ws('; ', nullif(ranked.conversion_steps, ''), corrections.correction_step) as conversion_steps
    from ranked
    left join corrections on ranked.observation_id = corrections.observation_id
    where ranked.recency_rank = 1 and ranked.city_code in (select touched.city_code from touched)

)

select * from final
