"""The words of the story told again: what was done, and where somebody read something."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.web import words as common
from homeby.web.care import words as care
from homeby.web.duties import said
from homeby.web.words import Words, isolated

HAPPENED: Words = {
    "ON_HER_SHIFT": gettext_lazy("Hound sets the training on Fox's shift at the hospital."),
    "NOT_ASKED": gettext_lazy("Hound asks the others to the training, and not Fox."),
    "TOLD_LATE": gettext_lazy("The others hear of the training days before, Fox hours before."),
    "NO_MEDIC": gettext_lazy("Fox says yes to a mission. “We need no medic for this one.”"),
    "TOO_EASY": gettext_lazy("Fox is on the mission, and is taken off it. “It is too easy.”"),
    "NO_TIME_OFF": gettext_lazy("“You need take no time off from the hospital.” Nobody asks Fox."),
    "SHRUGGED": gettext_lazy("Chalk asks Fox how it is. Fox says that it is nothing."),
    "MISSED_SHIFT": gettext_lazy("Fox does not come to a shift."),
    "FOUND": gettext_lazy("Head calls, opens where Fox would be, goes there, and finds Fox."),
    "SAYS_SO": gettext_lazy("Fox says how it is, and that Hound may be asked."),
    "TEAM_ASKED": gettext_lazy("Chalk asks Hound, and writes down what Hound says."),
    "MOVES": gettext_lazy("Fox wants another team. What changes in the old one is written down."),
    "ASKED_AGAIN": gettext_lazy("Chalk asks Fox again how it is."),
}
WHERE: Words = {
    "PLANNING": gettext_lazy("before setting the time"),
    "MIRROR": gettext_lazy("My decisions"),
    "REASONS": gettext_lazy("My decisions"),
    "MESSAGE": gettext_lazy("by a message"),
    "CHANCES": gettext_lazy("My chances"),
    "DESK": gettext_lazy("Welfare desk"),
    "EVIDENCE": gettext_lazy("What stands behind it"),
    "CHECK": gettext_lazy("on the page of the check"),
}
_CHECK: Words = {
    "MISSED": gettext_lazy("A shift began without Fox: whoever takes this looks for her."),
    "MAY_OPEN": gettext_lazy("Where Fox would be, and how she is reached, may be opened now."),
}
_REASONS: Words = {**said.STOOD_DOWN, **said.NOT_PICKED}


def sentence(one: dict[str, Any]) -> str:
    """What somebody read, in the language of whoever reads it now: the sentence of the catalogs,
    filled again."""
    parts: dict[str, Any] = one["with"]
    if "again" in one:
        return _("%(name)s: “%(reason)s”, %(times)s times.") % {
            "name": isolated(parts["name"]),
            "reason": common.word(_REASONS, one["again"]),
            "times": parts["times"],
        }
    if "concern" in one:
        return common.word(care.KINDS, one["concern"])
    if "check" in one:
        return common.word(_CHECK, one["check"])
    if "over" in one:
        return _("It is over: Fox was found.")
    text = _(one["text"])
    return text % parts if "%(" in text else text.format(**parts)
