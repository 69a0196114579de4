with index_recipes as (

    select * from {{ ref('stg_scored__index_recipes') }}

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
        first_year,
        last_year,
        n_indicators,
        n_cities,
        n_scored,
        n_ranked,
        has_ranking,
        has_fixed_bar,
        seed,
        n_runs,
        n_sensitivity_runs,
        n_top,
        n_bands,
        dominance_share,
        sure_pairs_share,
        mean_interval_width,
        profile_reason
    from index_recipes

)

select * from final
