"""Results: a scored period as rankings, persons, prizes and lists, frozen as text, and every number opened."""
