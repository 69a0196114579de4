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

{#- Days of the calendar year that a period lies in; of the twelve months from its first day where it runs over two. -#}
{% macro days_of_year(start_date, end_date) -%}
    case
        when year({{ start_date }}) = year({{ end_date }})
            then datediff('day', {{ make_date('year(' ~ start_date ~ ')', 1, 1) }}, {{ make_date('year(' ~ start_date ~ ') + 1', 1, 1) }})
        else datediff('day', {{ start_date }}, {{ day_after_months(start_date, 12) }})
    end
{%- endmacro %}

{% macro digest(text) -%}
    md5({{ text }})
{%- endmacro %}
