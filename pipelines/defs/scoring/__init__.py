"""Assets between the core and the marts: what the methods compute."""
