"""Signing out and in from a form: who may be ticked, what must be asked, what is recorded.

The gate's pages and the mission's own page share this; they differ in which gate they name.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import queries as logbook
from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions.actions import alone, gate, young
from homeby.missions.actions.gate import AtGate
from homeby.missions.actions.take_back import take_back_sign_in
from homeby.missions.queries import check_ins
from homeby.missions.queries.home import UNSAID
from homeby.missions.queries.minors import day_of, speaks_against
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import (
    ENTERED_LATE_DAYS,
    Acceptance,
    How,
    Link,
    MemberState,
    MissionState,
)
from homeby.people.queries.minors import minors_among
from homeby.people.rules import Viewer
from homeby.watch.rules import Times as WatchTimes
from homeby.web.door import Door, tap_of
from homeby.web.gate.forms import ActForm
from homeby.web.promises import Promise, Times, promise


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An act that stands in the logbook, and what was answered."""

    entry_id: uuid.UUID
    answer: str


def already(door: Door) -> Recorded | None:
    """The answer to a form that was posted before: it counts once, whatever has changed since."""
    try:
        entry_id = uuid.UUID(door.request.POST.get("entry_id", ""))
    except ValueError:
        return None
    answer = logbook.answer_given(entry_id)
    return None if answer is None else Recorded(entry_id=entry_id, answer=answer)


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of a party as a form shows them."""

    id: uuid.UUID
    label: str
    in_at: dt.datetime | None
    ticked: bool
    can_be_ticked: bool


def candidates(sheet: Sheet, act: str) -> list[uuid.UUID]:
    """Those this act can be for: who has not left yet, or who is out; of her own party, while she
    is out, whoever left with her."""
    if act == "out":
        return sheet.ids(MemberState.PLANNED)
    left = sheet.ids(UNSAID) if sheet.mission.state == MissionState.OUT else []
    return sheet.ids(MemberState.OUT) + left


def form_for(door: Door, sheet: Sheet, act: str, *, asks: Sequence[str] = ()) -> ActForm:
    """The form of an act for this party; `asks` names fields to ask beside when they sign. A posted
    sign-in may name any of the party: it may be older than what another screen has recorded, and
    the action judges that (house rule 7)."""
    who, request = candidates(sheet, act), door.request
    data = request.POST if request.method == "POST" else None
    if act == "check-in":
        return ActForm(data, asks=["link", "happened", "note"])
    names = {row.person_id: row.person.shown_as for row in sheet.party}
    offered = list(names) if act == "in" and data is not None else who
    form = ActForm(data, asks=[*asks, *_asked(door, sheet, act, offered)])
    form.says_against = act == "out" and bool(minors_against(sheet, now=door.now))
    if "person" in form.fields:
        form.offer("person", [(key, names[key]) for key in offered])
        form.fields["person"].initial = [str(key) for key in who] if act == "out" else _only(who)
    return form


def _asked(door: Door, sheet: Sheet, act: str, who: Sequence[uuid.UUID]) -> list[str]:
    """The fields that an act for these people has."""
    request = door.request
    wanted = ["happened"]
    if len(sheet.party) > 1:
        wanted.append("person")
    if act == "in" and len(who) > 1:
        wanted.append("heads")
    if "how" in request.POST if request.method == "POST" else who != [door.viewer.person_id]:
        wanted.append("how")
    if act == "out":
        wanted += _overrides(door, sheet)
    return wanted


def _overrides(door: Door, sheet: Sheet) -> list[str]:
    """What may be ticked where something speaks against leaving. Limits of minors are lifted by no
    tick, but whoever has left already is written down. What speaks against that shows only with
    the time that is typed; before a sentence says it, no party is asked, lest the tick tell that a
    minor is of it (`ActForm.shows_left`). "Anyway" is for the rest, and not offered where all who
    are to leave are minors whom it would not help."""
    found = ["anyway"] if clashes(sheet, door.viewer) or sheet.leaves_unapproved else []
    if minors_against(sheet, now=door.now) and _are_minors(sheet, now=door.now):
        found = []
    return [*found, "has_left"]


def _are_minors(sheet: Sheet, *, now: dt.datetime) -> bool:
    going = sheet.ids(MemberState.PLANNED)
    since = now - dt.timedelta(days=ENTERED_LATE_DAYS)
    return len(minors_among(going, on=day_of(sheet.mission, since))) == len(going)


def minors_against(sheet: Sheet, *, now: dt.datetime) -> tuple[str, ...]:
    """What speaks against all leaving now who have not left yet, for they are minors."""
    going = sheet.ids(MemberState.PLANNED)
    return speaks_against(sheet.mission, sheet.party, going=going, out_at=now) if going else ()


def _only(who: Sequence[uuid.UUID]) -> list[str]:
    return [str(key) for key in who] if len(who) == 1 else []


def advice(sheet: Sheet, viewer: Viewer, *, now: dt.datetime) -> list[str]:
    """What whoever signs out should know first: readiness and rules advise, people decide."""
    refused = [row.person.shown_as for row in sheet.party if row.acceptance == Acceptance.REFUSED]
    said = [_("%s has refused this assignment; that is a normal answer.") % who for who in refused]
    if against := minors_against(sheet, now=now):
        return [*clashes(sheet, viewer), *said, *against, young.not_so()]
    if sheet.leaves_unapproved:
        said.append(str(alone.WITHOUT_APPROVAL))
    return clashes(sheet, viewer) + said


def clashes(sheet: Sheet, viewer: Viewer) -> list[str]:
    """Sentences about those who are to leave and are still out on another mission."""
    other = [
        outing
        for outing in missions.open_outings(sheet.ids(MemberState.PLANNED), told_to=viewer)
        if outing.mission_id != sheet.mission.pk
    ]
    return [
        _("%(who)s is still out on “%(what)s”. Sign them in there first, or tick “anyway”.")
        % {"who": outing.person.shown_as, "what": outing.mission.what}
        for outing in other
    ]


def members(sheet: Sheet, form: ActForm, act: str) -> list[Member]:
    """The party with ticks as they were set; nobody to tick in a party of one."""
    if "person" not in form.fields:
        return []
    ticked = set(form["person"].value() or [])
    free = set(candidates(sheet, act))
    return [
        Member(
            id=row.person_id,
            label=row.person.shown_as,
            in_at=row.back_at if act == "in" else row.out_at,
            ticked=str(row.person_id) in ticked,
            can_be_ticked=row.person_id in free,
        )
        for row in sheet.party
        if row.person_id in free or row.state in (MemberState.OUT, MemberState.BACK)
    ]


def sign(
    door: Door, sheet: Sheet, act: str, form: ActForm, *, gate_id: uuid.UUID | None
) -> Recorded:
    """Sign out or in those who are ticked. Raises Refused with sentences by field of the form."""
    who = form.chosen() if "person" in form.fields else [row.person_id for row in sheet.party]
    if not who:
        raise Refused(person=_("Tick who is leaving.") if act == "out" else _("Tick who is back."))
    own = who == [door.viewer.person_id]
    left = bool(form.cleaned_data.get("has_left"))
    at = AtGate(gate_id=gate_id, how=How.DEVICE if own else form.how_sure(), has_left=left)
    tap = tap_of(door.request, happened="happened", zone=sheet.mission.zone)
    try:
        if act == "in":
            answer = gate.sign_in(
                person_ids=who,
                at=at,
                mission_id=sheet.mission.pk,
                heads=_heads(form, who),
                by=door.viewer,
                now=door.now,
                tap=tap,
            )
        else:
            answer = gate.sign_out(
                mission_id=sheet.mission.pk,
                person_ids=who,
                at=at,
                anyway=bool(form.cleaned_data.get("anyway")),
                by=door.viewer,
                now=door.now,
                tap=tap,
            )
    except Refused as refused:
        raise renamed(refused, {"people": "person"}) from refused
    return Recorded(entry_id=tap.entry_id, answer=answer)


def sign_one(
    door: Door, sheet: Sheet, act: str, person_id: uuid.UUID, *, gate_id: uuid.UUID
) -> Recorded:
    """One tap for one person. Raises Refused."""
    form = ActForm({"person": [str(person_id)]}, asks=["person"])
    form.offer("person", [(row.person_id, row.person_id) for row in sheet.party])
    form.is_valid()
    return sign(door, sheet, act, form, gate_id=gate_id)


def member_or_404(sheet: Sheet, text: str) -> uuid.UUID:
    """The one of the party whom a tile names."""
    for row in sheet.party:
        if str(row.person_id) == text:
            return row.person_id
    raise Http404


def _heads(form: ActForm, who: Sequence[uuid.UUID]) -> int | None:
    heads: int | None = form.cleaned_data.get("heads")
    if heads is None and len(who) > 1:
        raise Refused(heads=_("Count the heads that stand here, and write the number."))
    return heads


def renamed(refused: Refused, names: Mapping[str, str]) -> Refused:
    """A refusal with the names of a form's fields in place of the action's."""
    problems = {names.get(name, name): text for name, text in refused.problems.items()}
    above = problems.pop("", "")
    return Refused(above, **problems)


def check_in(door: Door, sheet: Sheet, form: ActForm) -> Recorded:
    """A check-in that somebody else enters, with its link and its own time. Raises Refused."""
    tap = tap_of(door.request, happened="happened", zone=sheet.mission.zone)
    answer = gate.check_in(
        mission_id=sheet.mission.pk,
        link=Link(form.cleaned_data.get("link") or Link.IN_PERSON),
        note=str(form.cleaned_data.get("note", "")),
        by=door.viewer,
        now=door.now,
        tap=tap,
    )
    return Recorded(entry_id=tap.entry_id, answer=answer)


def take_back(door: Door, sheet: Sheet, person_id: uuid.UUID) -> Recorded:
    """Take back the sign-in of the wrong person. Raises Refused."""
    tap = tap_of(door.request)
    answer = take_back_sign_in(
        mission_id=sheet.mission.pk, person_id=person_id, by=door.viewer, now=door.now, tap=tap
    )
    return Recorded(entry_id=tap.entry_id, answer=answer)


def blocked(sheet: Sheet, *, now: dt.datetime) -> str:
    """Why nobody can be signed out on this mission now, "" when they can."""
    row = sheet.mission
    if row.state not in (MissionState.PLANNED, MissionState.OUT):
        return _("This mission is over or was taken back. Plan a new one.")
    if row.due_at is None or row.due_at <= now:
        return _("Expected back has passed already. Change the plan first.")
    return ""


def promised(sheet: Sheet, *, now: dt.datetime) -> Promise | None:
    """What happens if they do not come back, None for a mission without times. Before anybody has
    left it begins now."""
    row = sheet.mission
    if row.due_at is None or row.call_out_at is None:
        return None
    return promise(
        Times(
            due_at=row.due_at,
            call_out_at=row.call_out_at,
            zone=row.zone,
            out_at=row.out_at,
            check_in=_next_check_in(sheet, now=now),
        ),
        now=now,
    )


def _next_check_in(sheet: Sheet, *, now: dt.datetime) -> WatchTimes | None:
    """The check-in that is expected next; before anybody has left, that of a departure now."""
    if sheet.mission.state == MissionState.PLANNED:
        return check_ins.next_after(sheet.mission, heard_at=now, now=now)
    return check_ins.missed_at(sheet.mission, sheet.check_in_at) if sheet.check_in_at else None


def facts(sheet: Sheet) -> dict[str, Any]:
    """A mission as the head of a gate's page names it."""
    row = sheet.mission
    shown = [m.person.shown_as for m in sheet.party if m.state != MemberState.STAYED]
    return {
        "id": row.pk,
        "label": missions.party_title(shown),
        "where": ", ".join(part for part in (row.what, sheet.where.shown) if part),
        "due_at": row.due_at,
        "call_out_at": row.call_out_at,
        "zone": row.zone,
        "heads": len(shown),
        "solo": row.is_solo,
    }


def wall(at: dt.datetime | None, sheet: Sheet, *, now: dt.datetime) -> str:
    """The wall time of an instant in the zone of a mission."""
    return instants.wall(at, sheet.mission.zone, now) if at else ""
