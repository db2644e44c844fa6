"""Beginning a season of callsigns, and giving somebody hers. Who may get it now, because she is not
out, the room of missions knows: `missions.actions.callsigns`."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Collection

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions.organisation import require
from homeby.people.models import CallsignDue, CallsignSeason, Person
from homeby.people.queries import seasons
from homeby.people.rules import PersonKind, Role, Viewer
from homeby.people.rules_callsigns import free_callsigns, problem_with_reason


@logbook.once
def begin_season(*, reason: str, with_units: bool, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From now on everybody active, and each unit if so wished, is to have a fresh callsign. They
    are given by `missions.actions.callsigns.give_due`, at once to whoever is not out."""
    require(by, Role.ADMINISTRATOR)
    if problem := problem_with_reason(reason):
        raise Refused(reason=problem)
    answer = _("The season has begun. Everybody who is not out gets a new callsign now.")
    kinds = [PersonKind.HUMAN, *([PersonKind.UNIT] if with_units else [])]
    with logbook.writing(now=now, by=by.person_id) as book:
        last = CallsignSeason.objects.select_for_update().order_by("-number").first()
        row = CallsignSeason(
            id=tap.entry_id,
            number=last.number + 1 if last is not None else 1,
            begun_at=now,
            with_units=with_units,
        )
        page = book.entry(
            rules.kinds.CALLSIGN_SEASON_BEGUN,
            subject="organisation",
            facts={"reason": " ".join(reason.split()), "number": row.number},
            tap=tap,
            answer=answer,
        )
        page.add(row)
        still = set(CallsignDue.objects.values_list("person_id", flat=True))
        people = Person.objects.filter(is_active=True, kind__in=kinds).order_by("pk")
        for key in people.values_list("pk", flat=True):
            if key not in still:
                page.add(CallsignDue(season=row, person_id=key))
    return answer


def due_locked(person_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, CallsignDue]:
    """What is still due to these people, locked."""
    rows = CallsignDue.objects.select_for_update(of=("self",)).filter(person_id__in=person_ids)
    found = rows.filter(person__is_active=True).order_by("pk")
    return {row.person_id: row for row in found}


def give(book: Book, due: CallsignDue, callsign: str) -> Page:
    """Give somebody the callsign of the season; what she was called before means nobody."""
    person = Person.objects.select_for_update(no_key=True).get(pk=due.person_id)
    page = book.entry(
        rules.PERSON_CHANGED, subject=f"person:{person.pk}", person=person.pk, facts={}
    )
    page.change(person, callsign=callsign)
    page.remove(due)
    return page


def draw(taken: set[str]) -> str:
    """A callsign that nobody has or had, drawn so that nobody can guess it; it is taken then."""
    drawn = secrets.choice(free_callsigns(taken))
    taken.add(drawn.casefold())
    return drawn


def for_new(kind: PersonKind) -> str:
    """What somebody new is called for whom no callsign was typed: a random one where this
    organisation draws them, else none."""
    if kind != PersonKind.HUMAN or not seasons.has_seasons():
        return ""
    return draw(seasons.taken())
