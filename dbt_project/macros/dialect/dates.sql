{#- Functions whose spelling differs between engines; models use no engine's own names. -#}
{% macro make_date(year, month, day) -%}
    make_date({{ year }}, {{ month }}, {{ day }})
{%- endmacro %}

{% macro day_after_months(date, months) -%}
    cast({{ date }} + to_months({{ months }}) as date)
{%- endmacro %}

{% macro day_before(date) -%}
    cast({{ date }} - interval 1 day as date)
{%- endmacro %}

{% macro days_in(start_date, end_date) -%}
    (datediff('day', {{ start_date }}, {{ end_date }}) + 1)
{%- endmacro %}

{% macro digest(text) -%}
    md5({{ text }})
{%- endmacro %}
