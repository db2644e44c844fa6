"""Limits of minors as they leave: they hold unless an adult has approved with a reason. A tick does
not lift them; but whoever has left already is recorded and watched (house rule 7), and guardian,
safeguarding lead and whoever decides hear of it at once. So they do when no adult is with them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _

from homeby.comms.actions.tell import cancel_queued, tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused
from homeby.missions.actions import telling
from homeby.missions.models import MinorApproval, Mission, PartyMember
from homeby.missions.queries.minors import day_of, speaks_against
from homeby.missions.rules import MemberState
from homeby.missions.rules.alone import LEAVING_TOGETHER
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.queries.minors import guardians_of, minors_among
from homeby.people.rules import PersonKind, Role
from homeby.people.texts import Said, Words, each_hears


def refuse(
    mission: Mission,
    members: Sequence[PartyMember],
    going: Sequence[PartyMember],
    *,
    left_at: dt.datetime,
    left: bool,
) -> tuple[str, ...]:
    """What speaks against these leaving; empty where every limit is kept, or an adult approved.
    Raises Refused where something does, unless they have `left` already."""
    keys = [member.person_id for member in going]
    against = speaks_against(mission, members, going=keys, out_at=left_at)
    if against and not left:
        raise Refused(has_left=" ".join([*against, not_so()]))
    return against


def not_so() -> str:
    """What is to be done where a limit speaks against it."""
    return _(
        "A leader or duty officer of age must say why it is right all the same, under Office, "
        "Minors. Whoever has left already is signed out and watched; guardian, leaders and "
        "safeguarding lead are told at once."
    )


def left(
    page: Page,
    mission: Mission,
    members: Sequence[PartyMember],
    going: Sequence[PartyMember],
    against: Sequence[str],
) -> None:
    """After a sign-out is written: whoever must hear of a limit that was passed over hears it now,
    and of minors without an adult once the adult has had time to follow."""
    if not against:
        _mind_adults(page, mission, members, wait=LEAVING_TOGETHER)
        return
    who = ", ".join(sorted(member.person.shown_as for member in going))

    def words() -> Words:
        said = " ".join(speaks_against(mission, members, going=[], out_at=mission.out_at))
        text = _(
            "%s Nobody has approved it. They are recorded as out, and watched: call them back."
        )
        return _("%s left against the limits of a minor") % who, text % said

    _tell(page, mission, members, words)


def change(page: Page, mission: Mission, members: Sequence[PartyMember]) -> None:
    """After one of a party has come in: an adult may have been the last one with a minor."""
    _mind_adults(page, mission, members, wait=dt.timedelta())


def over(book: Book, mission: Mission) -> None:
    """Everybody is in: what was not yet told of minors out there would be untrue now."""
    cancel_queued(book, about=_about(mission), why="all are back")


def no_longer_approved(page: Page, mission: Mission) -> dict[str, None]:
    """A plan that was changed is another plan: gives the columns of the approval of one alone,
    and takes the approval of a minor back."""
    for row in MinorApproval.objects.select_for_update().filter(mission=mission):
        page.remove(row)
    return {"approved_by_id": None, "approved_at": None}


def _mind_adults(
    page: Page, mission: Mission, members: Sequence[PartyMember], *, wait: dt.timedelta
) -> None:
    now = page.book.now
    today, party = day_of(mission, now), [member.person_id for member in members]
    young = {one.person_id for one in minors_among(party, on=today)}
    if not young:
        return
    out = [m for m in members if m.state == MemberState.OUT and m.person.kind == PersonKind.HUMAN]
    alone = [member for member in out if member.person_id in young]
    if not alone or len(alone) < len(out):
        cancel_queued(page.book, about=_about(mission), why="an adult is with them")
        return
    if MinorApproval.objects.filter(mission=mission).exists():
        return
    who = ", ".join(sorted(member.person.shown_as for member in alone))

    def words() -> Words:
        text = _("Of this party only minors are out: %s. Call them, and send an adult.") % who
        return _("%s: no adult is with them") % who, text

    _tell(page, mission, members, words, not_before=now + wait if wait else None)


def _about(mission: Mission) -> str:
    return f"{mission.ref}/minors"


def _tell(
    page: Page,
    mission: Mission,
    members: Sequence[PartyMember],
    words: Said,
    *,
    not_before: dt.datetime | None = None,
) -> None:
    """To guardians, whoever decides, the leader and the safeguarding leads, at any hour."""
    now, party = page.book.now, [member.person_id for member in members]
    key = f"{_about(mission)}/{page.entry.entry_id}"
    persons, kin = guardians_of(party, on=day_of(mission, now))
    telling.tell_about(
        page,
        _who_hears(mission, party, persons, by=page.book.by, now=now),
        words,
        key=key,
        mission=mission,
        in_danger=True,
        not_before=not_before,
        about=_about(mission),
    )
    _tell_kin(page, kin, words, key=key, mission=mission, not_before=not_before)


def _who_hears(
    mission: Mission,
    party: Sequence[uuid.UUID],
    guardians: Sequence[uuid.UUID],
    *,
    by: uuid.UUID | None,
    now: dt.datetime,
) -> list[uuid.UUID]:
    """Nobody who is kept away from one of the party, as long as anybody else can be reached."""
    away = {key for keys in apart_from(party).values() for key in keys}
    found: list[uuid.UUID] = []
    for left_out in (away, set[uuid.UUID]()):
        to = [
            *guardians,
            *telling.approvers(mission, [*party, *left_out], now=now),
            *([mission.leader_id] if mission.leader_id not in party else []),
            *people.holders(Role.SAFEGUARDING_LEAD, now=now),
        ]
        found = [one for one in dict.fromkeys(to) if one not in left_out and one != by]
        if any(one.reaches for one in people.recipients(found).values()):
            break
    return found


def _tell_kin(
    page: Page,
    kin: Sequence[uuid.UUID],
    words: Said,
    *,
    key: str,
    mission: Mission,
    not_before: dt.datetime | None,
) -> None:
    said = each_hears(words)
    orders = [
        Order(
            key=f"{key}/{one.person_id}",
            about=_about(mission),
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=said(one)[0],
            text=said(one)[1],
            in_danger=True,
            not_before=not_before,
        )
        for one in people.kin_by_id(kin)
    ]
    tell(page, orders, now=page.book.now)
