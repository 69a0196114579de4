{#- Whether a figure says where it was taken from. -#}
{% macro has_source(row) -%}
    nullif(trim({{ row }}.source_note), '') is not null
{%- endmacro %}
