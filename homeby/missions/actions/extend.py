"""More time: asked for by the party (or the radio operator for them), decided by a person."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby import instants
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries, rules
from homeby.missions.actions.expecting import describe, expect_check_in, expect_return
from homeby.missions.actions.plan import locked
from homeby.missions.models import Extension, Mission, PartyMember
from homeby.missions.rules import Decider, ExtensionState, Link, MemberState, MissionState
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.watch import queries as watch
from homeby.watch.actions import subjects


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The new expected return that is asked for, what was typed, and why."""

    due_at: dt.datetime
    due_typed: str = ""
    why: str = ""
    link: Link = Link.OWN_DEVICE


@logbook.once
def ask(*, mission_id: uuid.UUID, wanted: Wanted, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Ask for more time. The old time stands until a person has granted it."""
    if by.person_id is None:
        raise Refused(_("Log in first, or ask the radio operator."))
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        if mission.state != MissionState.OUT or mission.due_at is None:
            raise Refused(_("This mission is not out, so there is nothing to extend."))
        problem = rules.extension_problem(due_at=mission.due_at, new_due_at=wanted.due_at, now=now)
        if problem:
            raise Refused(due=problem)
        old = mission.extensions.filter(state=ExtensionState.ASKED).first()
        answer = _("Asked. The old time, %s, stands until somebody has granted it.") % (
            instants.wall(mission.due_at, mission.zone, now)
        )
        page = book.entry(
            rules.EXTENSION_ASKED,
            subject=mission.ref,
            person=by.person_id,
            facts={"due_at": wanted.due_at, "why": wanted.why, "link": wanted.link},
            tap=tap,
            answer=answer,
        )
        if old is not None:
            page.change(old, state=ExtensionState.REFUSED, decided_at=now, decided_why="asked anew")
        grace = (mission.call_out_at or mission.due_at) - mission.due_at
        page.add(
            Extension(
                id=tap.entry_id,
                mission=mission,
                due_at=wanted.due_at,
                due_typed=wanted.due_typed[:100],
                call_out_at=wanted.due_at + grace,
                why=wanted.why[:500],
                link=wanted.link,
                asked_by_id=by.person_id,
                asked_at=now,
                state=ExtensionState.ASKED,
            )
        )
        _tell_deciders(page, mission, wanted, tap, now=now)
    return answer


def deciders(now: dt.datetime) -> list[uuid.UUID]:
    """Who decides: whoever holds the watch, else every duty officer, leader, administrator."""
    found = watch.officers_now(now=now)
    for role in (Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR):
        found = found or people.holders(role, now=now)
    return found


def _tell_deciders(
    page: Page, mission: Mission, wanted: Wanted, tap: Tap, *, now: dt.datetime
) -> None:
    title = queries.party_title([m.person.shown_as for m in mission.party.select_related("person")])
    assert mission.due_at is not None, "a mission that is out has a due time"
    head = _("%s asks for more time") % title
    text = _("Expected back %(old)s, asks for %(new)s. The old time stands until you decide.") % {
        "old": instants.wall(mission.due_at, mission.zone, now),
        "new": instants.wall(wanted.due_at, mission.zone, now),
    }
    if wanted.why:
        text += " " + wanted.why
    tell_about(page, deciders(now), (head, text), key=f"extension:{tap.entry_id}", mission=mission)


def tell_about(
    page: Page, to: list[uuid.UUID], words: tuple[str, str], *, key: str, mission: Mission
) -> None:
    """Queue a notice about a mission to some people."""
    orders = [
        Order(
            key=f"{key}/{one.person_id}",
            about=mission.ref,
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=words[0],
            text=words[1],
            in_danger=True,
        )
        for one in people.recipients(to).values()
    ]
    tell(page, orders, now=page.book.now)


@logbook.once
def decide(
    *,
    extension_id: uuid.UUID,
    grant: bool,
    why: str = "",
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Grant or refuse more time. Before the due time anybody on watch; until the call-out time the
    duty officer; after it two people, one a duty officer. The party is told either way."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    with logbook.writing(now=now, by=by.person_id) as book:
        extension, mission = _locked_request(extension_id)
        _may_decide(mission, extension, by, grant=grant, now=now)
        assert mission.due_at is not None, "whoever is out has both times"
        assert mission.call_out_at is not None, "whoever is out has both times"
        decider = rules.who_decides(due_at=mission.due_at, call_out_at=mission.call_out_at, now=now)
        first = extension.first_by_id
        waits = grant and decider is Decider.TWO_PEOPLE and first in (None, by.person_id)
        answer = _("Granted.") if grant else _("Refused. The old time stands.")
        if waits:
            answer = _("The call-out time has passed: a second person must grant it too.")
        page = book.entry(
            rules.EXTENSION_DECIDED,
            subject=mission.ref,
            person=by.person_id,
            facts={"granted": grant, "waits_for_second": waits, "due_at": extension.due_at},
            tap=tap,
            answer=answer,
        )
        if waits:
            page.change(extension, first_by_id=by.person_id)
        else:
            _decide(book, page, extension, mission, grant=grant, why=why)
    return answer


def _locked_request(extension_id: uuid.UUID) -> tuple[Extension, Mission]:
    """An undecided request of a party that is out. The mission is locked first, as whoever asks
    does; so nobody waits for each other."""
    rows = Extension.objects.filter(pk=extension_id, state=ExtensionState.ASKED)
    asked = rows.first()
    mission = locked(asked.mission_id) if asked else None
    extension = rows.select_for_update().first()
    if extension is None or mission is None:
        raise Refused(_("This request was decided already."))
    if mission.state != MissionState.OUT:
        raise Refused(_("The party is back; there is nothing left to decide."))
    return extension, mission


def _may_decide(
    mission: Mission, extension: Extension, by: Viewer, *, grant: bool, now: dt.datetime
) -> None:
    if by.person_id in set(mission.party.values_list("person_id", flat=True)):
        raise Refused(_("Whoever is of the party does not grant it to herself."))
    if not by.keeps_watch:
        raise Refused(_("Only whoever keeps the watch decides."))
    assert mission.due_at is not None, "a mission that is out has a due time"
    assert mission.call_out_at is not None, "a mission that is out has a call-out time"
    problem = rules.extension_problem(due_at=mission.due_at, new_due_at=extension.due_at, now=now)
    if grant and problem:
        raise Refused(problem)
    decider = rules.who_decides(due_at=mission.due_at, call_out_at=mission.call_out_at, now=now)
    officers = {*deciders(now), *people.holders(Role.DUTY_OFFICER, now=now)}
    if decider is Decider.ANYBODY_ON_WATCH or by.person_id in officers:
        return
    first = extension.first_by_id
    second_is_asked = grant and decider is Decider.TWO_PEOPLE
    if not second_is_asked or (first not in (None, by.person_id) and first not in officers):
        raise Refused(_("After the expected return the duty officer decides."))


def _decide(
    book: Book, page: Page, extension: Extension, mission: Mission, *, grant: bool, why: str
) -> None:
    now, by = book.now, book.by
    assert by is not None, "a person decides"
    page.change(
        extension,
        state=ExtensionState.GRANTED if grant else ExtensionState.REFUSED,
        decided_by_id=by,
        decided_at=now,
        decided_why=why[:500],
    )
    due = instants.wall(extension.due_at, mission.zone, now)
    if grant:
        words = (_("More time granted: expected back %s") % due, why or _("The new time counts."))
        _move_times(book, page, mission, extension)
    else:
        words = (_("More time refused"), why or _("The old time stands."))
    out = PartyMember.objects.filter(mission=mission, state=MemberState.OUT)
    told = list(out.values_list("person_id", flat=True))
    key = f"extension:{extension.pk}/decided"
    tell_about(page, told, words, key=key, mission=mission)
    # A moved time is never silent: whoever has the watch hears of it too (P17).
    others = [one for one in deciders(now) if one != by and one not in told]
    title = subjects.known(mission.ref).title
    tell_about(page, others, (f"{title}: {words[0]}", words[1]), key=key, mission=mission)


def _move_times(book: Book, page: Page, mission: Mission, extension: Extension) -> None:
    """New times count from here; an alarm about the return is stood down by whoever granted them.
    Whoever asks for more time was heard when they asked: the next check-in counts from there."""
    now, by = book.now, book.by
    assert by is not None, "a person decides"
    heard_at = max(mission.heard_at or extension.asked_at, extension.asked_at)
    page.change(
        mission,
        due_at=extension.due_at,
        due_typed=extension.due_typed,
        call_out_at=extension.call_out_at,
        call_out_typed="",
        heard_at=heard_at,
    )
    rows = PartyMember.objects.filter(mission=mission).select_related("person")
    subject = describe(page, mission, list(rows))
    expect_return(page, mission, subject, now=now)
    expect_check_in(page, mission, subject, heard_at=heard_at, now=now)
    due = instants.wall(extension.due_at, mission.zone, now)
    reason = _("More time granted, expected back %s.") % due
    subjects.stand_down_for(book, mission.ref, by=by, reason=reason)
