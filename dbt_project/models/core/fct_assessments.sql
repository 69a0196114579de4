-- One assessment in short: what was published, what follows from the areas named, and what the unknown areas leave open.
with items as (

    select * from {{ ref('fct_assessed_items') }}

),

schemes as (

    select * from {{ ref('dim_maturity_schemes') }}

),

scheme_sizes as (

    select
        scheme_code,
        count(*) as n_scheme_areas
    from {{ ref('dim_maturity_items') }}
    where item_kind = 'area'
    group by scheme_code

),

summed as (

    select
        city_code,
        scheme_code,
        assessed_from,
        track_code,
        max(assessed_label) as assessed_label,
        max(submission_id) as submission_id,
        max(case when item_code = 'overall_level' then level_value end) as overall_level,
        max(case when item_code = 'mean_level' then level_value end) as mean_level,
        max(case when item_code = 'n_areas' then level_value end) as n_areas_published,
        max(case when item_code = 'n_areas_at_5' then level_value end) as n_at_5_published,
        max(case when item_code = 'n_areas_at_4' then level_value end) as n_at_4_published,
        count(*) filter (where item_kind = 'area') as n_areas_known,
        avg(level_value) filter (where item_kind = 'area') as mean_of_known,
        min(level_value) filter (where item_kind = 'area') as lowest_known,
        count(*) filter (where item_kind = 'area' and level_value = 5) as n_named_at_5,
        count(*) filter (where item_kind = 'area' and level_value = 4) as n_named_at_4,
        count(*) filter (where item_kind = 'area' and level_value < 4) as n_named_below,
        coalesce(sum(level_value) filter (where item_kind = 'area' and level_value < 4), 0) as sum_named_below,
        max(change_reason) as change_reason,
        max(source_note) as source_note,
        min(source_address) as source_address
    from items
    group by city_code, scheme_code, assessed_from, track_code

),

counted as (

    select
        summed.*,
        schemes.n_levels,
        schemes.award_level,
        schemes.validity_years,
        coalesce(summed.n_areas_published, scheme_sizes.n_scheme_areas) as n_areas,
        coalesce(summed.n_at_5_published, summed.n_named_at_5) as n_at_5,
        coalesce(summed.n_at_4_published, summed.n_named_at_4) as n_at_4,
        case
            when summed.n_at_5_published is not null and summed.n_at_4_published is not null then 3
            when summed.n_at_5_published is not null then 4
            else schemes.n_levels
        end as highest_unknown
    from summed
    inner join schemes on summed.scheme_code = schemes.scheme_code
    inner join scheme_sizes on summed.scheme_code = scheme_sizes.scheme_code

),

sized as (

    select
        counted.*,
        counted.n_areas - counted.n_at_5 - counted.n_at_4 - counted.n_named_below as n_unknown,
        5 * counted.n_at_5 + 4 * counted.n_at_4 + counted.sum_named_below as sum_known
    from counted

),

bounded as (

    select
        sized.*,
        (sized.sum_known + sized.n_unknown) / sized.n_areas as lowest_mean,
        (sized.sum_known + sized.highest_unknown * sized.n_unknown) / sized.n_areas as highest_mean
    from sized

),

final as (

    select
        city_code,
        scheme_code,
        assessed_from,
        track_code,
        assessed_label,
        submission_id,
        overall_level,
        mean_level,
        cast(n_areas as integer) as n_areas_assessed,
        cast(n_areas_known as integer) as n_areas_known,
        cast(n_at_5_published as integer) as n_areas_at_5,
        cast(n_at_4_published as integer) as n_areas_at_4,
        mean_of_known,
        lowest_known,
        case when n_unknown >= 0 then lowest_mean end as lowest_mean,
        case when n_unknown >= 0 then highest_mean end as highest_mean,
        lag(overall_level) over cycles as previous_level,
        lag(assessed_label) over cycles as previous_label,
        track_code = 'verifier' and coalesce(mean_level, overall_level) >= award_level as is_awarded,
        case
            when track_code = 'verifier' and coalesce(mean_level, overall_level) >= award_level
                then cast({{ day_after_months('assessed_from', 'validity_years * 12') }} as date)
        end as award_until,
        change_reason,
        source_note,
        source_address
    from bounded
    window cycles as (partition by city_code, scheme_code, track_code order by assessed_from)

)

select * from final
