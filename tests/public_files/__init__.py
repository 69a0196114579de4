"""Publishers' own files, read with the answers a person would give."""
