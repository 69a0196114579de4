-- The indicators of each named set, and how far cities have sent them.
with set_items as (

    select * from {{ ref('stg_registry__set_items') }}

),

observations as (

    select * from {{ ref('fct_observations') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

covered as (

    select
        observations.indicator_code,
        cast(count(distinct observations.city_code) as integer) as n_cities_with_value,
        cast(count(distinct cities.member_code) as integer) as n_members_with_value,
        cast(min(year(observations.period_end)) as integer) as first_year_with_value,
        cast(max(year(observations.period_end)) as integer) as last_year_with_value
    from observations
    inner join cities on observations.city_code = cities.city_code
    where observations.harmonised_value is not null
    group by observations.indicator_code

),

final as (

    select
        set_items.set_code,
        set_items.indicator_code,
        set_items.set_version,
        set_items.set_name,
        set_items.set_name_ko,
        set_items.set_purpose,
        set_items.set_purpose_ko,
        set_items.set_adopter,
        set_items.set_source,
        set_items.set_confidence,
        set_items.set_position,
        set_items.topic_name,
        set_items.topic_name_ko,
        set_items.set_reason,
        coalesce(covered.n_cities_with_value, 0) as n_cities_with_value,
        coalesce(covered.n_members_with_value, 0) as n_members_with_value,
        covered.first_year_with_value,
        covered.last_year_with_value
    from set_items
    left join covered on set_items.indicator_code = covered.indicator_code

)

select * from final
