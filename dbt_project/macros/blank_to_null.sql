{#- Registry files are text: an empty cell is null, anything else is cast. -#}
{% macro blank_to_null(column, type='varchar') -%}
    cast(nullif({{ column }}, '') as {{ type }})
{%- endmacro %}
