-- What the figure counts: brought to the reference definition where a factor is known, else kept apart and said so.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

recoded as (

    select * from {{ ref('int_observations__recoded') }}

),

harmonised as (

    select * from {{ ref('int_observations__harmonised') }}

),

definitions as (

    select * from {{ ref('stg_registry__definitions') }}

),

summarised as (

    select * from {{ ref('int_definitions__summarised') }}

),

graded as (

    select
        harmonised.observation_id,
        harmonised.indicator_unit_code,
        harmonised.conversion_factor,
        harmonised.harmonised_value,
        harmonised.published_error,
        harmonised.derived_value,
        harmonised.conversion_step,
        observations.definition_code,
        definitions.bridge_factor,
        definitions.bridge_offset,
        summarised.reference_definition_code,
        coalesce(summarised.definition_is_asked, false) as definition_is_asked,
        summarised.known_definitions,
        case
            when summarised.reference_definition_code is null then 'single'
            when definitions.definition_code is null then 'not_declared'
            else definitions.definition_grade
        end as definition_grade
    from harmonised
    inner join observations on harmonised.observation_id = observations.observation_id
    left join recoded on harmonised.observation_id = recoded.observation_id
    left join summarised on recoded.harmonised_indicator_code = summarised.indicator_code
    left join definitions
        on recoded.harmonised_indicator_code = definitions.indicator_code
        and observations.definition_code = definitions.definition_code

),

bridged as (

    select
        observation_id,
        indicator_unit_code,
        conversion_factor,
        case
            when definition_grade = 'bridged' then harmonised_value * bridge_factor + bridge_offset
            else harmonised_value
        end as harmonised_value,
        case when definition_grade = 'bridged' then published_error * abs(bridge_factor) else published_error end as published_error,
        case
            when definition_grade = 'bridged' then derived_value * bridge_factor + bridge_offset
            else derived_value
        end as derived_value,
        nullif(
            concat_ws(
                '; ',
                conversion_step,
                case
                    when definition_grade = 'bridged'
                        then concat(
                            'definition ', definition_code, ' x ', cast(bridge_factor as varchar), ' + ', cast(bridge_offset as varchar), ' -> ',
                            reference_definition_code
                        )
                end
            ),
            ''
        ) as conversion_step,
        definition_code,
        definition_grade,
        case
            when definition_grade = 'bridged' then reference_definition_code
            when definition_grade in ('reference', 'not_comparable') then definition_code
        end as harmonised_definition_code,
        definition_is_asked,
        known_definitions
    from graded

),

final as (

    select
        bridged.observation_id,
        bridged.indicator_unit_code,
        bridged.conversion_factor,
        bridged.harmonised_value,
        bridged.published_error,
        bridged.derived_value,
        bridged.conversion_step,
        bridged.definition_grade,
        bridged.harmonised_definition_code,
        {{ figure_definition('bridged') }} as figure_definition_code,
        bridged.definition_is_asked,
        bridged.known_definitions
    from bridged

)

select * from final
