with index_scores as (

    select * from {{ ref('fct_index_scores') }}

),

final as (

    select
        recipe_code,
        city_code,
        score,
        score_low,
        score_high,
        coverage,
        n_available,
        n_filled,
        n_indicators,
        oldest_year,
        newest_year,
        weakest_quality_code,
        is_thin,
        rank_reason,
        rank_reason_text,
        rank_nominal,
        rank_median,
        rank_mean,
        rank_low,
        rank_high,
        top_share,
        tie_band,
        n_surely_above,
        n_surely_below
    from index_scores
    order by recipe_code, city_code

)

select * from final
