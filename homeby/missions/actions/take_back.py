"""Taking back the sign-in of somebody who is not back: a wrong tile must not end a watch."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions import alone
from homeby.missions.actions.expecting import (
    describe,
    expect_check_in,
    expect_return,
    members_locked,
)
from homeby.missions.actions.plan import locked
from homeby.missions.actions.telling import deciders, tell_about
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Viewer
from homeby.watch.actions import kin_news
from homeby.watch.actions.subjects import reopen


@logbook.once
def take_back_sign_in(
    *, mission_id: uuid.UUID, person_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Somebody was signed in by mistake: they are out again and are missed again, by the times that
    stood. The earlier line stays in the logbook; whoever holds the watch is told."""
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        own = by.person_id == person_id
        if by.person_id is None or not (by.watches(mission.team_id) or own):
            raise Refused(_("Ask the gate keeper or the duty officer to take it back."))
        members = members_locked(mission)
        member = next((m for m in members if m.person_id == person_id), None)
        if member is None or member.state != MemberState.BACK:
            raise Refused(_("There is no sign-in on this mission to take back."))
        who = member.person.shown_as
        if mission.first_reports.filter(person_id=person_id).exists():
            raise Refused(_("%s has given a first report, so they are back.") % who)
        answer = _("Taken back: %s is still out, and is missed as before.") % who
        page = book.entry(
            rules.SIGN_IN_TAKEN_BACK,
            subject=mission.ref,
            person=person_id,
            facts={"people": [person_id]},
            tap=tap,
            answer=answer,
        )
        page.change(
            member,
            state=MemberState.OUT,
            back_at=None,
            back_gate_id=None,
            back_how="",
            back_by_id=None,
            debriefed_at=None,
            debriefed_by_id=None,
        )
        _out_again(page, mission, members, person_id, now=now)

        def words() -> tuple[str, str]:
            return _("%s is not back after all") % who, _told(mission, now=now)

        tell_about(
            page,
            deciders(mission, now=now),
            words,
            key=f"{mission.ref}/taken-back/{tap.entry_id}",
            mission=mission,
            in_danger=True,
        )
    return answer


def _told(mission: Mission, *, now: dt.datetime) -> str:
    assert mission.due_at is not None, "whoever was out has a due time"
    due = instants.wall(mission.due_at, mission.zone, now)
    return _("A sign-in was taken back. Expected back %s; the watch goes on.") % due


def _out_again(
    page: Page,
    mission: Mission,
    members: list[PartyMember],
    person_id: uuid.UUID,
    *,
    now: dt.datetime,
) -> None:
    """The watch expects them again. While others were out it never stopped, and only learns the
    names; a mission that was back gets its deadline anew, which acts at once if it has passed."""
    was_back = mission.state == MissionState.BACK
    subject = describe(page, mission, members)
    kin_news.not_back(page, subject, person_id)
    if not was_back:
        alone.change(page, mission, members, now=now)
        return
    page.change(mission, state=MissionState.OUT, back_at=None, debrief_due_at=None)
    for member in members:
        if member.state == MemberState.STAYED:
            page.change(member, state=MemberState.PLANNED)
    expect_return(page, mission, subject, now=now)
    expect_check_in(page, mission, subject, heard_at=now, now=now)
    reopen(page, mission.ref)
    alone.change(page, mission, members, now=now)
