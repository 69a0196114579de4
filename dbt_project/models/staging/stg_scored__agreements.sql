with agreements as (

    select * from {{ source('scored', 'agreements') }}

),

final as (

    select
        city_code,
        scheme_code,
        first_track,
        second_track,
        cast(n_areas_both as integer) as n_areas_both,
        share_equal,
        mean_gap,
        kappa
    from agreements

)

select * from final
