"""Durations as files and commands write them: "6:31", "90", "out+1h30". Pure."""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum

from homeby.instants import TimeProblem
from homeby.sentences import gettext as _
from homeby.station.importing.wording import quoted

DAYS_MAX = 3660  # ten years: longer is a slip of the pen
_FLAGS = re.ASCII | re.IGNORECASE
_CLOCK = re.compile(r"(\d{1,6}):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?", _FLAGS)
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?", _FLAGS)
_DUE = re.compile(
    r"out\s*\+\s*(?:(?P<clock>\d{1,4}:[0-5]\d)"
    r"|(?:(?P<days>\d{1,3})\s*d(?:ays?)?\s*)?"
    r"(?:(?P<hours>\d{1,5}(?:\.\d{1,2})?)\s*h(?:ours?)?\s*)?"
    r"(?:(?P<minutes>\d{1,6})\s*(?P<unit>m(?:in(?:utes?)?)?)?)?)",
    _FLAGS,
)


class DurationForm(StrEnum):
    """How a column of durations is written."""

    CLOCK = "h:mm"  # "6:31", also "6:31:20"
    HOURS = "hours"
    MINUTES = "minutes"
    SECONDS = "seconds"


def parse_duration(*, text: str, form: DurationForm) -> dt.timedelta:
    """The duration written in this form. Raises TimeProblem with a sentence."""
    if form is DurationForm.CLOCK:
        duration = _clock(text)
    elif _NUMBER.fullmatch(text.replace(",", ".")):
        duration = dt.timedelta(**{form.value: float(text.replace(",", "."))})
    else:
        duration = None
    if duration is None:
        raise TimeProblem(
            _("{text} is not a duration written as {form}").format(text=quoted(text), form=form)
        )
    return _bounded(duration, text)


def _clock(text: str) -> dt.timedelta | None:
    found = _CLOCK.fullmatch(text)
    if not found:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _bounded(duration: dt.timedelta, text: str) -> dt.timedelta:
    if duration > dt.timedelta(days=DAYS_MAX):
        raise TimeProblem(_("{text} is longer than ten years").format(text=quoted(text)))
    return duration


def parse_due(*, text: str) -> dt.timedelta:
    """How long after going out somebody is due back: "out+90m", "out+1h30", "out+2h", "out+1:30".

    Raises TimeProblem with a sentence.
    """
    rule = " ".join(text.split())
    found = _DUE.fullmatch(rule)
    if found and found["clock"]:
        return _bounded(_after_leaving(_clock(found["clock"]) or dt.timedelta(), rule), rule)
    if not found or not any((found["days"], found["hours"], found["minutes"])):
        raise TimeProblem(
            _("{rule} does not say when they are due. Write out+90m, out+1h30 or out+2h.").format(
                rule=quoted(rule)
            )
        )
    if found["minutes"] and not found["unit"] and not found["hours"]:
        raise TimeProblem(
            _("{rule} could be minutes or hours. Write out+{number}m or out+{number}h.").format(
                rule=quoted(rule), number=found["minutes"]
            )
        )
    due_after = dt.timedelta(
        days=int(found["days"] or 0),
        hours=float(found["hours"] or 0),
        minutes=int(found["minutes"] or 0),
    )
    return _bounded(_after_leaving(due_after, rule), rule)


def _after_leaving(due_after: dt.timedelta, rule: str) -> dt.timedelta:
    if not due_after:
        raise TimeProblem(
            _("{rule} lets them be due as they leave. Give them some time: out+90m.").format(
                rule=quoted(rule)
            )
        )
    return due_after
