with breaks as (

    select * from {{ ref('dim_breaks') }}

),

final as (

    select
        indicator_code,
        break_starts_on,
        break_member_code,
        break_city_code,
        break_reason,
        break_source,
        break_confidence
    from breaks
    order by indicator_code, break_member_code, break_starts_on

)

select * from final
