"""From bytes to cells, behind limits; nothing here knows what a cell means."""
