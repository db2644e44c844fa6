"""The words that kin read, on their page and in messages: agreed beforehand, the same for all.

Never a place, a team or another name here, and never a bad certainty: a person says that.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from homeby.watch.rules import Phase
from homeby.watch.rules.kin import SearchStep


def step_words(step: SearchStep) -> str:
    """What we do, in a sentence."""
    return {
        SearchStep.REACHING: _("We try to reach them in every way we have."),
        SearchStep.GOING: _("People of ours are on their way to meet them."),
        SearchStep.CALLED: _("The rescue services have been told."),
        SearchStep.SEARCHING: _("A search is under way."),
        SearchStep.UNTIL_LIGHT: _("The search goes on at daylight."),
    }[step]


def before_the_hour() -> str:
    """Something worries the watch before the promised hour; what, is a person's to tell."""
    return _(
        "The watch is looking into something about the person who named you; it is not yet the "
        "hour at which they are expected back."
    )


def next_hour_line(at: str) -> str:
    """When kin hear again."""
    return _("You hear from us again by %s, even if there is nothing new.") % at


def zone_line(zone: str) -> str:
    """Where the hours of a page or a message are read."""
    return _("Hours are local time in %s.") % zone.replace("_", " ")


def still(*, late: bool, phase: Phase | None, mistaken: bool) -> list[str]:
    """The word at a promised hour, line by line: `late` says that the promised return has passed,
    `phase` how worried we are, `mistaken` that the last word was "back" and was wrong."""
    lines = []
    if mistaken:
        lines.append(_("We wrote that the person who named you is back. That was a mistake."))
    if not late:
        not_yet = _("It is not yet the hour at which they are expected back.")
        lines.append(_("The person who named you is not back yet. There is nothing new to tell."))
        lines.append(
            not_yet if phase is None else _("We are still looking into it.") + " " + not_yet
        )
        return lines
    lines.append(
        _(
            "The person who named you is later than expected, and still not back. There is nothing "
            "new to tell."
        )
    )
    if phase is None or phase is Phase.UNCERTAINTY:
        lines.append(_("We are looking into it, and go on."))
    else:
        lines.append(_("The hour at which help is called has passed, and we go on."))
    lines.append(_("No news is no news."))
    return lines
