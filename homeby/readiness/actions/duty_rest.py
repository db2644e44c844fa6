"""Nobody is on a duty against her rest or her health, unless somebody takes it on by name."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.actions.breaking_rest import Given, break_rest, use_words
from homeby.readiness.actions.duty_starts import wait_no_more
from homeby.readiness.actions.duty_words import tell_stood_down
from homeby.readiness.models import Duty, DutyPerson
from homeby.readiness.queries.duty_rest import Said, rest_against_duty, stands_against_duty
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.queries.rest import Going, judged_as, reached
from homeby.readiness.rules.duty_planning import StoodDown
from homeby.readiness.rules.overrides import Lifted
from homeby.readiness.rules.protection import Override, problem_with_override


def rest_against(duty: Duty, person_id: uuid.UUID, *, now: dt.datetime) -> bool:
    """Whether her rest or her health speaks against her being on it."""
    return bool(stands_against_duty(duty, [person_id], now=now))


def said_to(by: Viewer, found: Said) -> str:
    """What was found, by callsign, for somebody who may read it; of whoever it is not for her to
    know only that it is not possible."""
    seen = set(reached(by, list(found)))
    names = people.names(found)
    vague = _("%s: this is not possible. Ask whoever plans it.")
    return " ".join(
        f"{names.get(key, '?')}: {' '.join(said)}" if key in seen else vague % names.get(key, "?")
        for key, said in found.items()
    )


def use_words_for(book: Book, duty: Duty, person_ids: Collection[uuid.UUID]) -> None:
    """A word said of one of these people and of no duty counts for this one alone from now on,
    where it is by it that she may be on it."""
    span = (duty.starts_at, duty.ends_at)
    begins = max(book.now, duty.starts_at)
    if begins < duty.ends_at:
        going = Going(begins, duty.ends_at, judged_as(duty.kind))
        use_words(book, person_ids, going, span=span, but=duty.pk)


def take_on(
    page: Page, duty: Duty, person_ids: Collection[uuid.UUID], *, by: Viewer, reason: str
) -> None:
    """Somebody takes it on, by name and with a reason, that what speaks against these people's
    being on it counts no more, for this duty; of whoever it says nothing, nothing is overridden.
    She may do so for whom she could release. Raises Refused."""
    found = stands_against_duty(duty, person_ids, now=page.book.now)
    seen = set(reached(by, list(found)))
    for key, stands in found.items():
        assert by.person_id is not None, "whoever plans is a person"
        problem = problem_with_override(Override(by=by.person_id, reason=reason), person_id=key)
        if key not in seen:
            problem = _("Only a leader or a duty officer does this.")
        if problem:
            raise Refused(override=problem)
        lifts = Lifted(rest=bool(stands.blocks), health=stands.not_before_at is not None)
        span = (duty.starts_at, duty.ends_at)
        twice = duty.pk if stands.two_at_once else None
        word = Given(reason=reason.strip(), lifts=lifts, span=span, over_another=twice)
        break_rest(page.book, key, by=by, word=word)


def rested(
    page: Page,
    duty: Duty,
    rows: list[DutyPerson],
    *,
    override: str,
    stands_down: bool,
    by: Viewer,
) -> list[DutyPerson]:
    """Of those on a duty that was just moved, who stays on it, or is asked: whoever would be moved
    into her rest is taken off, or it is taken on by name; a minor whom her limits or her company
    keep from it is taken off. Raises Refused where neither is said."""
    now = page.book.now
    on = [row.person_id for row in rows if row.is_on]
    use_words_for(page.book, duty, on)
    if override.strip():
        take_on(page, duty, on, by=by, reason=override)
    found = rest_against_duty(by, duty, on, now=now)
    young = against_duty(duty, on, with_others=True)
    if (found or young) and not stands_down:
        problems = {"override": said_to(by, found)} if found else {}
        raise Refused(**problems, **({"stands_down": _too_young(by, young)} if young else {}))
    off = [row for row in rows if row.person_id in found]
    _take_off(page, duty, off, by=by, why=StoodDown.NOT_BEFORE)
    left = [row for row in rows if row not in off]
    # Without those adults others may be left without their company.
    young = against_duty(duty, [row.person_id for row in left if row.is_on], with_others=True)
    minors = [row for row in left if row.person_id in young]
    _take_off(page, duty, minors, by=by, why=StoodDown.OTHER)
    return [row for row in left if row not in minors]


def _too_young(by: Viewer, found: Said) -> str:
    """Which limits speak against it; of whoever is kept away from her, nothing."""
    vague = str(_("This is not possible: ask whoever plans it."))
    return " ".join(vague if key in by.apart else " ".join(said) for key, said in found.items())


def _take_off(
    page: Page, duty: Duty, rows: list[DutyPerson], *, by: Viewer, why: StoodDown
) -> None:
    for row in rows:
        page.change(
            row,
            seat_id=None,
            stood_down_at=page.book.now,
            stood_down_by_id=by.person_id,
            stood_down_why=why,
        )
        wait_no_more(page, row)
    told = [row.person_id for row in rows if row.person_id != by.person_id]
    tell_stood_down(page, duty, told, reason=why)
