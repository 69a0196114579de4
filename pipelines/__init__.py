"""citybench: one chain from a member's spreadsheet to a traceable edition."""
