{#- What tells one figure from every other; `row` is the relation that holds the columns, where the model reads several. -#}
{% macro figure_key(row='') -%}
    {%- set of = row ~ '.' if row else '' -%}
    {{ of }}city_code, {{ of }}boundary_code, {{ of }}indicator_code, {{ of }}figure_definition_code, {{ of }}period_start, {{ of }}period_end
{%- endmacro %}
