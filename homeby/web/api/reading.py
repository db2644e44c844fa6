"""Reading by programs: the same queries, and so the same answers, as the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from homeby.logbook import queries as logbook
from homeby.missions import queries as missions
from homeby.missions.queries import paged
from homeby.missions.queries.looked import note_list
from homeby.missions.rules import MissionState
from homeby.people import queries as people
from homeby.people.queries import paged as persons
from homeby.people.rules import Right, Viewer
from homeby.watch import queries as watch
from homeby.watch.queries import paged as alarms
from homeby.watch.rules import AlarmState
from homeby.web import timeline
from homeby.web.api.caller import Caller, Token, caller_of
from homeby.web.api.fields import Cursor, Limit, Page, behind, number, page_of
from homeby.web.api.limits import Pace
from homeby.web.api.problems import ProblemBody, not_found
from homeby.web.board import alarm_page

router = Router()

_READ_PROBLEMS = (400, 401, 403, 404, 405, 422, 429, 500, 503)


def may_read(right: Right, response: Any) -> dict[str, Any]:
    """The token that an operation needs, and every answer it can give (the library documents none
    of its own)."""
    return {
        "auth": Token(right, Pace.READ),
        "response": {200: response, frozenset(_READ_PROBLEMS): ProblemBody},
    }


class PersonOut(Schema):
    """A person or a unit. `name` is "" in the list, and unless the token's person works in the
    office; whoever reads one person's is recorded, and she sees it."""

    id: uuid.UUID
    callsign: str
    name: str
    is_unit: bool
    is_active: bool


class MemberOut(Schema):
    """One of a party."""

    person_id: uuid.UUID
    callsign: str
    state: str = Field(
        description="Empty for the others of a party whose member the token's person is and is "
        "home: whether they are back is not hers to know."
    )
    out_at: dt.datetime | None
    back_at: dt.datetime | None


class MissionOut(Schema):
    """A mission; for one of its party who is home herself as she left it, since her own return
    `BACK`. `phase` is that of its open alarm, "" without one."""

    id: uuid.UUID
    state: str
    what: str
    place: str = Field(
        description="As its person may read it: while they are out a leader reads the sector, "
        "whoever has no need to know nothing."
    )
    zone: str
    kind: str = Field(description="The code of its kind, empty for an ordinary mission.")
    unit: str = Field(description="As what its special unit is known, empty without one.")
    is_solo: bool
    leader_id: uuid.UUID
    party: list[MemberOut]
    out_at: dt.datetime | None
    sets_out_at: dt.datetime | None = Field(description="When they are to set out, as planned.")
    due_at: dt.datetime | None = Field(description="Expected back.")
    call_out_at: dt.datetime | None = Field(description="When help is called.")
    check_in_at: dt.datetime | None = Field(description="The next check-in that is expected.")
    heard_at: dt.datetime | None
    back_at: dt.datetime | None
    alarm_id: uuid.UUID | None
    phase: str


class EntryOut(Schema):
    """A line of the logbook, in the words of the pages."""

    number: int
    entry_id: uuid.UUID
    kind: str
    label: str
    text: str
    subject: str
    person_id: uuid.UUID | None
    actor_id: uuid.UUID | None
    happened_at: dt.datetime = Field(description="When it was so.")
    recorded_at: dt.datetime = Field(description="When the station learned it.")
    is_erased: bool


class AlarmOut(Schema):
    """An alarm. `taken_by` is "" while nobody has it."""

    id: uuid.UUID
    number: str
    label: str
    where: str
    phase: str
    is_open: bool
    zone: str
    mission_id: uuid.UUID | None
    opened_at: dt.datetime
    due_at: dt.datetime
    call_out_at: dt.datetime
    heard_at: dt.datetime | None
    taken_by: str
    second_missing: bool
    taken_until_at: dt.datetime | None
    offered_to: str
    next_step_at: dt.datetime | None
    ended_at: dt.datetime | None
    ended_how: str


class WatchOut(Schema):
    """A watch of the bill; `to_at` null is the standing watch."""

    id: uuid.UUID
    person_id: uuid.UUID
    callsign: str
    deputy_id: uuid.UUID | None
    deputy: str
    holder_id: uuid.UUID | None = Field(description="Who has it: the officer, or the deputy.")
    from_at: dt.datetime
    to_at: dt.datetime | None


@router.get("/people", summary="People", **may_read(Right.READ_PEOPLE, Page[PersonOut]))
def list_people(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> Any:
    """The people and units whom the token's person may see, in the order of their ids."""
    after = behind(cursor, uuid.UUID)
    found = persons.people_after(caller_of(request).viewer, after=after, limit=limit + 1)
    return page_of(found, limit=limit, key=lambda one: one.id)


@router.get(
    "/people/{uuid:person_id}", summary="A person", **may_read(Right.READ_PEOPLE, PersonOut)
)
def read_person(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """One person or unit."""
    found = persons.person_facts(caller_of(request).viewer, person_id)
    if found is None:
        raise not_found()
    return found


@router.get("/missions", summary="Missions", **may_read(Right.READ_MISSIONS, Page[MissionOut]))
def list_missions(
    request: HttpRequest,
    state: MissionState | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """The missions that the token's person may see, in the order of their ids."""
    caller = caller_of(request)
    found = paged.missions_after(
        caller.viewer,
        states=[state] if state else [],
        after=behind(cursor, uuid.UUID),
        limit=limit + 1,
        now=caller.now,
    )
    return page_of(found, limit=limit, key=lambda one: one.id)


@router.get(
    "/missions/{uuid:mission_id}",
    summary="A mission",
    **may_read(Right.READ_MISSIONS, MissionOut),
)
def read_mission(request: HttpRequest, mission_id: uuid.UUID) -> Any:
    """One mission with its party."""
    caller = caller_of(request)
    found = paged.mission_facts(caller.viewer, mission_id, now=caller.now)
    if found is None:
        raise not_found()
    return found


@router.get("/entries", summary="The logbook", **may_read(Right.READ_ENTRIES, Page[EntryOut]))
def list_entries(
    request: HttpRequest, kind: str = "", cursor: Cursor = "", limit: Limit = 50
) -> Any:
    """The lines of the logbook that the token's person may read, oldest first. An entry may appear
    a moment later than one with a higher number: two transactions end in another order than they
    began. Webhooks miss none."""
    caller = caller_of(request)
    found = logbook.after_number(
        caller.viewer,
        number=behind(cursor, number) or 0,
        kinds=[kind] if kind else [],
        limit=limit + 1,
    )
    made = entries_out(caller.viewer, found, now=caller.now)
    return page_of(made, limit=limit, key=lambda one: one["number"])


@router.get(
    "/missions/{uuid:mission_id}/entries",
    summary="The logbook of a mission",
    **may_read(Right.READ_ENTRIES, Page[EntryOut]),
)
def list_mission_entries(request: HttpRequest, mission_id: uuid.UUID) -> Any:
    """What stands on the mission's own page, oldest first, at most 500 lines."""
    caller = caller_of(request)
    if paged.mission_facts(caller.viewer, mission_id, now=caller.now) is None:
        raise not_found()
    found = missions.timeline(caller.viewer, mission_id)
    return {"items": entries_out(caller.viewer, found, now=caller.now), "next": None}


def entries_out(viewer: Viewer, lines: Any, *, now: dt.datetime) -> list[dict[str, Any]]:
    """Lines of the logbook as they are sent; the words are those of the pages. At most two
    queries."""
    zone = people.zone()
    said = timeline.said(viewer, lines, zone=zone, now=now)
    names = ("number", "entry_id", "kind", "subject", "person_id", "actor_id")
    return [
        {name: getattr(line, name) for name in names}
        | {
            "label": str(line.label),
            "text": said[line.entry_id],
            "happened_at": line.happened_at,
            "recorded_at": line.recorded_at,
            "is_erased": line.erased,
        }
        for line in lines
    ]


@router.get("/alarms", summary="Alarms", **may_read(Right.READ_ALARMS, Page[AlarmOut]))
def list_alarms(
    request: HttpRequest,
    state: AlarmState | None = None,
    cursor: Cursor = "",
    limit: Limit = 50,
) -> Any:
    """The alarms that the token's person may see, in the order of their ids."""
    caller = caller_of(request)
    note_list(caller.viewer, "alarms")
    found = alarms.alarms_after(
        caller.viewer, state=state, after=behind(cursor, uuid.UUID), limit=limit + 1
    )
    return page_of(_alarms_out(caller, found), limit=limit, key=lambda one: one["id"])


@router.get("/alarms/{uuid:alarm_id}", summary="An alarm", **may_read(Right.READ_ALARMS, AlarmOut))
def read_alarm(request: HttpRequest, alarm_id: uuid.UUID) -> Any:
    """One alarm."""
    caller = caller_of(request)
    found = watch.alarm(caller.viewer, alarm_id)
    if found is None:
        raise not_found()
    return _alarms_out(caller, [alarm_page.seen(found)])[0]


def _alarms_out(caller: Caller, found: list[Any]) -> list[dict[str, Any]]:
    names = alarm_page.names_in(caller.viewer, found)
    places = alarm_page.places_of(caller.viewer, found, now=caller.now)
    lines = [alarm_page.alarm_line(one, names, now=caller.now, places=places) for one in found]
    kept = set(AlarmOut.model_fields) - {"is_open"}
    return [
        {name: getattr(line, name) for name in kept} | {"is_open": line.ended_at is None}
        for line in lines
    ]


@router.get(
    "/watch-bill", summary="The watch bill", **may_read(Right.READ_WATCH_BILL, Page[WatchOut])
)
def read_watch_bill(request: HttpRequest) -> Any:
    """The watches that have not ended, in the order of time."""
    caller = caller_of(request)
    rows = watch.bill_rows(caller.viewer, now=caller.now)
    keys = [key for row in rows for key in (row.watch.person_id, row.watch.deputy_id)]
    names = people.names(keys, to=caller.viewer)
    items = [
        {
            "id": row.id,
            "person_id": row.watch.person_id,
            "callsign": names.get(row.watch.person_id, ""),
            "deputy_id": row.watch.deputy_id,
            "deputy": names.get(row.watch.deputy_id, "") if row.watch.deputy_id else "",
            "holder_id": row.watch.holder_id,
            "from_at": row.watch.from_at,
            "to_at": row.watch.to_at,
        }
        for row in rows
    ]
    return {"items": items, "next": None}
