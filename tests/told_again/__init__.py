"""The story of whoever is left out (`STORY.md` 84 to 103), told again with Homeby on."""
