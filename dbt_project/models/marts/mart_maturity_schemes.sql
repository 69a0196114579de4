with maturity_schemes as (

    select * from {{ ref('dim_maturity_schemes') }}

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
    from maturity_schemes
    order by scheme_code

)

select * from final
