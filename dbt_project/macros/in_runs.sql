{#- CTEs over figures as they were sent: `run_number` counts, within a key, the runs of figures sent one after another with one value; `has_source`. -#}
{% macro in_runs(sent) -%}
followed as (

    select
        {{ sent }}.*,
        {{ has_source(sent) }} as has_source,
        lag({{ sent }}.harmonised_value) over accepted as earlier_value,
        lag({{ sent }}.status_code) over accepted as earlier_status_code,
        lag({{ sent }}.reason_code) over accepted as earlier_reason_code
    from {{ sent }}
    window accepted as (
        partition by {{ figure_key(sent) }}
        order by {{ sent }}.accepted_seq asc, {{ sent }}.source_row asc, {{ sent }}.observation_id desc
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
{%- endmacro %}
