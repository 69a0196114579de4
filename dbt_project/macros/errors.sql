{#- A register's error for a figure: particles, gases and all else differ, as the indicator says. -#}
{% macro error_of(register, indicators) -%}
    case {{ indicators }}.pollutant
            when 'particles' then {{ register }}.error_particles
            when 'gases' then {{ register }}.error_gases
            else {{ register }}.error_else
        end
{%- endmacro %}
{#- What a relative error is a share of: the figure; of a share of a whole, the share or its rest, whichever is smaller. -#}
{% macro error_base(figure, indicators, units) -%}
    case
            when {{ units }}.unit_dimension = 'share' and {{ indicators }}.valid_min = 0
                then least(abs({{ figure }}), abs(coalesce({{ indicators }}.valid_max - {{ figure }}, {{ figure }})))
            else abs({{ figure }})
        end
{%- endmacro %}
