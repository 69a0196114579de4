-- What offices may mean by one indicator: the reference, and whether a sender must say which she follows.
with definitions as (

    select * from {{ ref('stg_registry__definitions') }}

),

final as (

    select
        indicator_code,
        max(case when definition_grade = 'reference' then definition_code end) as reference_definition_code,
        bool_or(definition_is_asked) as definition_is_asked,
        string_agg(definition_name, '; ' order by definition_grade desc, definition_code asc) as known_definitions
    from definitions
    group by indicator_code

)

select * from final
