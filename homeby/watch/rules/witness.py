"""Whether a checkpoint of a partner station may be cosigned: only one that was shown to be the last
one, grown (c2sp.org/tlog-witness), and no other than what another partner was shown. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from homeby.logbook.tree import Head, is_grown

WANTED_MAX = 2  # sizes whose growth a witness asks for: of what it cosigned, of what it was told


class Standing(StrEnum):
    """How a checkpoint stands to one from before."""

    GROWN = "GROWN"
    UNSHOWN = "UNSHOWN"  # nobody has shown it yet
    ANOTHER = "ANOTHER"  # the same number of entries, and other ones: another history


def standing(earlier: Head, later: Head, steps: Sequence[bytes] | None) -> Standing:
    """How the checkpoint that is shown now (`later`) stands to an earlier one; `steps`: the proof
    that came with it, None where none did."""
    if earlier.size == later.size:
        return Standing.GROWN if earlier.root == later.root else Standing.ANOTHER
    if steps is not None and is_grown(earlier, later, steps):
        return Standing.GROWN
    return Standing.UNSHOWN
