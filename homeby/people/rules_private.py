"""What a person keeps with us for a bad day, and who may open it for what. Pure.

Home, health and "where I would be" (`STORY.md` 11, 100) lie in tables of their own, sealed under
the person's key. A role opens health for care; a search opens all three; a broken glass home and
health; nobody opens anything by being administrator.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from homeby.people.rules import Purpose, Role
from homeby.sentences import gettext as _

#: What opens private matters of others: nobody gives it to herself, an administrator neither.
CARING = frozenset({Role.MEDIC, Role.WELFARE_OFFICER, Role.SAFEGUARDING_LEAD})


class Kept(StrEnum):
    """What a person may write down for others to know when it matters."""

    HOME = "HOME"
    HEALTH = "HEALTH"
    WHERE = "WHERE"  # "where I would be"


@dataclass(frozen=True, kw_only=True)
class KeptFacts:
    """What a person keeps with us, still sealed, and since when."""

    kept: Kept
    person_id: uuid.UUID
    sealed: bytes
    written_at: dt.datetime


#: What is asked of each; all of it is text, and all of it may be left empty.
FIELDS: Mapping[Kept, tuple[str, ...]] = {
    Kept.HOME: ("address", "way_in"),
    Kept.HEALTH: ("conditions", "medication", "allergies", "blood_group"),
    Kept.WHERE: ("note",),
}
LENGTH_MAX = 2000
BLOOD_GROUPS = ("0-", "0+", "A-", "A+", "B-", "B+", "AB-", "AB+")

#: For what each may be opened. There is no purpose by which an office reads them.
OPENED_FOR: Mapping[Kept, frozenset[Purpose]] = {
    Kept.HOME: frozenset(
        {
            *(Purpose.OWN_PAGE, Purpose.OWN_ARCHIVE, Purpose.SEARCH_BRIEF),
            *(Purpose.WELFARE_CHECK, Purpose.BREAK_GLASS),
        }
    ),
    Kept.HEALTH: frozenset(
        {
            *(Purpose.OWN_PAGE, Purpose.OWN_ARCHIVE, Purpose.SEARCH_BRIEF),
            *(Purpose.HEALTH, Purpose.BREAK_GLASS),
        }
    ),
    Kept.WHERE: frozenset(
        {Purpose.OWN_PAGE, Purpose.OWN_ARCHIVE, Purpose.SEARCH_BRIEF, Purpose.WELFARE_CHECK}
    ),
}


def may_open(kept: Kept, purpose: Purpose) -> bool:
    """Whether this is opened for that purpose at all, whoever asks."""
    return purpose in OPENED_FOR[kept]


def problems_with(kept: Kept, values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with what was typed, a sentence each, by field."""
    assert set(values) == set(FIELDS[kept]), "the fields are those of this kind"
    problems = {
        name: _("This has {length} characters; {most} fit.").format(
            length=len(text), most=LENGTH_MAX
        )
        for name, text in values.items()
        if len(text) > LENGTH_MAX
    }
    group = values.get("blood_group", "")
    if group and group not in BLOOD_GROUPS:
        problems["blood_group"] = _("Choose a blood group, or leave it empty.")
    return problems


class Lasting(StrEnum):
    """What may be kept for some time only, by a rule of the organisation."""

    PLACES = "PLACES"  # where people were going, by which route, what they looked like
    MESSAGES = "MESSAGES"  # the texts of messages
    REPORTS = "REPORTS"  # the texts of first reports
    SEALED = "SEALED"  # sealed debriefs
    CONTACTS = "CONTACTS"  # of people who left: addresses, kin, home, health, note
    LOG_INS = "LOG_INS"  # log-ins that were tried, and with what
    LOOKS = "LOOKS"  # who looked at whom, when and why
    ENTRIES = "ENTRIES"  # the words of all entries that hold something personal


#: How many were erased is told to nobody: it would tell an office that somebody had sealed one.
UNCOUNTED = frozenset({Lasting.SEALED})
#: Shorter than that, what is still talked about (an alarm, a report) would be gone.
DAYS_LEAST = 30
DAYS_MOST = 36_500


def problem_with_days(days: int | None) -> str:
    """What is wrong with a rule of retention, in a sentence; "" when it can be set. None keeps it
    for ever."""
    if days is None:
        return ""
    if days < 1:
        return _("Zero days or fewer would erase what was recorded just now. Give at least 30.")
    if days < DAYS_LEAST:
        return _("At least 30 days: what is still talked about must not be gone.")
    return _("At most 36500 days; leave it empty to keep it for ever.") if days > DAYS_MOST else ""


ADULT_YEARS = 18
OLDEST_YEARS = 120


def adult_on(born: dt.date) -> dt.date:
    """The day on which somebody comes of age; born on 29 February, on 1 March."""
    try:
        return born.replace(year=born.year + ADULT_YEARS)
    except ValueError:
        return dt.date(born.year + ADULT_YEARS, 3, 1)


def problem_with_birth(born: dt.date, *, today: dt.date) -> str:
    """What is wrong with a minor's date of birth, in a sentence; "" when it can be kept."""
    if born > today or born.year < today.year - OLDEST_YEARS:
        return _("Nobody with us was born on that day. Look at the year.")
    if adult_on(born) <= today:
        return _("Whoever was born on that day is of age: nothing need be kept.")
    return ""


@dataclass(frozen=True, kw_only=True)
class MinorFacts:
    """A minor as leaders see her: until when she is one (that day she is of age), the local hours
    between which she may be out, and whether only in normal conditions. No date of birth."""

    person_id: uuid.UUID
    callsign: str
    until_date: dt.date
    not_before: dt.time
    not_after: dt.time
    only_normal: bool
