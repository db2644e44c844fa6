"""What may be a PIN and a duress PIN, and what one that is typed turns out to be. Pure."""

from __future__ import annotations

import itertools
from enum import StrEnum

from homeby.sentences import gettext as _

PIN_DIGITS = (4, 8)


def problem_with_pin(pin: str) -> str:
    """What is wrong with a new PIN, in a sentence; "" when it can be used. One digit repeated and
    digits in their order are what anybody tries first."""
    least, most = PIN_DIGITS
    if not (least <= len(pin) <= most and pin.isascii() and pin.isdigit()):
        return _("A PIN has 4 to 8 digits.")
    steps = {int(after) - int(before) for before, after in itertools.pairwise(pin)}
    if steps in ({0}, {1}, {-1}):
        return _("This PIN is what anybody would try first. Choose another.")
    return ""


def problem_with_duress_pin(duress: str, *, pin: str) -> str:
    """What is wrong with a new duress PIN beside this PIN, in a sentence; "" when it can be used.
    One slip of a finger (a digit wrong, missing, too many, or two changed places) must not make the
    one of the other: it would send people out, or keep them at home."""
    if problem := problem_with_pin(duress):
        return problem
    if duress == pin:
        return _("The duress PIN must be another one than the PIN.")
    if _is_slip(duress, pin):
        return _("Too near to the PIN: one slip would make it the other. Change two digits.")
    return ""


def _is_slip(one: str, other: str) -> bool:
    """Whether one slip of typing makes the one of the other."""
    shorter, longer = sorted((one, other), key=len)
    if len(longer) == len(shorter) + 1:
        return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))
    if len(longer) != len(shorter):
        return False
    wrong = [at for at, pair in enumerate(zip(one, other, strict=True)) if pair[0] != pair[1]]
    if len(wrong) != 2:
        return len(wrong) == 1
    first, second = wrong
    swapped = (one[second], one[first]) == (other[first], other[second])
    return second == first + 1 and swapped


class PinFits(StrEnum):
    """What a PIN that somebody typed is: not theirs, theirs, or their duress PIN."""

    NO = "no"
    YES = "yes"
    DURESS = "duress"
