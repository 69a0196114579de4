with cards as (

    select * from {{ source('registry', 'cards') }}

),

final as (

    select
        indicator_code,
        language as language_code,
        title as card_title,
        what_it_shows as card_meaning,
        how_it_is_made as card_formula,
        take_care as card_caution,
        source as card_source
    from cards

)

select * from final
