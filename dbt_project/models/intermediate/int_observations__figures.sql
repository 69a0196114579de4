-- Figures of a submission that have a city, an indicator and a period, in the indicator's unit.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

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
        coalesce(bridged.harmonised_value, bridged.derived_value) as figure,
        coalesce(observations.reported_boundary_code, cities.city_boundary_code) as boundary_code,
        bridged.figure_definition_code
    from observations
    inner join recoded on observations.observation_id = recoded.observation_id
    inner join dated on observations.observation_id = dated.observation_id
    inner join bridged on observations.observation_id = bridged.observation_id
    inner join cities on observations.city_code = cities.city_code
    where recoded.harmonised_indicator_code is not null and dated.period_start is not null

)

select * from final
