with crosswalk as (

    select * from {{ ref('stg_registry__crosswalk') }}

),

final as (

    select
        from_code,
        to_code,
        relation,
        crosswalk_grade,
        crosswalk_confidence,
        crosswalk_note
    from crosswalk

)

select * from final
