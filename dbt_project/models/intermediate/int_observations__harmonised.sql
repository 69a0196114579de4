-- Units, magnitudes and the sender's own numerator and denominator become one number in the indicator's unit.
-- A rate changes by its own time unit, with the days of the year that it lies in: the length of the period never scales it.
with observations as (

    select * from {{ ref('stg_submissions__observations') }}

),

recoded as (

    select * from {{ ref('int_observations__recoded') }}

),

dated as (

    select * from {{ ref('int_observations__dated') }}

),

indicators as (

    select * from {{ ref('stg_registry__indicators') }}

),

units as (

    select * from {{ ref('stg_registry__units') }}

),

convertible as (

    select * from {{ ref('int_units__convertible') }}

),

factors as (

    select
        observations.observation_id,
        observations.reported_value,
        observations.standard_error_value,
        observations.unit_code,
        observations.numerator_value,
        observations.denominator_value,
        indicators.indicator_unit_code,
        units.fraction_multiplier,
        convertible.conversion_factor,
        convertible.year_days_power,
        case
            when convertible.year_days_power <> 0 then {{ days_of_year('dated.period_start', 'dated.period_end') }}
            else 1
        end as n_days
    from observations
    left join recoded on observations.observation_id = recoded.observation_id
    left join dated on observations.observation_id = dated.observation_id
    left join indicators on recoded.harmonised_indicator_code = indicators.indicator_code
    left join units on indicators.indicator_unit_code = units.unit_code
    left join convertible
        on observations.unit_code = convertible.from_unit_code
        and indicators.indicator_unit_code = convertible.to_unit_code

),

final as (

    select
        observation_id,
        indicator_unit_code,
        conversion_factor,
        reported_value * conversion_factor * pow(n_days, year_days_power) as harmonised_value,
        case when reported_value is not null then standard_error_value * conversion_factor * pow(n_days, year_days_power) end as published_error,
        case
            when denominator_value > 0 then numerator_value / denominator_value * fraction_multiplier
        end as derived_value,
        case
            when reported_value is null or n_days is null then null
            when year_days_power <> 0
                then concat(
                    unit_code, ' x ', cast(conversion_factor as varchar), case when year_days_power > 0 then ' x ' else ' / ' end,
                    cast(n_days as varchar), ' days of its year -> ', indicator_unit_code
                )
            when unit_code <> indicator_unit_code
                then concat(unit_code, ' x ', cast(conversion_factor as varchar), ' -> ', indicator_unit_code)
        end as conversion_step
    from factors

)

select * from final
