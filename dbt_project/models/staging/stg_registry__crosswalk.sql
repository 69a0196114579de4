with crosswalk as (

    select * from {{ source('registry', 'crosswalk') }}

),

final as (

    select
        from_code,
        {{ blank_to_null('to_code') }} as to_code,
        relation,
        grade as crosswalk_grade,
        confidence as crosswalk_confidence,
        {{ blank_to_null('note') }} as crosswalk_note
    from crosswalk

)

select * from final
