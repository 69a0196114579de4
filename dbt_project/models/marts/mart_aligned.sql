with aligned as (

    select * from {{ ref('fct_aligned') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

indicators as (

    select * from {{ ref('dim_indicators') }}

),

final as (

    select
        aligned.aligned_id,
        aligned.city_code,
        cities.city_name,
        cities.member_name,
        aligned.indicator_code,
        indicators.indicator_name,
        aligned.boundary_code,
        aligned.series_definition_code,
        aligned.calendar_year,
        aligned.aligned_value,
        aligned.unit_code,
        aligned.n_parts,
        aligned.aligned_parts,
        aligned.part_observation_ids
    from aligned
    inner join cities on aligned.city_code = cities.city_code
    inner join indicators on aligned.indicator_code = indicators.indicator_code
    order by aligned.city_code, aligned.indicator_code, aligned.calendar_year

)

select * from final
