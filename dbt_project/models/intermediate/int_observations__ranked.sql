-- Every accepted figure of each key, the one that stands first: those of this build's submissions beside those that stood before.
-- The latest stands; but a value sent again without a source does not displace the same value with one.
with joined as (

    select * from {{ ref('int_observations__joined') }}

),

{% if is_incremental() %}
earlier as (

    select * from {{ this }}

),
{% endif %}

taken_in as (

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        period_start,
        period_end,
        period_type,
        period_year,
        period_label,
        value_written,
        unit_written,
        reported_unit_code,
        reported_value,
        numerator_value,
        denominator_value,
        harmonised_value,
        unit_code,
        status_code,
        reason_code,
        boundary_code,
        definition_code,
        harmonised_definition_code,
        definition_grade,
        figure_definition_code,
        quality_code,
        source_note,
        comment_written,
        explanation_text,
        source_publisher,
        source_title,
        source_locator,
        source_link,
        source_licence,
        source_accessed,
        method_code,
        computation_note,
        source_sheet,
        source_row,
        source_column,
        conversion_steps,
        accepted_seq
    from joined
    {% if is_incremental() %}
    union all

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        period_start,
        period_end,
        period_type,
        period_year,
        period_label,
        value_written,
        unit_written,
        reported_unit_code,
        reported_value,
        numerator_value,
        denominator_value,
        harmonised_value,
        unit_code,
        status_code,
        reason_code,
        boundary_code,
        definition_code,
        harmonised_definition_code,
        definition_grade,
        figure_definition_code,
        quality_code,
        source_note,
        comment_written,
        explanation_text,
        source_publisher,
        source_title,
        source_locator,
        source_link,
        source_licence,
        source_accessed,
        method_code,
        computation_note,
        source_sheet,
        source_row,
        source_column,
        conversion_steps,
        accepted_seq
    from earlier
    where
        city_code in (select joined.city_code from joined)
        and submission_id not in (select joined.submission_id from joined)
    {% endif %}

),

followed as (

    select
        taken_in.*,
        {{ has_source('taken_in') }} as has_source,
        lag(taken_in.harmonised_value) over accepted as earlier_value,
        lag(taken_in.status_code) over accepted as earlier_status_code,
        lag(taken_in.reason_code) over accepted as earlier_reason_code
    from taken_in
    window accepted as (
        partition by {{ figure_key('taken_in') }}
        order by taken_in.accepted_seq asc, taken_in.source_row asc, taken_in.observation_id desc
    )

),

compared as (

    select
        followed.*,
        coalesce(
            abs(followed.harmonised_value - followed.earlier_value) <= 1e-9 * greatest(1, abs(followed.earlier_value)),
            followed.harmonised_value is null and followed.earlier_value is null
        )
        and coalesce(followed.status_code, '') = coalesce(followed.earlier_status_code, '')
        and coalesce(followed.reason_code, '') = coalesce(followed.earlier_reason_code, '') as is_repeat
    from followed

),

-- Figures sent one after another with one value are one run; the run that was sent last stands.
in_runs as (

    select
        compared.*,
        count(*) filter (where not compared.is_repeat) over (
            partition by {{ figure_key('compared') }}
            order by compared.accepted_seq asc, compared.source_row asc, compared.observation_id desc
            rows between unbounded preceding and current row
        ) as run_number
    from compared

),

final as (

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        period_start,
        period_end,
        period_type,
        period_year,
        period_label,
        value_written,
        unit_written,
        reported_unit_code,
        reported_value,
        numerator_value,
        denominator_value,
        harmonised_value,
        unit_code,
        status_code,
        reason_code,
        boundary_code,
        definition_code,
        harmonised_definition_code,
        definition_grade,
        figure_definition_code,
        quality_code,
        source_note,
        comment_written,
        explanation_text,
        source_publisher,
        source_title,
        source_locator,
        source_link,
        source_licence,
        source_accessed,
        method_code,
        computation_note,
        source_sheet,
        source_row,
        source_column,
        conversion_steps,
        accepted_seq,
        cast(
            row_number() over (
                partition by {{ figure_key() }}
                order by run_number desc, has_source desc, accepted_seq desc, source_row desc, observation_id asc
            ) as integer
        ) as recency_rank
    from in_runs

)

select * from final
