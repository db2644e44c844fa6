"""Help and care: the door, the welfare desk, concerns, welfare checks."""
