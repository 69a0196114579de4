-- Points of one city, indicator, boundary and definition that may be joined by a line: whole years first, days where no year stands.
-- What was reported by the definition goes before what was bridged to it.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

observations as (

    select * from {{ ref('fct_observations') }}
    where city_code in (select touched.city_code from touched)

),

cities as (

    select * from {{ ref('dim_cities') }}

),

breaks as (

    select * from {{ ref('dim_breaks') }}

),

eligible as (

    select
        observations.observation_id,
        observations.city_code,
        cities.member_code,
        observations.indicator_code,
        observations.boundary_code,
        observations.period_year,
        observations.period_start,
        observations.period_end,
        observations.harmonised_value,
        observations.unit_code,
        observations.status_code,
        observations.definition_grade = 'bridged' as is_bridged,
        observations.figure_definition_code,
        {{ series_definition('observations') }} as series_definition_code
    from observations
    inner join cities on observations.city_code = cities.city_code
    where
        observations.harmonised_value is not null
        and (observations.period_type = 'day' or {{ days_in('observations.period_start', 'observations.period_end') }} between 350 and 380)

),

segmented as (

    select
        eligible.observation_id,
        count(breaks.break_starts_on) as segment_number
    from eligible
    left join breaks
        on eligible.indicator_code = breaks.indicator_code
        and eligible.member_code = breaks.break_member_code
        and (breaks.break_city_code is null or eligible.city_code = breaks.break_city_code)
        and eligible.period_end >= breaks.break_starts_on
    group by eligible.observation_id

),

ranked as (

    select
        eligible.observation_id,
        eligible.city_code,
        eligible.member_code,
        eligible.indicator_code,
        eligible.boundary_code,
        eligible.series_definition_code,
        segmented.segment_number,
        eligible.period_year,
        eligible.harmonised_value,
        eligible.unit_code,
        eligible.status_code,
        row_number() over (
            partition by
                eligible.city_code, eligible.indicator_code, eligible.boundary_code, eligible.series_definition_code, eligible.period_year
            order by
                (eligible.period_start = eligible.period_end) asc,
                eligible.is_bridged asc,
                eligible.period_end desc,
                eligible.figure_definition_code asc
        ) as point_rank
    from eligible
    inner join segmented on eligible.observation_id = segmented.observation_id

),

final as (

    select
        {{ digest("concat_ws('|', city_code, indicator_code, boundary_code, series_definition_code, cast(segment_number as varchar))") }} as series_id,
        observation_id,
        city_code,
        member_code,
        indicator_code,
        boundary_code,
        series_definition_code,
        cast(segment_number as integer) as segment_number,
        period_year,
        harmonised_value,
        unit_code,
        status_code
    from ranked
    where point_rank = 1

)

select * from final
