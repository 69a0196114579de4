{#- Before rows of touched cities are put in anew, those that stood are taken out; a city may have fewer rows than before. -#}
{% macro forget_touched_cities(touched='int_observations__touched') -%}
    {%- if is_incremental() -%}
        delete from {{ this }} where city_code in (select city_code from {{ ref(touched) }})
    {%- endif -%}
{%- endmacro %}
