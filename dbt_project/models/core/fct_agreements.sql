with agreements as (

    select * from {{ ref('stg_scored__agreements') }}

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

)

select * from final
