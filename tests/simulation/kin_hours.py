"""An hour that was promised to kin never passes: the watch has named the next one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from homeby.watch.models import KinNews

if TYPE_CHECKING:
    from tests.simulation.world_simulator import Simulation


def judge(world: Simulation) -> None:
    """Say which promised hours have passed though somebody watched who could have said a word."""
    for row in KinNews.objects.filter(next_at__lt=world.now).select_related("subject"):
        assert row.next_at is not None, "it was filtered by it"
        until = world.checkers.settled_by(row.next_at)
        if until is not None and until < world.now:
            outing = world.by_ref[row.subject.ref]
            world.checkers.broken(
                "P8", f"kin of {outing.name} were promised a word by {row.next_at:%d %H:%M:%S}."
            )
