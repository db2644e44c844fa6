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
    """One decision of hers, about which activity (`key`): whom it concerned, and what became of it.
    None where it was no decision of that kind. `without`: who could have gone and did not, for
    which reason ("": none was said); `went_wrong`: somebody was hurt, or a seat stayed empty."""

    key: str
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


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A sentence of two counts, and the activities of which each is made: `yes` of the second."""

    said: str
    keys: tuple[str, ...] = ()
    yes: frozenset[str] = frozenset()


def figures(decided: Iterable[Decided]) -> list[Figure]:
    """What she decided, in sentences of counts; one where too few were concerned for any."""
    several = list(decided)
    if len(frozenset().union(*(one.concerned for one in several))) < FEW:
        said = _("Fewer than five people were concerned: no figures are made of so few.")
        return [Figure(said=said)]
    found = [
        _counted(
            [(one.key, one.against_somebody) for one in several],
            _("Times that you chose freely: {all}. Against something somebody had then: {yes}."),
        ),
        _counted(
            [(one.key, one.asked_all) for one in several],
            _("Duties for which you asked people: {all}. Everybody who could come: {yes}."),
        ),
        _counted(
            [(one.key, one.told_late) for one in several],
            _("Duties of which you told several: {all}. Some much later than others: {yes}."),
        ),
        _counted(
            [(one.key, bool(_unsaid(one))) for one in several if one.is_choice],
            _("Crews that you chose from several: {all}. Without saying why: {yes}."),
        ),
        _counted(
            [(one.key, one.went_wrong) for one in several if HELD_AGAINST & set(_reasons(one))],
            _(
                "Crews where you said that somebody was not needed: {all}. Where somebody was hurt "
                "then, or a seat stayed empty: {yes}."
            ),
        ),
    ]
    return [one for one in found if one.keys]


def _counted(known: Iterable[tuple[str, bool | None]], sentence: str) -> Figure:
    """A sentence of how many there were, and of how many of these it was so. The last, of “not
    needed” and “too easy”, holds a reason against what came of it (`STORY.md` 90)."""
    told = [(key, is_so) for key, is_so in known if is_so is not None]
    yes = [key for key, is_so in told if is_so]
    return Figure(
        said=sentence.format(all=len(told), yes=len(yes)),
        keys=tuple(key for key, _is_so in told),
        yes=frozenset(yes),
    )


def _unsaid(one: Decided) -> list[uuid.UUID]:
    return [person for person, reason in one.without if not reason]


def _reasons(one: Decided) -> Iterable[str]:
    return (reason for _who, reason in one.without)


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
