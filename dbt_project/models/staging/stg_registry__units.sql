with units as (

    select * from {{ source('registry', 'units') }}

),

final as (

    select
        unit_code,
        dimension as unit_dimension,
        name_en as unit_name,
        {{ blank_to_null('fraction_multiplier', 'double') }} as fraction_multiplier,
        is_over_year = 'true' as is_over_year,
        cast(decimals as integer) as decimals
    from units

)

select * from final
