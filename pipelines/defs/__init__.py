"""Dagster only: assets, checks, sensors, resources."""
