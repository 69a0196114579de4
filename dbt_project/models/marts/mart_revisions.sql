with revisions as (

    select * from {{ ref('fct_revisions') }}

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

final as (

    select
        revisions.observation_id,
        revisions.submission_id,
        revisions.city_code,
        cities.city_name,
        revisions.indicator_code,
        indicators.indicator_name,
        revisions.period_start,
        revisions.period_end,
        revisions.period_label,
        revisions.revision_number,
        revisions.n_revisions,
        revisions.accepted_seq,
        revisions.harmonised_value,
        revisions.previous_revision_value,
        revisions.relative_revision,
        revisions.unit_code,
        revisions.status_code,
        revisions.boundary_code,
        revisions.figure_definition_code,
        revisions.source_note,
        revisions.source_address,
        revisions.revision_state,
        submissions.source_file_name
    from revisions
    inner join cities on revisions.city_code = cities.city_code
    inner join indicators on revisions.indicator_code = indicators.indicator_code
    inner join submissions on revisions.submission_id = submissions.submission_id
    order by
        revisions.city_code,
        revisions.indicator_code,
        revisions.period_start,
        revisions.period_end,
        revisions.boundary_code,
        revisions.figure_definition_code,
        revisions.revision_number

)

select * from final
