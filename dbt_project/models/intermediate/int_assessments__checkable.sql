-- What the rules of the maturity contract are stated over.
with assessments as (

    select * from {{ ref('stg_submissions__assessments') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

cities as (

    select * from {{ ref('stg_registry__cities') }}

),

schemes as (

    select * from {{ ref('stg_registry__maturity_schemes') }}

),

items as (

    select * from {{ ref('stg_registry__maturity_items') }}

),

joined as (

    select
        assessments.assessed_item_id,
        assessments.submission_id,
        submissions.member_code,
        submissions.as_of_date,
        assessments.source_sheet,
        assessments.source_row,
        assessments.source_column,
        assessments.city_written,
        assessments.city_code,
        assessments.city_cell,
        cities.member_code as city_member_code,
        assessments.scheme_written,
        assessments.scheme_code,
        assessments.scheme_cell,
        assessments.assessed_written,
        assessments.assessed_cell,
        assessments.assessed_from,
        assessments.track_written,
        assessments.track_code,
        assessments.track_cell,
        assessments.item_written,
        assessments.item_code,
        assessments.item_cell,
        coalesce(items.item_kind = 'area', false) as is_area,
        assessments.level_written,
        assessments.level_value,
        schemes.n_levels,
        assessments.target_level,
        assessments.evidence_text,
        assessments.evidence_until,
        assessments.source_note,
        assessments.comment_written,
        assessments.explanation_text
    from assessments
    inner join submissions on assessments.submission_id = submissions.submission_id
    left join cities on assessments.city_code = cities.city_code
    left join schemes on assessments.scheme_code = schemes.scheme_code
    left join items on assessments.scheme_code = items.scheme_code and assessments.item_code = items.item_code

),

final as (

    select
        assessed_item_id,
        submission_id,
        member_code,
        as_of_date,
        source_sheet,
        source_row,
        source_column,
        city_written,
        city_code,
        city_cell,
        city_member_code,
        scheme_written,
        scheme_code,
        scheme_cell,
        assessed_written,
        assessed_cell,
        assessed_from,
        track_written,
        track_code,
        track_cell,
        item_written,
        item_code,
        item_cell,
        is_area,
        level_written,
        level_value,
        n_levels,
        target_level,
        evidence_text,
        evidence_until,
        source_note,
        comment_written,
        explanation_text,
        count(*) filter (where is_area and level_value = 5) over cycle as n_named_at_5,
        count(*) filter (where is_area and level_value = 4) over cycle as n_named_at_4,
        max(case when item_code = 'n_areas' then level_value end) over cycle as n_areas
    from joined
    window cycle as (partition by submission_id, city_code, scheme_code, assessed_from, track_code)

)

select * from final
