"""The demonstration: the village of the story, on a clock that runs faster than life."""
