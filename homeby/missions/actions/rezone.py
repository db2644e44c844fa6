"""Moving the times of a mission that new time zone data reads otherwise; a person confirms it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions.decided import decided
from homeby.missions.actions.expecting import describe, expect_return
from homeby.missions.actions.plan import locked
from homeby.missions.actions.telling import deciders, tell_about
from homeby.missions.models import PartyMember
from homeby.missions.queries import party_title
from homeby.missions.queries.zones import reading_now
from homeby.missions.rules import MemberState, MissionState
from homeby.people.rules import Role, Viewer


@logbook.once
def move_by_zones(
    *, mission_id: uuid.UUID, new_due_at: dt.datetime, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Take the reading of today's zone data for one mission. `new_due_at` is what the person saw
    and confirmed. The party and whoever has the watch are told (P17). Refused when the time is no
    longer open, or would be read otherwise still."""
    if not by.is_station and not by.has(Role.DUTY_OFFICER, Role.ADMINISTRATOR):
        raise Refused(_("A duty officer or administrator confirms what new zone data moves."))
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        still_open = mission.state in (MissionState.PLANNED, MissionState.OUT)
        if not still_open or mission.due_at is None or reading_now(mission) != new_due_at:
            raise Refused(_("This time is not to be moved any more; look at the list again."))
        old_due_at, call_out_at = mission.due_at, mission.call_out_at or mission.due_at
        due = instants.wall(new_due_at, mission.zone, now)
        answer = _("Expected back %s now.") % due
        facts = {"typed": mission.due_typed, "zone": mission.zone, "was": old_due_at}
        page = book.entry(
            rules.MISSION_MOVED, subject=mission.ref, facts=facts, tap=tap, answer=answer
        )
        moved = {"due_at": new_due_at, "call_out_at": call_out_at + (new_due_at - old_due_at)}
        page.change(mission, **moved)
        decided(book, mission)
        members = list(PartyMember.objects.filter(mission=mission).select_related("person"))
        if mission.state == MissionState.OUT:
            expect_return(page, mission, describe(page, mission, members), now=now)
        going = [m for m in members if m.state in (MemberState.PLANNED, MemberState.OUT)]
        title = party_title([member.person.shown_as for member in going])

        def words() -> tuple[str, str]:
            due = instants.wall(new_due_at, mission.zone, now)
            text = _(
                "The clocks of %(zone)s are changed by new rules. “%(typed)s” was understood as "
                "%(old)s; from now on it means %(due)s."
            ) % {
                "zone": mission.zone,
                "typed": mission.due_typed,
                "old": f"{old_due_at:%Y-%m-%d %H:%M}Z",
                "due": f"{new_due_at:%Y-%m-%d %H:%M}Z",
            }
            return _("%(who)s: expected back %(due)s") % {"who": title, "due": due}, text

        told = [member.person_id for member in going]
        told += [one for one in deciders(mission, now=now) if one not in told]
        key = f"zones:{tap.entry_id}"
        tell_about(page, told, words, key=key, mission=mission, in_danger=True)
    return answer
