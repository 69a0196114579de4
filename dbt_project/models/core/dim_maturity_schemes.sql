with schemes as (

    select * from {{ ref('stg_registry__maturity_schemes') }}

),

final as (

    select
        scheme_code,
        scheme_name,
        scheme_edition,
        n_levels,
        award_level,
        award_rule,
        validity_years,
        scheme_source,
        scheme_confidence
    from schemes

)

select * from final
