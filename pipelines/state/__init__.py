"""Submissions, ledger and editions in a relational database."""
