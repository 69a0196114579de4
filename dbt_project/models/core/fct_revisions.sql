-- How a figure changed from one submission to the next: every time it was sent, and why it stands or does not.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

ranked as (

    select * from {{ ref('int_observations__ranked') }}
    where city_code in (select touched.city_code from touched)

),

ordered as (

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        period_start,
        period_end,
        period_label,
        figure_definition_code,
        row_number() over told as revision_number,
        count(*) over (partition by {{ figure_key() }}) as n_revisions,
        recency_rank,
        max(case when recency_rank = 1 then accepted_seq end) over (partition by {{ figure_key() }}) as standing_seq,
        accepted_seq,
        harmonised_value,
        lag(harmonised_value) over told as previous_revision_value,
        unit_code,
        status_code,
        boundary_code,
        source_note,
        {{ source_address() }} as source_address
    from ranked
    window told as (partition by {{ figure_key() }} order by accepted_seq asc, source_row asc, observation_id desc)

),

final as (

    select
        observation_id,
        submission_id,
        city_code,
        indicator_code,
        period_start,
        period_end,
        period_label,
        cast(revision_number as integer) as revision_number,
        cast(n_revisions as integer) as n_revisions,
        accepted_seq,
        harmonised_value,
        previous_revision_value,
        case when previous_revision_value <> 0 then (harmonised_value - previous_revision_value) / previous_revision_value end as relative_revision,
        unit_code,
        status_code,
        boundary_code,
        figure_definition_code,
        source_note,
        source_address,
        case
            when recency_rank = 1 then 'stands'
            when accepted_seq > standing_seq then 'repeat_without_source'
            else 'replaced'
        end as revision_state
    from ordered
    where n_revisions > 1

)

select * from final
