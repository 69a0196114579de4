"""From a file to cells to reported observations; knows no database."""
