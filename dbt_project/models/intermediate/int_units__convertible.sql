-- Every unit converts to itself; everything else is a reviewed factor, and the days of a year where a rate per day meets one per year.
with units as (

    select * from {{ ref('stg_registry__units') }}

),

conversions as (

    select * from {{ ref('unit_conversions') }}

),

final as (

    select
        unit_code as from_unit_code,
        unit_code as to_unit_code,
        cast(1 as double) as conversion_factor,
        0 as year_days_power
    from units

    union all

    select
        from_unit_code,
        to_unit_code,
        cast(factor as double) as conversion_factor,
        year_days_power
    from conversions

)

select * from final
