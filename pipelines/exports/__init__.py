"""One table description to screen, CSV and XLSX."""
