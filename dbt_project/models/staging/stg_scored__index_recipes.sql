with index_recipes as (

    select * from {{ source('scored', 'index_recipes') }}

),

final as (

    select
        recipe_code,
        recipe_version,
        recipe_name,
        recipe_question,
        recipe_author,
        recipe_status,
        recipe_adopter,
        recipe_note,
        recipe_state,
        recipe_reason,
        recipe_sha256,
        recipe_text,
        cast(first_year as integer) as first_year,
        cast(last_year as integer) as last_year,
        cast(n_indicators as integer) as n_indicators,
        cast(n_cities as integer) as n_cities,
        cast(n_scored as integer) as n_scored,
        cast(n_ranked as integer) as n_ranked,
        cast(has_ranking as boolean) as has_ranking,
        cast(has_fixed_bar as boolean) as has_fixed_bar,
        cast(seed as integer) as seed,
        cast(n_runs as integer) as n_runs,
        cast(n_sensitivity_runs as integer) as n_sensitivity_runs,
        cast(n_top as integer) as n_top,
        cast(n_bands as integer) as n_bands,
        cast(dominance_share as double) as dominance_share,
        cast(sure_pairs_share as double) as sure_pairs_share,
        cast(mean_interval_width as double) as mean_interval_width,
        profile_reason
    from index_recipes

)

select * from final
