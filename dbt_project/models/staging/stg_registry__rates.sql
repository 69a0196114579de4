with rates as (

    select * from {{ source('registry', 'rates') }}

),

final as (

    select
        member_code,
        currency_code,
        cast(year as integer) as rate_year,
        kind as rate_kind,
        cast(value as double) as rate_value,
        {{ blank_to_null('base_year', 'integer') }} as rate_base_year,
        source as rate_source,
        vintage as rate_vintage
    from rates

)

select * from final
