with breaks as (

    select * from {{ ref('stg_registry__breaks') }}

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

)

select * from final
