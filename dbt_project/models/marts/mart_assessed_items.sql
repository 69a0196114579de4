with assessed_items as (

    select * from {{ ref('fct_assessed_items') }}

),

final as (

    select
        assessed_item_id,
        submission_id,
        city_code,
        scheme_code,
        assessed_from,
        assessed_label,
        track_code,
        item_code,
        item_kind,
        item_group,
        item_principle,
        item_name,
        level_written,
        level_value,
        target_level,
        level_target_year,
        action_text,
        evidence_text,
        evidence_owner,
        evidence_until,
        change_reason,
        source_note,
        comment_written,
        explanation_text,
        source_file_name,
        source_file_sha256,
        contract_version,
        source_address
    from assessed_items
    order by city_code, scheme_code, assessed_from, track_code, item_code

)

select * from final
