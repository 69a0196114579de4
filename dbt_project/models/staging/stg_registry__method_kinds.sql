with method_kinds as (

    select * from {{ source('registry', 'method_kinds') }}

),

final as (

    select
        method_code,
        name_en as method_name,
        says_how_measured = 'true' as says_how_measured,
        {{ blank_to_null('error_particles', 'double') }} as error_particles,
        {{ blank_to_null('error_gases', 'double') }} as error_gases,
        {{ blank_to_null('error_else', 'double') }} as error_else
    from method_kinds

)

select * from final
