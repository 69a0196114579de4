-- A calendar year put together from the months of fiscal years that cover it whole. Derived and flagged; the sent figures stay as they are.
with touched as (

    select * from {{ ref('int_observations__touched') }}

),

observations as (

    select * from {{ ref('fct_observations') }}
    where city_code in (select touched.city_code from touched)

),

units as (

    select * from {{ ref('stg_registry__units') }}

),

breaks as (

    select * from {{ ref('dim_breaks') }}

),

cities as (

    select * from {{ ref('dim_cities') }}

),

whole_years as (

    select
        observations.observation_id,
        observations.city_code,
        cities.member_code,
        observations.indicator_code,
        observations.boundary_code,
        observations.unit_code,
        {{ series_definition('observations') }} as series_definition_code,
        observations.period_start,
        observations.period_end,
        observations.period_label,
        observations.harmonised_value
    from observations
    inner join cities on observations.city_code = cities.city_code
    inner join units on observations.unit_code = units.unit_code
    where
        units.is_over_year
        and observations.harmonised_value is not null
        and observations.period_type = 'fiscal_year'
        and day(observations.period_start) = 1
        and month(observations.period_start) > 1
        and observations.period_end = {{ day_before(day_after_months('observations.period_start', 12)) }}
    -- One figure of a year: what was reported by the definition goes before what was bridged to it.
    qualify row_number() over (
        partition by observations.city_code, observations.indicator_code, observations.boundary_code, series_definition_code, observations.period_start
        order by (observations.definition_grade = 'bridged') asc, observations.figure_definition_code asc
    ) = 1

),

parts as (

    select
        whole_years.*,
        year(whole_years.period_start) as calendar_year,
        13 - month(whole_years.period_start) as n_months,
        month(whole_years.period_start) as first_month
    from whole_years

    union all

    select
        whole_years.*,
        year(whole_years.period_end) as calendar_year,
        month(whole_years.period_end) as n_months,
        month(whole_years.period_start) as first_month
    from whole_years

),

put_together as (

    select
        city_code,
        member_code,
        indicator_code,
        boundary_code,
        series_definition_code,
        unit_code,
        calendar_year,
        first_month,
        sum(harmonised_value * n_months / 12) as aligned_value,
        sum(n_months) as n_months_covered,
        count(*) as n_parts,
        string_agg(concat(cast(n_months as varchar), ' months of ', period_label), ', ' order by period_start) as aligned_parts,
        string_agg(observation_id, ' ' order by period_start) as part_observation_ids
    from parts
    group by city_code, member_code, indicator_code, boundary_code, series_definition_code, unit_code, calendar_year, first_month

),

final as (

    select
        {{ digest(
            "concat_ws('|', put_together.city_code, put_together.indicator_code, put_together.boundary_code,"
            " put_together.series_definition_code, cast(put_together.calendar_year as varchar), cast(put_together.first_month as varchar))"
        ) }} as aligned_id,
        put_together.city_code,
        put_together.indicator_code,
        put_together.boundary_code,
        put_together.series_definition_code,
        cast(put_together.calendar_year as integer) as calendar_year,
        put_together.aligned_value,
        put_together.unit_code,
        cast(put_together.n_parts as integer) as n_parts,
        put_together.aligned_parts,
        put_together.part_observation_ids
    from put_together
    where
        put_together.n_months_covered = 12
        and not exists (
            select 1
            from breaks
            where
                breaks.indicator_code = put_together.indicator_code
                and breaks.break_member_code = put_together.member_code
                and (breaks.break_city_code is null or breaks.break_city_code = put_together.city_code)
                and year(breaks.break_starts_on) between put_together.calendar_year - 1 and put_together.calendar_year + 1
        )

)

select * from final
