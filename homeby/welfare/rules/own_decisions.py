"""What somebody has decided about others in a time, counted for herself: her mirror. Pure.

It counts decisions, and puts nobody in an order. Where fewer than five people were concerned no
count is shown to anybody: it would be one of persons (`LEFTOUT.md` 5).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from homeby.readiness.rules.duty_planning import NotPicked, StoodDown
from homeby.sentences import gettext as _
from homeby.welfare.rules.said_of_chances import FEW

#: The same reason for the same person from so many times on is said.
AGAIN = 3
#: What can be held against what happened.
HELD_AGAINST = frozenset({NotPicked.NOT_NEEDED.value, StoodDown.TOO_EASY.value})


@dataclass(frozen=True, kw_only=True)
class Decided:
    """One decision of hers: whom it concerned, and what became of it. None where it was no decision
    of that kind. `without`: who could have gone and did not, for which reason ("": none was said);
    `went_wrong`: somebody was hurt, or a seat stayed empty."""

    concerned: frozenset[uuid.UUID]
    against_somebody: bool | None = None
    asked_all: bool | None = None
    told_late: bool | None = None
    is_choice: bool = False
    without: tuple[tuple[uuid.UUID, str], ...] = ()
    went_wrong: bool = False


@dataclass(frozen=True, kw_only=True)
class Again:
    """The same reason for the same person, so many times."""

    person_id: uuid.UUID
    reason: str
    times: int


def figures(decided: Iterable[Decided]) -> list[str]:
    """What she decided, in sentences of counts; one where too few were concerned for any."""
    several = list(decided)
    if len(frozenset().union(*(one.concerned for one in several))) < FEW:
        return [_("Fewer than five people were concerned: no figures are made of so few.")]
    said = [
        _yes(
            [one.against_somebody for one in several],
            _("Times that you chose freely: {all}. Against something somebody had then: {yes}."),
        ),
        _yes(
            [one.asked_all for one in several],
            _("Duties for which you asked people: {all}. Everybody who could come: {yes}."),
        ),
        _yes(
            [one.told_late for one in several],
            _("Duties of which you told several: {all}. Some much later than others: {yes}."),
        ),
        _yes(
            [bool(_unsaid(one)) for one in several if one.is_choice],
            _("Crews that you chose from several: {all}. Without saying why: {yes}."),
        ),
    ]
    return [one for one in said if one] + _held_against(several)


def _yes(known: Iterable[bool | None], sentence: str) -> str:
    told = [one for one in known if one is not None]
    return sentence.format(all=len(told), yes=sum(told)) if told else ""


def _unsaid(one: Decided) -> list[uuid.UUID]:
    return [person for person, reason in one.without if not reason]


def _held_against(decided: Iterable[Decided]) -> list[str]:
    """“Not needed” and “too easy” beside what came of it (`STORY.md` 90)."""
    said = [
        one.went_wrong for one in decided if HELD_AGAINST & {reason for _who, reason in one.without}
    ]
    if not said:
        return []
    return [
        _(
            "Crews where you said that somebody was not needed: {all}. Where somebody was hurt "
            "then, or a seat stayed empty: {yes}."
        ).format(all=len(said), yes=sum(said))
    ]


def again(decided: Iterable[Decided], names: Mapping[uuid.UUID, str]) -> list[Again]:
    """Which reason she has given for the same person again and again, by name; of people whom she
    may see."""
    times: dict[tuple[uuid.UUID, str], int] = {}
    for one in decided:
        for person, reason in one.without:
            if reason and person in names:
                times[person, reason] = times.get((person, reason), 0) + 1
    found = [
        Again(person_id=person, reason=reason, times=count)
        for (person, reason), count in times.items()
        if count >= AGAIN
    ]
    return sorted(found, key=lambda one: (names[one.person_id].casefold(), one.reason))
