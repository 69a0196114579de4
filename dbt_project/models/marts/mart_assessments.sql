with assessments as (

    select * from {{ ref('fct_assessments') }}

),

final as (

    select
        city_code,
        scheme_code,
        assessed_from,
        track_code,
        assessed_label,
        submission_id,
        overall_level,
        mean_level,
        n_areas_assessed,
        n_areas_known,
        n_areas_at_5,
        n_areas_at_4,
        mean_of_known,
        lowest_known,
        lowest_mean,
        highest_mean,
        previous_level,
        previous_label,
        is_awarded,
        award_until,
        change_reason,
        source_note,
        source_address
    from assessments
    order by city_code, scheme_code, assessed_from, track_code

)

select * from final
