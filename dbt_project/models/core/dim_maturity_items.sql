with items as (

    select * from {{ ref('stg_registry__maturity_items') }}

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
    from items

)

select * from final
