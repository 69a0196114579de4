with use_conditions as (

    select * from {{ source('registry', 'use_conditions') }}

),

final as (

    select
        condition_code,
        condition as condition_kind,
        nullif(member_code, '') as member_code,
        nullif(city_code, '') as city_code,
        nullif(indicator_code, '') as indicator_code,
        reason as condition_reason,
        source as condition_source,
        cast(stated_on as date) as stated_on
    from use_conditions

)

select * from final
