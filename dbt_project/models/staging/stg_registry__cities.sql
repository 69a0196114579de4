with cities as (

    select * from {{ source('registry', 'cities') }}

),

local_names as (

    select
        city_code,
        min(name) as city_name_local
    from {{ source('registry', 'city_names') }}
    where kind = 'local'
    group by city_code

),

final as (

    select
        cities.city_code,
        cities.member_code,
        cities.name_en as city_name,
        local_names.city_name_local,
        cities.boundary_code as city_boundary_code,
        {{ blank_to_null('cities.latitude', 'double') }} as latitude,
        {{ blank_to_null('cities.longitude', 'double') }} as longitude,
        {{ blank_to_null('cities.iso3166_2_code') }} as iso3166_2_code,
        {{ blank_to_null('cities.geonames_id') }} as geonames_id,
        {{ blank_to_null('cities.wikidata_id') }} as wikidata_id
    from cities
    left join local_names on cities.city_code = local_names.city_code

)

select * from final
