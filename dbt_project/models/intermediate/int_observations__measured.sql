-- How well each figure is measured: a published standard error, else a declared quality, else the default of its kind of source.
-- The kind is the sender's word where it says how the figure was measured, else what the register knows of the data set and indicator.
with resolved as (

    select * from {{ ref('int_observations__resolved') }}

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

quality_codes as (

    select * from {{ ref('stg_registry__quality_codes') }}

),

source_kinds as (

    select * from {{ ref('stg_registry__source_kinds') }}

),

kinds as (

    select
        resolved.observation_id,
        resolved.indicator_code,
        resolved.harmonised_value,
        resolved.published_error,
        resolved.quality_code,
        lower(trim(resolved.source_publisher)) as publisher,
        case
            when said.says_how_measured then said.method_code
            else coalesce(of_indicator.method_code, of_dataset.method_code, said.method_code, 'unknown')
        end as source_kind
    from resolved
    left join method_kinds as said on resolved.method_code = said.method_code
    left join source_kinds as of_indicator
        on lower(trim(resolved.source_publisher)) = of_indicator.source_publisher
        and lower(trim(resolved.source_title)) = of_indicator.source_title
        and resolved.indicator_code = of_indicator.indicator_code
    left join source_kinds as of_dataset
        on lower(trim(resolved.source_publisher)) = of_dataset.source_publisher
        and lower(trim(resolved.source_title)) = of_dataset.source_title
        and of_dataset.indicator_code = ''

),

errors as (

    select
        kinds.observation_id,
        kinds.harmonised_value,
        kinds.published_error,
        kinds.source_kind,
        method_kinds.method_name as source_kind_name,
        case when kinds.publisher <> '' and method_kinds.says_how_measured then concat(kinds.publisher, ' | ', kinds.source_kind) end as shared_error_key,
        {{ error_base('kinds.harmonised_value', 'indicators', 'units') }} as error_base,
        {{ error_of('quality_codes', 'indicators') }} as declared_error,
        {{ error_of('method_kinds', 'indicators') }} as kind_error
    from kinds
    inner join indicators on kinds.indicator_code = indicators.indicator_code
    inner join units on indicators.indicator_unit_code = units.unit_code
    inner join method_kinds on kinds.source_kind = method_kinds.method_code
    left join quality_codes on kinds.quality_code = quality_codes.quality_code

),

final as (

    select
        observation_id,
        case
            when harmonised_value is null then null
            when published_error is not null and error_base > 0 then published_error / error_base
            else coalesce(declared_error, kind_error)
        end as relative_error,
        case
            when harmonised_value is null then null
            when published_error is not null and error_base > 0 then published_error
            else coalesce(declared_error, kind_error) * error_base
        end as standard_error,
        case
            when harmonised_value is null then null
            when published_error is not null and error_base > 0 then 'standard_error'
            when declared_error is not null then 'declared'
            else 'kind_default'
        end as error_basis,
        source_kind,
        source_kind_name,
        shared_error_key
    from errors

)

select * from final
