"""The words of the house as types and errors; standard library only."""
