{#- Twelve significant digits, so that processors that sum in another order give the same bytes. -#}
{% macro steady(expression) -%}
    cast(format('{:.11e}', cast({{ expression }} as double)) as double)
{%- endmacro %}
