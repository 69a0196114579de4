{% test is_empty(model) %}
{#- Any row is a fault. -#}
select *
from {{ model }}
{% endtest %}
