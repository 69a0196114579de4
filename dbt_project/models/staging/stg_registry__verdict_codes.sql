with verdict_codes as (

    select * from {{ source('registry', 'verdict_codes') }}

),

final as (

    select
        verdict_code,
        name_en as verdict_name,
        cast(rank as integer) as verdict_rank,
        is_on_the_way = 'true' as is_on_the_way
    from verdict_codes

)

select * from final
