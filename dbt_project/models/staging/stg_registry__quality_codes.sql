with quality_codes as (

    select * from {{ source('registry', 'quality_codes') }}

),

final as (

    select
        quality_code,
        {{ blank_to_null('error_particles', 'double') }} as error_particles,
        {{ blank_to_null('error_gases', 'double') }} as error_gases,
        {{ blank_to_null('error_else', 'double') }} as error_else
    from quality_codes

)

select * from final
