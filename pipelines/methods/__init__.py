"""Statistics: arrays in, arrays out. No input or output, no clock, no word of a page."""
