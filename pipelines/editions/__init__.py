"""Freeze an edition and point to it."""
