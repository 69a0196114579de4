with indicator_links as (

    select * from {{ ref('dim_indicator_links') }}

),

final as (

    select
        from_code,
        to_code,
        relation,
        crosswalk_grade,
        crosswalk_confidence,
        crosswalk_note
    from indicator_links
    order by from_code, to_code, relation

)

select * from final
