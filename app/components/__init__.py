"""Things pages draw with; they never query."""
