-- A correction applies to the one figure that stands, and only while that is the figure it was decided about.
-- Where several figures fit, boundary and definition must be named: none is taken by chance.
with corrections as (

    select * from {{ ref('stg_registry__corrections') }}

),

ranked as (

    select * from {{ ref('int_observations__ranked') }}

),

found as (

    select
        corrections.correction_code,
        ranked.observation_id,
        corrections.correction_action,
        corrections.corrected_value,
        concat(
            'correction ', corrections.correction_code, ': ', cast(corrections.expected_value as varchar), ' -> ',
            coalesce(cast(corrections.corrected_value as varchar), 'withdrawn'), ' (', corrections.correction_reason, '; ', corrections.correction_author, ', ',
            cast(corrections.corrected_on as varchar), ')'
        ) as correction_step
    from corrections
    inner join ranked
        on corrections.city_code = ranked.city_code
        and corrections.indicator_code = ranked.indicator_code
        and corrections.period_start = ranked.period_start
        and corrections.period_end = ranked.period_end
        and abs(ranked.harmonised_value - corrections.expected_value) <= 1e-9 * greatest(1, abs(corrections.expected_value))
    where
        ranked.recency_rank = 1
        and coalesce(corrections.correction_boundary_code, ranked.boundary_code) = ranked.boundary_code
        and coalesce(corrections.correction_definition_code, ranked.figure_definition_code) = ranked.figure_definition_code

),

final as (

    select
        correction_code,
        observation_id,
        correction_action,
        corrected_value,
        correction_step
    from found
    qualify count(*) over (partition by correction_code) = 1

)

select * from final
