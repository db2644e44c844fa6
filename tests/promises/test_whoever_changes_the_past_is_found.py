"""P13: any change, removal or reordering of entries up to a checkpoint that is held outside is
found by `homeby verify`, though who did it owns the database, its guards and the key, and made
every hash anew. The ten thousand are `python -m tests.mutations`."""

from __future__ import annotations

import random

from tests.mutations.trial import Trial
from tests.world import World


def test_every_mutation_of_the_past_is_found_and_nothing_else(world: World) -> None:
    seed = random.randrange(2**32)
    trial = Trial(world=world, chance=random.Random(seed))
    trial.live()
    trial.mutate(25)
    trial.live_on(5)
    assert (trial.missed, trial.false) == ([], []), f"seed {seed}"
    assert trial.named > 0
