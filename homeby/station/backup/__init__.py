"""`homeby backup` and `homeby restore`: the whole station in one sealed file, and out of it."""
