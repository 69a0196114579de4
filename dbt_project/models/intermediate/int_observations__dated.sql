-- Calendars become real dates here and nowhere else.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

submissions as (

    select * from {{ ref('stg_submissions__submissions') }}

),

members as (

    select * from {{ ref('stg_registry__members') }}

),

calendars as (

    select * from {{ ref('calendars') }}

),

hijri_years as (

    select * from {{ ref('hijri_years') }}

),

solar_hijri_years as (

    select * from {{ ref('solar_hijri_years') }}

),

western as (

    select
        observations.observation_id,
        observations.period_written,
        observations.period_calendar,
        observations.written_month,
        observations.written_day,
        observations.written_months,
        coalesce(hijri_years.starts_on, solar_hijri_years.starts_on) as hijri_starts_on,
        coalesce(hijri_years.ends_on, solar_hijri_years.ends_on) as hijri_ends_on,
        coalesce(calendars.is_fiscal, false) as is_fiscal,
        observations.written_year + calendars.year_offset as western_year,
        members.fiscal_year_start_month,
        case
            when observations.period_calendar = 'split_year'
                -- A year over two calendar years says nothing where the fiscal year is the calendar year.
                then case when members.fiscal_year_start_month > 1 then observations.written_year end
            when members.fiscal_year_named_by = 'end' then observations.written_year + calendars.year_offset - 1
            else observations.written_year + calendars.year_offset
        end as fiscal_start_year
    from observations
    inner join submissions on observations.submission_id = submissions.submission_id
    left join members on submissions.member_code = members.member_code
    left join calendars on observations.period_calendar = calendars.calendar_code
    left join hijri_years
        on observations.period_calendar = 'hijri' and observations.written_year = hijri_years.hijri_year
    left join solar_hijri_years
        on observations.period_calendar = 'solar_hijri' and observations.written_year = solar_hijri_years.solar_hijri_year

),

started as (

    select
        western.observation_id,
        western.period_written,
        western.period_calendar,
        western.written_month,
        western.written_day,
        western.written_months,
        western.is_fiscal,
        western.hijri_ends_on,
        case
            when western.hijri_starts_on is not null then western.hijri_starts_on
            when western.is_fiscal
                then {{ make_date('western.fiscal_start_year', 'western.fiscal_year_start_month', '1') }}
            else {{ make_date('western.western_year', 'coalesce(western.written_month, 1)', 'coalesce(western.written_day, 1)') }}
        end as period_start
    from western

),

ended as (

    select
        observation_id,
        period_written,
        period_calendar,
        is_fiscal,
        period_start,
        case
            when hijri_ends_on is not null then hijri_ends_on
            when written_day is not null and not is_fiscal then period_start
            when written_months is not null then {{ day_before(day_after_months('period_start', 'written_months')) }}
            when written_month is not null and not is_fiscal then {{ day_before(day_after_months('period_start', 1)) }}
            else {{ day_before(day_after_months('period_start', 12)) }}
        end as period_end,
        case
            when written_day is not null and not is_fiscal then 'day'
            when written_months = 3 then 'quarter'
            when written_months = 6 then 'half_year'
            when written_months = 12 then 'fiscal_year'
            when written_months is not null then 'years'
            when written_month is not null and not is_fiscal then 'month'
            when is_fiscal then 'fiscal_year'
            when hijri_ends_on is not null then 'hijri_year'
            else 'year'
        end as period_type
    from started

),

final as (

    select
        observation_id,
        period_start,
        period_end,
        period_type,
        cast(
            case
                when month(period_start) <= 4 then year(period_start)
                else year(period_end)
            end as integer
        ) as period_year,
        case
            when period_type = 'day' then cast(period_start as varchar)
            when period_type = 'month' then substr(cast(period_start as varchar), 1, 7)
            when period_type = 'year' then cast(year(period_start) as varchar)
            when period_type = 'fiscal_year' and month(period_start) = 1 then cast(year(period_start) as varchar)
            else concat(substr(cast(period_start as varchar), 1, 7), ' to ', substr(cast(period_end as varchar), 1, 7))
        end as period_label,
        case
            when period_calendar <> 'gregorian'
                then concat('calendar ', period_calendar, ': ', period_written, ' -> ', cast(period_start as varchar), ' to ', cast(period_end as varchar))
        end as dating_step
    from ended

)

select * from final
