"""A sign-out that arrives when its mission is over already: whoever signed out left before the
others were back, and is out still for all we know. So nobody is missed by nobody because of the
order in which entries of several devices arrive (P16).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from homeby.logbook.actions import Page
from homeby.missions.actions.expecting import expect_check_in, expect_return
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import MemberState, MissionState
from homeby.watch.actions import subjects


def left_before_it_ended(
    mission: Mission, going: Collection[PartyMember], *, happened_at: dt.datetime
) -> bool:
    """Whether this mission counts as back only because nobody knew yet that these had left, too."""
    return (
        mission.state == MissionState.BACK
        and mission.back_at is not None
        and happened_at <= mission.back_at
        and all(member.state == MemberState.STAYED for member in going)
    )


def goes_on(
    page: Page, mission: Mission, members: Collection[PartyMember], *, happened_at: dt.datetime
) -> None:
    """The mission is not over: whoever stayed is planned still, and the last who came back was the
    last who was heard. Before those who left are written as out."""
    assert mission.back_at is not None, "it counted as back"
    page.change(
        mission,
        state=MissionState.OUT,
        heard_at=max(mission.back_at, mission.heard_at or mission.back_at),
        back_at=None,
        debrief_due_at=None,
        out_at=min(mission.out_at or happened_at, happened_at),
    )
    for member in members:
        if member.state == MemberState.STAYED:
            page.change(member, state=MemberState.PLANNED)


def is_watched_again(page: Page, mission: Mission, subject: subjects.Subject) -> None:
    """The watch waits for them by the times that stood, and an alarm that ended is open again."""
    now = page.book.now
    assert mission.heard_at is not None, "somebody came back"
    expect_return(page, mission, subject, now=now)
    expect_check_in(page, mission, subject, heard_at=mission.heard_at, now=now)
    subjects.reopen(page, mission.ref)
