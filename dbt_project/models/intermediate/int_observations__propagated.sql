-- A rate computed here has the errors of both its parts, taken as independent; shared by its parts alone, an error would cancel.
with derived as (

    select * from {{ ref('int_observations__derived') }}

),

measured as (

    select * from {{ ref('int_observations__measured') }}

),

indicators as (

    select * from {{ ref('stg_registry__indicators') }}

),

units as (

    select * from {{ ref('stg_registry__units') }}

),

method_kinds as (

    select * from {{ ref('stg_registry__method_kinds') }}

),

propagated as (

    select
        derived.observation_id,
        abs(derived.harmonised_value) * sqrt(pow(numerators.relative_error, 2) + pow(denominators.relative_error, 2)) as standard_error,
        {{ error_base('derived.harmonised_value', 'indicators', 'units') }} as error_base,
        case
            when 'kind_default' in (numerators.error_basis, denominators.error_basis) then 'kind_default'
            when 'declared' in (numerators.error_basis, denominators.error_basis) then 'declared'
            else 'standard_error'
        end as error_basis,
        case when numerators.source_kind = denominators.source_kind then numerators.source_kind else 'computed' end as source_kind,
        case when numerators.shared_error_key = denominators.shared_error_key then numerators.shared_error_key end as shared_error_key
    from derived
    inner join measured as numerators on derived.numerator_observation_id = numerators.observation_id
    inner join measured as denominators on derived.denominator_observation_id = denominators.observation_id
    inner join indicators on derived.indicator_code = indicators.indicator_code
    inner join units on indicators.indicator_unit_code = units.unit_code

),

final as (

    select
        propagated.observation_id,
        case when propagated.error_base > 0 then propagated.standard_error / propagated.error_base else 0 end as relative_error,
        propagated.standard_error,
        propagated.error_basis,
        propagated.source_kind,
        method_kinds.method_name as source_kind_name,
        propagated.shared_error_key
    from propagated
    inner join method_kinds on propagated.source_kind = method_kinds.method_code

)

select * from final
