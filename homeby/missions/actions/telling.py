"""Who is told about a mission beside its alarms, and in which words: planned in, times moved,
answers, approvals. A moved time is never silent (`FIELD.md` 4); nobody is told her own act."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.utils.translation import gettext as _

from homeby import instants
from homeby.comms.actions.tell import cancel_queued, tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook.actions import Book, Page
from homeby.missions.models import Mission
from homeby.missions.rules import Acceptance
from homeby.people import queries as people
from homeby.people.rules import Role
from homeby.people.texts import Said, Words, each_hears
from homeby.watch import queries as watch
from homeby.watch.actions import recipients

#: Whoever may approve a mission of one alone.
APPROVERS = (Role.DUTY_OFFICER, Role.LEADER)


def deciders(mission: Mission, *, now: dt.datetime) -> list[uuid.UUID]:
    """Who decides about a mission: whoever holds the watch and is not out on it herself, else the
    next who can be reached."""
    party = list(mission.party.values_list("person_id", flat=True))
    return recipients.deciders(now=now, without=party)


def approvers(mission: Mission, party: Iterable[uuid.UUID], *, now: dt.datetime) -> list[uuid.UUID]:
    """Who hears that an approval waits: whoever holds the watch, or where they planned it, go
    themselves, or are kept away from one who goes, everybody else who may approve. Where nobody
    else is left whom a message reaches, those who are kept away."""
    party = list(party)
    barred, away = {mission.planned_by_id, *party}, recipients.away_from_any(party)
    secret = mission.unit is not None and mission.unit.is_secret
    roles = (Role.DUTY_OFFICER,) if secret else APPROVERS  # whoever else may not know of it
    able = dict.fromkeys(key for role in roles for key in people.holders(role, now=now))
    officers = [key for key in watch.officers_now(now=now) if not secret or key in able]
    levels = (officers, list(able))
    reached = people.recipients({*levels[0], *able}) if away else {}
    for level in levels if away else ():
        others = [key for key in level if key not in barred | away and key in reached]
        if any(reached[key].reaches_ever(in_danger=False) for key in others):
            return others
    found = ([key for key in level if key not in barred] for level in levels)
    return next(filter(None, found), [])


def tell_about(  # noqa: PLR0913 - whom, what, about which mission, and how urgent
    page: Page,
    to: Iterable[uuid.UUID],
    words: Said,
    *,
    key: str,
    mission: Mission,
    in_danger: bool = False,
    not_before: dt.datetime | None = None,
    about: str = "",
) -> None:
    """Queue a notice about a mission to some people. What a person waits on, or what is about one
    in danger (`in_danger`), comes at any hour; the rest waits for the hours of a contact point.
    `about` is what it can be taken back by, the mission itself if not given."""
    said = each_hears(words)
    orders = [
        Order(
            key=f"{key}/{one.person_id}",
            about=about or mission.ref,
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=said(one)[0],
            text=said(one)[1],
            in_danger=in_danger,
            not_before=not_before,
        )
        for one in people.recipients(to).values()
    ]
    tell(page, orders, now=page.book.now)


def tell_party(page: Page, to: Iterable[uuid.UUID], words: Said, *, mission: Mission) -> None:
    """The same to people of a party about its plan; whoever did it knows, and whoever has no
    contact point (a crew, a cart) is not written to."""
    others = [key for key in to if key != page.book.by]
    reached = [key for key, one in people.recipients(others).items() if one.reaches]
    if reached:
        key = f"{mission.ref}/plan/{page.entry.entry_id}"
        tell_about(page, reached, words, key=key, mission=mission)


def tell_approvers(page: Page, mission: Mission, party: Iterable[uuid.UUID]) -> None:
    """An approval waits: whoever may give it hears so."""
    party = list(party)
    who = ", ".join(sorted(people.names(party).values()))

    def words() -> Words:
        text = _("%(outing)s A second person approves it on the mission's page.")
        outing = _outing(mission, now=page.book.now)
        return _("%s, alone, waits for approval") % who, text % {"outing": outing}

    to = approvers(mission, party, now=page.book.now)
    about = f"{mission.ref}/approval"
    key = f"{about}/{page.entry.entry_id}"
    tell_about(page, to, words, key=key, mission=mission, about=about)


def approval_waits_no_more(book: Book, mission: Mission) -> None:
    """What was not yet told of a waiting approval needs no telling."""
    cancel_queued(book, about=f"{mission.ref}/approval", why="approved, changed or taken back")


def _outing(mission: Mission, *, now: dt.datetime) -> str:
    assert mission.due_at is not None, "a plan has a due time"
    where = ", ".join(part for part in (mission.what, mission.place) if part)
    said = {"where": where, "due": instants.wall(mission.due_at, mission.zone, now)}
    if mission.sets_out_at is None:
        return _("%(where)s; expected back %(due)s.") % said
    said["leaves"] = instants.wall(mission.sets_out_at, mission.zone, now)
    return _("%(where)s; sets out %(leaves)s, expected back %(due)s.") % said


def planned_in(mission: Mission, *, asked: bool, now: dt.datetime) -> Words:
    """To somebody who was put on a mission."""
    text = _outing(mission, now=now)
    if asked:
        text += " " + _("Please accept or refuse it; refusing is a normal answer.")
    return _("You are planned on a mission: %s") % mission.what, text


def left_out(mission: Mission, *, now: dt.datetime) -> Words:
    """To somebody who was taken off a mission."""
    return _("You are no longer planned on: %s") % mission.what, _outing(mission, now=now)


def taken_back(mission: Mission, *, now: dt.datetime) -> Words:
    """To the party of a plan that was taken back."""
    return _("The plan was taken back: %s") % mission.what, _outing(mission, now=now)


def changed(
    mission: Mission, *, before: dt.datetime | None, asked: bool, now: dt.datetime
) -> Words:
    """To the party of a plan that somebody else changed; `before` is the due time it had."""
    text = _outing(mission, now=now)
    assert mission.call_out_at is not None, "a plan has both times"
    if before is not None and before != mission.due_at:
        text += " " + _("Before the change it was %s.") % instants.wall(before, mission.zone, now)
    text += " " + _("Help is called at %s.") % instants.wall(mission.call_out_at, mission.zone, now)
    if asked:
        text += " " + _("Please accept or refuse it anew; refusing is a normal answer.")
    return _("The plan was changed: %s") % mission.what, text


def answered(mission: Mission, who: str, *, acceptance: Acceptance, note: str) -> Words:
    """To whoever assigned and planned it: how somebody answered."""
    if acceptance is Acceptance.ACCEPTED:
        return _("%(who)s accepts: %(what)s") % {"who": who, "what": mission.what}, note or _(
            "The assignment is accepted."
        )
    text = _("That is a normal answer. Ask somebody else, or change the plan.")
    head = _("%(who)s refuses: %(what)s") % {"who": who, "what": mission.what}
    return head, f"{note} {text}".strip()
