with set_items as (

    select * from {{ ref('dim_set_items') }}

),

final as (

    select
        set_code,
        indicator_code,
        set_version,
        set_name,
        set_name_ko,
        set_purpose,
        set_purpose_ko,
        set_adopter,
        set_source,
        set_confidence,
        set_position,
        topic_name,
        topic_name_ko,
        set_reason,
        n_cities_with_value,
        n_members_with_value,
        first_year_with_value,
        last_year_with_value
    from set_items
    order by set_code, set_position

)

select * from final
