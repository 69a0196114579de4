with members as (

    select * from {{ source('registry', 'members') }}

),

final as (

    select
        member_code,
        name_en as member_name,
        name_local as member_name_local,
        standards_body,
        cast(fiscal_year_start_month as integer) as fiscal_year_start_month,
        fiscal_year_named_by
    from members

)

select * from final
