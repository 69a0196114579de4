with maturity_schemes as (

    select * from {{ source('registry', 'maturity_schemes') }}

),

final as (

    select
        scheme_code,
        name_en as scheme_name,
        edition as scheme_edition,
        cast(n_levels as integer) as n_levels,
        {{ blank_to_null('award_level', 'double') }} as award_level,
        {{ blank_to_null('award_rule') }} as award_rule,
        {{ blank_to_null('validity_years', 'integer') }} as validity_years,
        source as scheme_source,
        confidence as scheme_confidence
    from maturity_schemes

)

select * from final
