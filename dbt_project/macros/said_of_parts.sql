{#- What both parts of a computed rate say about their source: once where they say the same, else each part's own words. -#}
{% macro said_of_parts(column) -%}
    case
            when numerators.{{ column }} = denominators.{{ column }} then numerators.{{ column }}
            when coalesce(numerators.{{ column }}, denominators.{{ column }}) is not null
                then concat(
                        'numerator: ', coalesce(numerators.{{ column }}, 'not stated'), '; denominator: ', coalesce(denominators.{{ column }}, 'not stated')
                    )
        end
{%- endmacro %}
