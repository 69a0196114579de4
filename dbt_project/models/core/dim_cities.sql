with cities as (

    select * from {{ ref('stg_registry__cities') }}

),

members as (

    select * from {{ ref('stg_registry__members') }}

),

final as (

    select
        cities.city_code,
        cities.city_name,
        cities.city_name_local,
        cities.member_code,
        members.member_name,
        cities.city_boundary_code,
        cities.latitude,
        cities.longitude,
        cities.iso3166_2_code,
        cities.geonames_id,
        cities.wikidata_id
    from cities
    inner join members on cities.member_code = members.member_code

)

select * from final
