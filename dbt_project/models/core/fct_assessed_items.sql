with resolved as (

    select * from {{ ref('int_assessments__resolved') }}

),

items as (

    select * from {{ ref('dim_maturity_items') }}

),

final as (

    select
        resolved.assessed_item_id,
        resolved.submission_id,
        resolved.city_code,
        resolved.scheme_code,
        resolved.assessed_from,
        case
            when resolved.is_year_only then substr(cast(resolved.assessed_from as varchar), 1, 4)
            when resolved.is_month_only then substr(cast(resolved.assessed_from as varchar), 1, 7)
            else cast(resolved.assessed_from as varchar)
        end as assessed_label,
        resolved.track_code,
        resolved.item_code,
        items.item_kind,
        items.item_group,
        items.item_principle,
        items.item_name,
        resolved.level_written,
        resolved.level_value,
        resolved.target_level,
        resolved.level_target_year,
        resolved.action_text,
        resolved.evidence_text,
        resolved.evidence_owner,
        resolved.evidence_until,
        resolved.change_reason,
        resolved.source_note,
        resolved.comment_written,
        resolved.explanation_text,
        resolved.source_file_name,
        resolved.source_file_sha256,
        resolved.contract_version,
        {{ source_address('resolved') }} as source_address
    from resolved
    inner join items on resolved.scheme_code = items.scheme_code and resolved.item_code = items.item_code

)

select * from final
