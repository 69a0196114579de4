with cities as (

    select * from {{ ref('dim_cities') }}

),

final as (

    select
        city_code,
        city_name,
        city_name_local,
        member_code,
        member_name,
        city_boundary_code,
        latitude,
        longitude,
        iso3166_2_code,
        geonames_id,
        wikidata_id
    from cities
    order by city_code

)

select * from final
