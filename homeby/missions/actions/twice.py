"""Signed in twice: another screen was quicker. It is recorded; there is nothing to look into."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook.actions import Book
from homeby.logbook.rules import Tap
from homeby.missions import rules
from homeby.missions.models import PartyMember
from homeby.missions.rules import MemberState


def in_already(
    person_ids: Collection[uuid.UUID], mission_id: uuid.UUID | None, *, now: dt.datetime
) -> dict[uuid.UUID, PartyMember]:
    """Those of these people who came back from this mission (None: from any) so lately that a
    second sign-in means the first one. Whoever is out elsewhere is none of them, and whoever may
    have left again meanwhile is not either: that must be looked into. Two queries at most."""
    if not person_ids:
        return {}
    since = now - rules.means_the_first(same_mission=mission_id is not None)
    rows = PartyMember.objects.filter(person_id__in=person_ids)
    back = rows.filter(state=MemberState.BACK, back_at__gt=since).order_by("back_at")
    if mission_id is not None:
        back = back.filter(mission_id=mission_id)
    out = set(rows.filter(state=MemberState.OUT).values_list("person_id", flat=True))
    found = {row.person_id: row for row in back.select_related("person", "mission")}
    return {key: row for key, row in found.items() if key not in out}


def in_words(members: Iterable[PartyMember], *, now: dt.datetime) -> list[str]:
    """ "Toad was signed in already, at 16:02." for each."""
    said = []
    for member in members:
        assert member.back_at is not None, "whoever is back has the time"
        facts = {
            "who": member.person.shown_as,
            "at": instants.wall(member.back_at, member.mission.zone, now),
        }
        said.append(_("%(who)s was signed in already, at %(at)s.") % facts)
    return sorted(said)


def note_again(
    book: Book, members: Iterable[PartyMember], *, tap: Tap | None, answer: str
) -> Tap | None:
    """Record second sign-ins, inside an open book; they change no row. The first one takes the tap;
    what comes back is the tap that is still to be taken."""
    for member in members:
        book.entry(
            rules.SIGN_IN_REPEATED,
            subject=member.mission.ref,
            person=member.person_id,
            facts={"people": [member.person_id]},
            tap=tap,
            answer=answer,
        )
        tap = None
    return tap
