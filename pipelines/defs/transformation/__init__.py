"""The dbt component."""
