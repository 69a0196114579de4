"""Schema versions of the state database, run by Alembic."""
