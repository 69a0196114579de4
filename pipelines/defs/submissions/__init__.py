"""Code location ingest: what arrives, and its checks."""
