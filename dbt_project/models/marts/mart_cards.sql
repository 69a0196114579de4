with cards as (

    select * from {{ ref('dim_cards') }}

),

final as (

    select
        indicator_code,
        language_code,
        card_title,
        card_meaning,
        card_formula,
        card_caution,
        card_source
    from cards
    order by indicator_code, language_code

)

select * from final
