-- Cities whose rows this build makes anew, for the marts.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

final as (

    select city_code
    from touched

)

select * from final
