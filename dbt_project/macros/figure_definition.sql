{#- The definition in a figure's key: what it was declared to count, even where it is bridged, or whether one is known at all. -#}
{#- Two figures bridged to one reference are two figures; in series and comparisons both count under the reference. -#}
{% macro figure_definition(row) -%}
    case
            when {{ row }}.definition_grade = 'bridged' then {{ row }}.definition_code
            else {{ series_definition(row) }}
        end
{%- endmacro %}
