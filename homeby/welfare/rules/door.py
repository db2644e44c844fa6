"""What is said at the door, sealed in the browser of whoever says it: a file of age, as a sealed
debrief is, and each of the same size, so that none tells by its length how much was said. Pure.
"""

from __future__ import annotations

from homeby.missions.rules import sealed
from homeby.sentences import gettext as _

#: Every one is filled up to so many steps of 4096 bytes: the longest words fit, in any script.
STEPS = 8
#: What is longer is not looked at any further: the header of many keys is within it.
MOST_BYTES = 2 * STEPS * sealed.STEP_BYTES


def problem_with_closed(content: bytes, *, recipients: int) -> str | None:
    """What is wrong with words that are said to be sealed to so many keys."""
    if len(content) > MOST_BYTES:
        return _("This is larger than what is said at the door may be. Nothing of it was kept.")
    if problem := sealed.problem_with_text(content, recipients=recipients):
        return problem
    if sealed.steps_of(content) != STEPS:
        return _("This sealed text is cut short or was not filled up. Nothing of it was kept.")
    return None
