-- What the rules of the inbound contract are stated over: reported parts, harmonised value, limits.
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

series as (

    select * from {{ ref('int_observations__series') }}

),

relations as (

    select * from {{ ref('int_observations__relations') }}

),

indicators as (

    select * from {{ ref('stg_registry__indicators') }}

),

cities as (

    select * from {{ ref('stg_registry__cities') }}

),

final as (

    select
        observations.observation_id,
        observations.submission_id,
        submissions.member_code,
        submissions.as_of_date,
        observations.source_sheet,
        observations.source_row,
        observations.source_column,
        observations.city_written,
        observations.city_code,
        observations.city_cell,
        cities.member_code as city_member_code,
        observations.indicator_written,
        observations.reported_indicator_code as indicator_code,
        observations.indicator_match_state,
        observations.indicator_cell,
        recoded.harmonised_indicator_code,
        recoded.indicator_is_comparable,
        observations.period_written,
        observations.period_cell,
        observations.period_parse_state,
        dated.period_start,
        dated.period_end,
        observations.value_written,
        observations.reported_value,
        observations.value_parse_state,
        observations.status_code,
        observations.reason_code,
        observations.unit_written,
        observations.unit_code,
        observations.unit_cell,
        observations.numerator_written,
        observations.numerator_value,
        observations.numerator_cell,
        observations.denominator_written,
        observations.denominator_value,
        observations.denominator_cell,
        observations.fraction_parse_state,
        observations.standard_error_written,
        observations.standard_error_value,
        observations.standard_error_cell,
        observations.boundary_written,
        observations.reported_boundary_code as boundary_code,
        observations.boundary_cell,
        coalesce(observations.reported_boundary_code, cities.city_boundary_code) as figure_boundary_code,
        observations.definition_written,
        observations.definition_code,
        observations.definition_cell,
        bridged.figure_definition_code,
        bridged.definition_is_asked,
        bridged.known_definitions,
        observations.quality_code,
        observations.source_note,
        observations.comment_written,
        observations.source_publisher,
        observations.source_title,
        observations.source_locator,
        observations.source_link,
        coalesce(observations.source_locator, observations.source_note) as source_written,
        observations.source_cell,
        observations.source_first_year,
        observations.source_last_year,
        observations.method_written,
        observations.method_code,
        observations.method_cell,
        bridged.indicator_unit_code,
        bridged.conversion_factor,
        bridged.harmonised_value,
        bridged.derived_value,
        indicators.valid_min,
        indicators.valid_max,
        indicators.plausible_min,
        indicators.plausible_max,
        indicators.period_need,
        dated.period_type,
        {{ days_in('dated.period_start', 'dated.period_end') }} as n_period_days,
        series.n_series,
        series.series_median,
        series.previous_value,
        series.next_value,
        series.n_peers,
        series.peer_log_distance,
        series.peer_log_spread,
        relations.n_alike,
        relations.n_boundaries,
        relations.n_declared_beside,
        relations.whole_value,
        relations.group_limit,
        relations.n_in_group,
        relations.group_sum
    from observations
    inner join submissions on observations.submission_id = submissions.submission_id
    left join recoded on observations.observation_id = recoded.observation_id
    left join dated on observations.observation_id = dated.observation_id
    left join bridged on observations.observation_id = bridged.observation_id
    left join series on observations.observation_id = series.observation_id
    left join relations on observations.observation_id = relations.observation_id
    left join indicators on recoded.harmonised_indicator_code = indicators.indicator_code
    left join cities on observations.city_code = cities.city_code

)

select * from final
