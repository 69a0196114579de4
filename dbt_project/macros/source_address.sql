{#- A cell of the sender's file as a person names it: B7, or Sheet!B7; `row` is the relation that holds its parts, where the model reads several. -#}
{% macro source_address(row='') -%}
    {%- set of = row ~ '.' if row else '' -%}
    case
            when {{ of }}source_sheet = '' then concat({{ of }}source_column, cast({{ of }}source_row as varchar))
            else concat({{ of }}source_sheet, '!', {{ of }}source_column, cast({{ of }}source_row as varchar))
        end
{%- endmacro %}
