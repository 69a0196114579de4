{#- What a series counts: the definition it was brought to, or whether one is known at all; only figures of one stand in one series. -#}
{% macro series_definition(row) -%}
    coalesce(
            {{ row }}.harmonised_definition_code, case when {{ row }}.definition_grade = 'not_declared' then 'not_declared' else 'single' end
        )
{%- endmacro %}
