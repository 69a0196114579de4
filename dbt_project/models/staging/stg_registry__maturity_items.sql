with maturity_items as (

    select * from {{ source('registry', 'maturity_items') }}

),

final as (

    select
        scheme_code,
        id as item_code,
        row_type as item_kind,
        {{ blank_to_null('"group"') }} as item_group,
        {{ blank_to_null('principle') }} as item_principle,
        name as item_name,
        {{ blank_to_null('name_ko') }} as item_name_ko,
        {{ blank_to_null('what_is_judged') }} as item_text,
        {{ blank_to_null('level1') }} as level1_text,
        {{ blank_to_null('level2') }} as level2_text,
        {{ blank_to_null('level3') }} as level3_text,
        {{ blank_to_null('level4') }} as level4_text,
        {{ blank_to_null('level5') }} as level5_text,
        confidence as item_confidence,
        source as item_source
    from maturity_items

)

select * from final
