with breaks as (

    select * from {{ source('registry', 'breaks') }}

),

final as (

    select
        indicator_code,
        {{ blank_to_null('member_code') }} as break_member_code,
        {{ blank_to_null('city_code') }} as break_city_code,
        cast(starts_on as date) as break_starts_on,
        reason as break_reason,
        source as break_source,
        confidence as break_confidence
    from breaks

)

select * from final
