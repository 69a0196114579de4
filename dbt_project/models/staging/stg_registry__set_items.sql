with indicator_sets as (

    select * from {{ source('registry', 'indicator_sets') }}

),

set_items as (

    select * from {{ source('registry', 'indicator_set_items') }}

),

final as (

    select
        set_items.set_code,
        set_items.indicator_code,
        indicator_sets.version as set_version,
        indicator_sets.name_en as set_name,
        indicator_sets.name_ko as set_name_ko,
        indicator_sets.purpose_en as set_purpose,
        indicator_sets.purpose_ko as set_purpose_ko,
        indicator_sets.adopter as set_adopter,
        indicator_sets.source as set_source,
        indicator_sets.confidence as set_confidence,
        cast(set_items.position as integer) as set_position,
        set_items.topic_en as topic_name,
        set_items.topic_ko as topic_name_ko,
        set_items.reason as set_reason
    from set_items
    inner join indicator_sets on set_items.set_code = indicator_sets.set_code

)

select * from final
