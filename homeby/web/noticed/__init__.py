"""The story of whoever is left out, told again with Homeby on: a page of the demonstration."""
