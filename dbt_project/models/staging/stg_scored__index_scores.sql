with index_scores as (

    select * from {{ source('scored', 'index_scores') }}

),

final as (

    select
        recipe_code,
        city_code,
        cast(score as double) as score,
        cast(score_low as double) as score_low,
        cast(score_high as double) as score_high,
        cast(coverage as double) as coverage,
        cast(n_available as integer) as n_available,
        cast(n_filled as integer) as n_filled,
        cast(n_indicators as integer) as n_indicators,
        cast(oldest_year as integer) as oldest_year,
        cast(newest_year as integer) as newest_year,
        weakest_quality_code,
        cast(is_thin as boolean) as is_thin,
        rank_reason,
        rank_reason_text,
        cast(rank_nominal as integer) as rank_nominal,
        cast(rank_median as integer) as rank_median,
        cast(rank_mean as double) as rank_mean,
        cast(rank_low as integer) as rank_low,
        cast(rank_high as integer) as rank_high,
        cast(top_share as double) as top_share,
        cast(tie_band as integer) as tie_band,
        cast(n_surely_above as integer) as n_surely_above,
        cast(n_surely_below as integer) as n_surely_below
    from index_scores

)

select * from final
