with touched as (

    select * from {{ ref('int_observations__touched') }}

),

resolved as (

    select * from {{ ref('int_observations__resolved') }}
    where city_code in (select touched.city_code from touched)

),

derived as (

    select * from {{ ref('int_observations__derived') }}
    where city_code in (select touched.city_code from touched)

),

measured as (

    select * from {{ ref('int_observations__measured') }}

),

propagated as (

    select * from {{ ref('int_observations__propagated') }}

),

missing_replaced as (

    select
        resolved.observation_id,
        derived.observation_id is not null and resolved.harmonised_value is null as is_replaced
    from resolved
    left join derived
        on resolved.city_code = derived.city_code
        and resolved.indicator_code = derived.indicator_code
        and resolved.boundary_code = derived.boundary_code
        and resolved.harmonised_definition_code is null
        and resolved.period_start = derived.period_start
        and resolved.period_end = derived.period_end

),

final as (

    select
        resolved.observation_id,
        resolved.submission_id,
        resolved.city_code,
        resolved.indicator_code,
        resolved.period_start,
        resolved.period_end,
        resolved.period_type,
        resolved.period_year,
        resolved.period_label,
        resolved.value_written,
        resolved.unit_written,
        resolved.reported_unit_code,
        resolved.reported_value,
        resolved.numerator_value,
        resolved.denominator_value,
        resolved.harmonised_value,
        resolved.unit_code,
        resolved.status_code,
        resolved.reason_code,
        resolved.boundary_code,
        resolved.definition_code,
        resolved.harmonised_definition_code,
        resolved.definition_grade,
        resolved.figure_definition_code,
        cast(null as varchar) as denominator_definition_code,
        resolved.quality_code,
        resolved.source_note,
        resolved.comment_written,
        resolved.explanation_text,
        resolved.source_publisher,
        resolved.source_title,
        resolved.source_locator,
        resolved.source_link,
        resolved.source_licence,
        resolved.source_accessed,
        resolved.method_code,
        resolved.computation_note,
        measured.relative_error,
        measured.standard_error,
        measured.error_basis,
        measured.source_kind,
        measured.source_kind_name,
        measured.shared_error_key,
        resolved.source_sheet,
        resolved.source_row,
        resolved.source_column,
        resolved.conversion_steps
    from resolved
    inner join missing_replaced on resolved.observation_id = missing_replaced.observation_id
    inner join measured on resolved.observation_id = measured.observation_id
    where not missing_replaced.is_replaced

    union all

    select
        derived.observation_id,
        derived.submission_id,
        derived.city_code,
        derived.indicator_code,
        derived.period_start,
        derived.period_end,
        derived.period_type,
        derived.period_year,
        derived.period_label,
        null as value_written,
        null as unit_written,
        null as reported_unit_code,
        null as reported_value,
        cast(null as double) as numerator_value,
        cast(null as double) as denominator_value,
        derived.harmonised_value,
        derived.unit_code,
        'derived' as status_code,
        null as reason_code,
        derived.boundary_code,
        null as definition_code,
        null as harmonised_definition_code,
        'derived' as definition_grade,
        'single' as figure_definition_code,
        derived.denominator_definition_code,
        'not_declared' as quality_code,
        derived.source_note,
        null as comment_written,
        null as explanation_text,
        derived.source_publisher,
        derived.source_title,
        derived.source_locator,
        derived.source_link,
        derived.source_licence,
        derived.source_accessed,
        derived.method_code,
        derived.computation_note,
        propagated.relative_error,
        propagated.standard_error,
        propagated.error_basis,
        propagated.source_kind,
        propagated.source_kind_name,
        propagated.shared_error_key,
        derived.source_sheet,
        derived.source_row,
        derived.source_column,
        derived.conversion_steps
    from derived
    inner join propagated on derived.observation_id = propagated.observation_id

)

select * from final
