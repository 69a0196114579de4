with source_kinds as (

    select * from {{ source('registry', 'source_kinds') }}

),

final as (

    select
        lower(trim(source_publisher)) as source_publisher,
        lower(trim(source_title)) as source_title,
        indicator_code,
        method_code
    from source_kinds

)

select * from final
