-- Every row of this build's submissions with all that harmonisation made of it.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

recoded as (

    select * from {{ ref('int_observations__recoded') }}

),

dated as (

    select * from {{ ref('int_observations__dated') }}

),

bridged as (

    select * from {{ ref('int_observations__bridged') }}

),

cities as (

    select * from {{ ref('stg_registry__cities') }}

),

final as (

    select
        observations.observation_id,
        observations.submission_id,
        observations.city_code,
        recoded.harmonised_indicator_code as indicator_code,
        dated.period_start,
        dated.period_end,
        dated.period_type,
        dated.period_year,
        dated.period_label,
        observations.value_written,
        observations.unit_written,
        observations.unit_code as reported_unit_code,
        observations.reported_value,
        observations.numerator_value,
        observations.denominator_value,
        coalesce(bridged.harmonised_value, bridged.derived_value) as harmonised_value,
        bridged.published_error,
        bridged.indicator_unit_code as unit_code,
        case
            when observations.reported_value is null and bridged.derived_value is not null then 'derived'
            else observations.status_code
        end as status_code,
        case when bridged.derived_value is null then observations.reason_code end as reason_code,
        coalesce(observations.reported_boundary_code, cities.city_boundary_code) as boundary_code,
        observations.definition_code,
        bridged.harmonised_definition_code,
        bridged.definition_grade,
        bridged.figure_definition_code,
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
        observations.source_sheet,
        observations.source_row,
        observations.source_column,
        concat_ws(
            '; ',
            recoded.recoding_step,
            dated.dating_step,
            nullif(observations.parse_trail, ''),
            bridged.conversion_step,
            case
                when observations.reported_value is null and bridged.derived_value is not null
                    then concat('numerator ', observations.numerator_written, ' / denominator ', observations.denominator_written)
            end
        ) as conversion_steps,
        submissions.accepted_seq
    from observations
    inner join submissions on observations.submission_id = submissions.submission_id
    inner join recoded on observations.observation_id = recoded.observation_id
    inner join dated on observations.observation_id = dated.observation_id
    inner join bridged on observations.observation_id = bridged.observation_id
    inner join cities on observations.city_code = cities.city_code

)

select * from final
