with agreements as (

    select * from {{ ref('fct_agreements') }}

),

final as (

    select
        city_code,
        scheme_code,
        first_track,
        second_track,
        n_areas_both,
        share_equal,
        mean_gap,
        kappa
    from agreements
    order by city_code, scheme_code, first_track, second_track

)

select * from final
