"""More time: asked for by the party (or the radio operator for them), decided by a person."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap, bounded_happened_at
from homeby.missions import queries, rules
from homeby.missions.actions.decided import decided
from homeby.missions.actions.expecting import describe, expect_check_in, expect_return
from homeby.missions.actions.plan import locked
from homeby.missions.actions.telling import deciders, tell_about
from homeby.missions.actions.unmatched import keep_unmatched, thanks
from homeby.missions.models import Extension, Mission, PartyMember
from homeby.missions.rules import Decider, ExtensionState, Link, MemberState, MissionState
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.people.texts import Said, said_anew
from homeby.watch.actions import asking, subjects


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
    heard_at = bounded_happened_at(tap.happened_at, now=now)
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        told = queries.may_hear(by, [mission.pk])
        if mission.state != MissionState.OUT or mission.due_at is None:
            why = _("This mission is not out, so there is nothing to extend.")
            if told:
                raise Refused(why)
            kind = rules.EXTENSION_ASKED
            return keep_unmatched(book, kind, None, mission.pk, why, tap=tap, answer=thanks())
        problem = rules.extension_problem(due_at=mission.due_at, new_due_at=wanted.due_at, now=now)
        if problem:
            raise Refused(due=problem)
        old = mission.extensions.filter(state=ExtensionState.ASKED).first()
        answer = _("Asked. The old time, %s, stands until somebody has granted it.") % (
            instants.wall(mission.due_at, mission.zone, now)
        )
        answer = answer if told else thanks()
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
                asked_at=heard_at,
                state=ExtensionState.ASKED,
            )
        )
        _tell_watch(page, mission, wanted, heard_at=heard_at)
        _tell_deciders(page, mission, wanted, tap, now=now)
    return answer


def _tell_watch(page: Page, mission: Mission, wanted: Wanted, *, heard_at: dt.datetime) -> None:
    """What the watch should know of a request: that it waits, and that somebody was heard. It moves
    no time; only the next check-in counts from here, as after any word from them."""
    subject = asking.note_request(page, mission.ref, until_at=wanted.due_at)
    rows = PartyMember.objects.filter(mission=mission)
    party = set(rows.values_list("person_id", flat=True))
    if not was_heard(party, asked_by_id=page.book.by, link=wanted.link):
        return
    if not rules.is_late_news(heard_at=heard_at, newest=mission.heard_at):
        page.change(mission, heard_at=heard_at)
        expect_check_in(page, mission, subject, heard_at=heard_at, now=page.book.now)
        asking.note_heard(page, subject, heard_at=heard_at)


def was_heard(party: set[uuid.UUID], *, asked_by_id: uuid.UUID | None, link: str) -> bool:
    """Whether a request is word from the party: its own, or taken down by whoever had it on a link.
    What an officer asks for on her own says nothing of them."""
    return asked_by_id in party or link != Link.OWN_DEVICE


def _tell_deciders(
    page: Page, mission: Mission, wanted: Wanted, tap: Tap, *, now: dt.datetime
) -> None:
    title = queries.party_title([m.person.shown_as for m in mission.party.select_related("person")])
    due_at = mission.due_at
    assert due_at is not None, "a mission that is out has a due time"

    def words() -> tuple[str, str]:
        earlier = wanted.due_at < due_at
        head = _("%s asks to be expected earlier") if earlier else _("%s asks for more time")
        text = _("Expected back %(old)s, asks for %(new)s. The old time stands until you decide.")
        facts = {
            "old": instants.wall(due_at, mission.zone, now),
            "new": instants.wall(wanted.due_at, mission.zone, now),
        }
        return head % title, f"{text % facts} {wanted.why}".rstrip()

    to, key = deciders(mission, now=now), f"extension:{tap.entry_id}"
    tell_about(page, to, words, key=key, mission=mission, in_danger=True)


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
    if not by.watches(mission.team_id):
        raise Refused(_("Only whoever keeps the watch decides."))
    assert mission.due_at is not None, "a mission that is out has a due time"
    assert mission.call_out_at is not None, "a mission that is out has a call-out time"
    problem = rules.extension_problem(due_at=mission.due_at, new_due_at=extension.due_at, now=now)
    if grant and problem:
        raise Refused(problem)
    decider = rules.who_decides(due_at=mission.due_at, call_out_at=mission.call_out_at, now=now)
    officers = {
        *deciders(mission, now=now),
        *people.holders(Role.DUTY_OFFICER, now=now),
    }
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
    asking.note_request(page, mission.ref, until_at=None)
    words = _decided(extension, mission, grant=grant, why=why, now=now)
    if grant:
        _move_times(book, page, mission, extension)
    out = PartyMember.objects.filter(mission=mission, state=MemberState.OUT)
    party = list(out.values_list("person_id", flat=True))
    key = f"extension:{extension.pk}/decided"
    tell_about(page, party, words, key=key, mission=mission, in_danger=True)
    # A moved time is never silent: whoever has the watch hears of it too (P17).
    others = [one for one in deciders(mission, now=now) if one != by and one not in party]
    title = subjects.known(mission.ref).title

    def to_others() -> tuple[str, str]:
        head, text = words()
        return f"{title}: {head}", text

    tell_about(page, others, to_others, key=key, mission=mission, in_danger=True)


def _decided(
    extension: Extension, mission: Mission, *, grant: bool, why: str, now: dt.datetime
) -> Said:
    """What is said of a decision; by the times as they are before it."""
    assert mission.due_at is not None, "whoever is out has both times"
    earlier = extension.due_at < mission.due_at

    def words() -> tuple[str, str]:
        if not grant:
            head = _("The earlier time is refused") if earlier else _("More time refused")
            return head, why or _("The old time stands.")
        more = _("More time granted: expected back %s")
        head = _("Expected back earlier: %s") if earlier else more
        due = instants.wall(extension.due_at, mission.zone, now)
        return head % due, why or _("The new time counts.")

    return words


def _move_times(book: Book, page: Page, mission: Mission, extension: Extension) -> None:
    """New times count from here; an alarm about the return is stood down by whoever granted them.
    Where the request was word from the party, the next check-in counts from there."""
    now, by = book.now, book.by
    assert by is not None, "a person decides"
    page.change(
        mission,
        due_at=extension.due_at,
        due_typed=extension.due_typed,
        call_out_at=extension.call_out_at,
        call_out_typed="",
    )
    decided(book, mission)
    rows = list(PartyMember.objects.filter(mission=mission).select_related("person"))
    subject = describe(page, mission, rows)
    expect_return(page, mission, subject, now=now)
    party = {row.person_id for row in rows}
    heard = was_heard(party, asked_by_id=extension.asked_by_id, link=extension.link)
    if heard:
        heard_at = max(mission.heard_at or extension.asked_at, extension.asked_at)
        expect_check_in(page, mission, subject, heard_at=heard_at, now=now)
    due_at, zone = extension.due_at, mission.zone
    reason = said_anew(
        lambda: _("More time granted, expected back %s.") % instants.wall(due_at, zone, now)
    )
    subjects.stand_down_for(book, mission.ref, by=by, reason=reason, heard=heard)
