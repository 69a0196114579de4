-- A correction applies to the figure that stands, and only while that is the figure it was decided about.
with corrections as (

    select * from {{ ref('stg_registry__corrections') }}

),

ranked as (

    select * from {{ ref('int_observations__ranked') }}

),

final as (

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
    where ranked.recency_rank = 1

)

select * from final
