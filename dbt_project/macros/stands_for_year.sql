{#- Whether a figure may stand for its year: it spans one, or it is a date and the indicator is no amount or mean of a longer time. -#}
{% macro stands_for_year(observations, indicators) -%}
    (
        {{ days_in(observations ~ '.period_start', observations ~ '.period_end') }} between 350 and 380
        or (
            {{ observations }}.period_type = 'day'
            and {{ indicators }}.period_need in ('date_or_year', 'any')
            and {{ indicators }}.measure_kind <> 'period_flow'
        )
    )
{%- endmacro %}
