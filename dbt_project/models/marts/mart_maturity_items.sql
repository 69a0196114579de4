with maturity_items as (

    select * from {{ ref('dim_maturity_items') }}

),

final as (

    select
        scheme_code,
        item_code,
        item_kind,
        item_group,
        item_principle,
        item_name,
        item_name_ko,
        item_text,
        level1_text,
        level2_text,
        level3_text,
        level4_text,
        level5_text,
        item_confidence,
        item_source
    from maturity_items
    order by scheme_code, item_code

)

select * from final
