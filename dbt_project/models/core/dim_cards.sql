with cards as (

    select * from {{ ref('stg_registry__cards') }}

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

)

select * from final
