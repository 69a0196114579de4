with links as (

    select * from {{ ref('fct_case_links') }}

),

final as (

    select
        case_id,
        link_kind,
        linked_code,
        linked_name
    from links
    order by case_id, link_kind, linked_code

)

select * from final
