with touched as (

    select * from {{ ref('dim_touched_cities') }}

),

observations as (

    select * from {{ ref('fct_observations') }}
    where city_code in (select touched.city_code from touched)

),

cities as (

    select * from {{ ref('dim_cities') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

submissions as (

    select * from {{ ref('dim_submissions') }}

),

definitions as (

    select * from {{ ref('dim_definitions') }}

),

final as (

    select
        observations.observation_id,
        observations.city_code,
        cities.city_name,
        cities.city_name_local,
        cities.member_code,
        cities.member_name,
        observations.indicator_code,
        indicators.indicator_name,
        indicators.theme,
        indicators.direction_code,
        indicators.definition_confidence,
        observations.period_start,
        observations.period_end,
        observations.period_type,
        observations.period_year,
        observations.period_label,
        observations.value_written,
        observations.unit_written,
        observations.reported_unit_code,
        observations.reported_value,
        observations.numerator_value,
        observations.denominator_value,
        observations.harmonised_value,
        observations.unit_code,
        indicators.unit_name,
        indicators.decimals,
        observations.status_code,
        observations.reason_code,
        observations.boundary_code,
        observations.boundary_code = cities.city_boundary_code as has_city_boundary,
        observations.definition_code,
        definitions.definition_name,
        observations.harmonised_definition_code,
        observations.definition_grade,
        observations.figure_definition_code,
        observations.denominator_definition_code,
        observations.quality_code,
        observations.source_note,
        observations.comment_written,
        observations.explanation_text,
        observations.source_publisher,
        observations.source_title,
        observations.source_locator,
        observations.source_link,
        observations.source_licence,
        observations.source_accessed,
        observations.method_code,
        observations.computation_note,
        observations.relative_error,
        observations.standard_error,
        observations.error_basis,
        observations.source_kind,
        observations.source_kind_name,
        observations.shared_error_key,
        observations.submission_id,
        submissions.source_file_name,
        submissions.source_file_sha256,
        submissions.contract_version,
        observations.source_sheet,
        observations.source_row,
        observations.source_column,
        {{ source_address('observations') }} as source_address,
        observations.conversion_steps
    from observations
    inner join cities on observations.city_code = cities.city_code
    inner join indicators on observations.indicator_code = indicators.indicator_code
    inner join submissions on observations.submission_id = submissions.submission_id
    left join definitions
        on observations.indicator_code = definitions.indicator_code
        and observations.definition_code = definitions.definition_code
    order by
        observations.indicator_code,
        observations.city_code,
        observations.period_start,
        observations.period_end,
        observations.boundary_code,
        observations.figure_definition_code

)

select * from final
