"""What missions ask of the watch: who is out, by when we must have heard. Inside an open book."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused
from homeby.missions import queries
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries import check_ins
from homeby.missions.rules import MemberState
from homeby.watch import queries as watch
from homeby.watch.actions import subjects
from homeby.watch.actions.subjects import Expectation, SubjectFacts
from homeby.watch.queries import pauses
from homeby.watch.rules import DeadlineKind, Plan, Times


def watch_plan(kind: DeadlineKind) -> Plan:
    """The plan for a kind of deadline; without one nobody may leave: nobody would be told."""
    plan = watch.default_plan(kind) or watch.default_plan(DeadlineKind.RETURN)
    if plan is None:
        raise Refused(_("There is no escalation plan yet, so nobody would be told. Set one first."))
    return plan


def describe(page: Page, mission: Mission, members: list[PartyMember]) -> subjects.Subject:
    """Tell the watch who of this mission is still out."""
    out = [m for m in members if m.state == MemberState.OUT]
    shown = out or members
    facts = SubjectFacts(
        title=queries.party_title([m.person.shown_as for m in shown])[:300],
        place=mission.place,
        zone=mission.zone,
        party=sorted(str(m.person_id) for m in out),
        leader_id=mission.leader_id,
        team_id=mission.team_id,
        team_title=queries.called(mission, to_kin=True),
        due_at=mission.due_at,
        buddy_id=mission.buddy_id,
    )
    return subjects.describe(page, mission.ref, facts)


def expect_return(
    page: Page, mission: Mission, subject: subjects.Subject, *, now: dt.datetime
) -> None:
    """Open the deadline of the return."""
    assert mission.due_at is not None, "whoever is out has both times"
    assert mission.call_out_at is not None, "whoever is out has both times"
    times = Times(due_at=mission.due_at, call_out_at=mission.call_out_at)
    expectation = Expectation(
        kind=DeadlineKind.RETURN, times=times, plan=watch_plan(DeadlineKind.RETURN)
    )
    subjects.expect(page, subject, expectation, now=now)


def expect_check_in(
    page: Page,
    mission: Mission,
    subject: subjects.Subject,
    *,
    heard_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Open the deadline of the next check-in, if the mission asks for them and one comes before the
    return."""
    times = check_ins.next_after(mission, heard_at=heard_at, now=now)
    if times is None:
        return
    expectation = Expectation(
        kind=DeadlineKind.CHECK_IN, times=times, plan=watch_plan(DeadlineKind.CHECK_IN)
    )
    subjects.expect(page, subject, expectation, now=now)


def promise_in_words(mission: Mission, *, left_at: dt.datetime, now: dt.datetime) -> str:
    """The promise of a sign-out, in plain words (`STORY.md` 63): of the first check-in too, which
    may call help hours before the return does."""
    assert mission.due_at is not None, "whoever goes out has both times"
    assert mission.call_out_at is not None, "whoever goes out has both times"
    said = _(
        "Signed out. Expected back %(due)s, %(span)s. If you are not back by then we ask you and "
        "tell the duty officer; at %(call_out)s help is called."
    ) % {
        "due": instants.wall(mission.due_at, mission.zone, now),
        "span": instants.relative(mission.due_at, now),
        "call_out": instants.wall(mission.call_out_at, mission.zone, now),
    }
    if mission.is_solo:
        said += " " + _("You are alone.")
    paused_until = pauses.paused_until(now=now)
    if paused_until is not None:
        said += " " + _("The watch is paused until %s: before that nobody is missed.") % (
            instants.wall(paused_until, mission.zone, now)
        )
    check_in = check_ins.next_after(mission, heard_at=left_at, now=now)
    if check_in is not None:
        said += " " + _(
            "Check in by %(due)s; if we hear nothing we ask you, and at %(call_out)s help is "
            "called."
        ) % {
            "due": instants.wall(check_in.due_at, mission.zone, now),
            "call_out": instants.wall(check_in.call_out_at, mission.zone, now),
        }
    return said


def members_locked(mission: Mission) -> list[PartyMember]:
    """The party, locked for this transaction."""
    rows = PartyMember.objects.select_for_update(of=("self",)).filter(mission=mission)
    return list(rows.select_related("person").order_by("pk"))
