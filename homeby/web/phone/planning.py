"""From a typed plan to the fields of the action: who, when, where; what was understood is said."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
import zlib
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from homeby import instants
from homeby.instants import Problem, Typed
from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.missions import rules
from homeby.missions.actions import plan
from homeby.missions.actions.plan import PlanFields
from homeby.missions.queries import check_ins
from homeby.missions.queries.sheets import Sheet
from homeby.missions.rules import Conditions, PlanTimes
from homeby.people import queries as people
from homeby.people.queries import Choice
from homeby.readiness.queries.decision_groups import group_of_mission, groups_of
from homeby.readiness.queries.plan_advice import AgainstPlan
from homeby.readiness.queries.special_units import plannable
from homeby.web import together
from homeby.web.door import Door
from homeby.web.gate.acts import renamed
from homeby.web.phone import coordinates, routes, times
from homeby.web.phone.forms import ABOUT, PlanForm

#: The action's names for fields -> the form's.
FIELDS = {
    "party": "members",
    "due": "expected_back",
    "call_out": "call_out",
    "check_in": "check_in_minutes",
    "check_ins": "check_in_times",
    "place": "where",
}

_PEOPLE_FIELDS = ("leader", "members", "buddy", "asked_by", "assigned_by")
_PACKED_MAX = 2 * routes.BYTES_MAX


@dataclass(kw_only=True)
class Planning:
    """One plan on its way through a form: the form, who can be chosen, and what was understood."""

    door: Door
    form: PlanForm
    zone: str
    sheet: Sheet | None
    choices: dict[uuid.UUID, Choice]
    route_gpx: str = ""
    route_name: str = ""
    route_problem: str = ""
    typed: dict[str, Typed] = field(default_factory=dict)
    against: AgainstPlan | None = None

    @property
    def packed_route(self) -> str:
        """The route as a hidden field carries it on, so that choosing the file once is enough."""
        packed = zlib.compress(self.route_gpx.encode()) if self.route_gpx else b""
        return base64.b64encode(packed).decode()


def planning(door: Door, sheet: Sheet | None) -> Planning:
    """The form as it is typed, or empty, or with the plan that is to be changed."""
    request = door.request
    posted = request.method == "POST"
    data, files = (request.POST, request.FILES) if posted else (None, None)
    start = _as_planned(sheet) if sheet else {"leader": str(door.viewer.person_id)}
    had = group_of_mission(door.viewer, sheet.mission) if sheet else None
    start["group"] = str(had.pk) if had else ""
    form = PlanForm(data, files, initial=start)
    sites = missions.sites(door.viewer)
    zone = _zone(door, sheet, {str(site.pk): site.zone for site in sites})
    source: MultiValueDict[str, Any] = request.POST if posted else _several(start)
    kept = {key for name in _PEOPLE_FIELDS for key in _ids(source.getlist(name))}
    text = str(source.get("find", "")).strip()
    found, more = people.choices(door.viewer, text=text, keep=kept)
    form.offer_people(found, many=more or bool(text))
    several_zones = sheet is None and len({site.zone for site in sites}) > 1
    labels = [(str(site.pk), f"{site.name} ({site.zone})") for site in sites]
    form.offer("site", labels if several_zones else [])
    teams = [(str(key), name) for key, name in people.team_choices(door.viewer)]
    form.offer("team", teams, empty=_("none"))
    form.offer("unit", _units(door, sheet), empty=_("none"))
    form.offer("kind", _kinds(door, sheet), empty=_("ordinary"))
    if sheet is not None and had is None and groups_of([sheet.mission]):
        together.drop(form)  # it is in one that is nothing to her
    else:
        together.offer(form, door.viewer, now=door.now, had=had)
    if sheet is None or not sheet.mission.route_gpx:
        del form.fields["drop_route"]
    choices = {one.person_id: one for one in found}
    party = _ids([source.get("leader", ""), *source.getlist("members")])
    form.ask_about({key: choices[key].label for key in party if key in choices})
    made = Planning(door=door, form=form, zone=zone, sheet=sheet, choices=choices)
    if posted:
        _take_route(made, request.FILES.get("route"))
    return made


def _kinds(door: Door, sheet: Sheet | None) -> list[tuple[str, str]]:
    """What is offered, and what the plan has already."""
    had = sheet.mission.kind_id if sheet is not None else None
    rows = missions.kinds(door.viewer, ended=had is not None)
    return [(str(row.pk), row.name) for row in rows if row.ended_at is None or row.pk == had]


def _units(door: Door, sheet: Sheet | None) -> list[tuple[str, str]]:
    """The special units she stands in, and the one that the plan has already."""
    had = sheet.mission.unit if sheet is not None else None
    offered = dict(plannable(door.viewer))
    if had is not None and had.pk not in offered:
        offered[had.pk] = had.called or _("a special unit")
    return [(str(key), name) for key, name in offered.items()]


def _several(values: dict[str, Any]) -> MultiValueDict[str, Any]:
    return MultiValueDict(
        {name: value if isinstance(value, list) else [value] for name, value in values.items()}
    )


def _ids(texts: list[str]) -> list[uuid.UUID]:
    """The ids among these texts, each once, in their order; what is none is told by the field."""
    found: dict[uuid.UUID, None] = {}
    for text in texts:
        try:
            found[uuid.UUID(str(text))] = None
        except ValueError:
            continue
    return list(found)


def _zone(door: Door, sheet: Sheet | None, site_zones: dict[str, str]) -> str:
    """The zone in which times are typed: the mission's, the chosen site's, the only site's."""
    if sheet is not None:
        return sheet.mission.zone
    chosen = site_zones.get(door.request.POST.get("site", ""))
    zones = list(dict.fromkeys(site_zones.values()))
    return chosen or (zones[0] if zones else door.zone)


def _as_planned(sheet: Sheet) -> dict[str, Any]:
    """The plan as the form takes it again, so that keeping it unchanged changes nothing."""
    row = sheet.mission
    names = ("what", "check_in_minutes", "conditions", "vehicle", "kit", "communications", "device")
    keys = ("buddy_id", "team_id", "unit_id", "kind_id", "asked_by_id", "assigned_by_id")
    about = {f"{ABOUT}{m.person_id}": m.description for m in sheet.party}
    return (
        {name: getattr(row, name) for name in names}
        | {name.removesuffix("_id"): str(getattr(row, name) or "") for name in keys}
        | about
        | {
            "leader": str(row.leader_id),
            "members": [str(m.person_id) for m in sheet.party if m.person_id != row.leader_id],
            "solo": row.is_solo,
            "where": row.place,
            "coordinates": written_coordinates(row.latitude, row.longitude),
            "check_in_times": times.written_list(check_ins.listed(row), row.zone),
        }
        | {name: times.written(typed.instant, row.zone) for name, typed in _meant(sheet).items()}
    )


def _meant(sheet: Sheet) -> dict[str, Typed]:
    """The times of a plan by the fields of its form, with what was typed. The call-out time is the
    one that was asked for, before conditions or going alone brought it forward."""
    row = sheet.mission
    if row.due_at is None:
        return {}
    due = Typed(row.due_at, row.zone, row.due_typed)
    meant = {"expected_back": due}
    if row.sets_out_at is not None:
        meant["sets_out"] = Typed(row.sets_out_at, row.zone, row.sets_out_typed)
    if row.call_out_typed:
        called = times.call_out(row.call_out_typed, row.zone, due, now=row.due_at)
        if isinstance(called, Typed):  # its zone and its way of writing are still known
            meant["call_out"] = called
    return meant


def written_coordinates(latitude: float | None, longitude: float | None) -> str:
    """Coordinates as the form takes them again, "" for none."""
    return "" if latitude is None or longitude is None else f"{latitude:g}, {longitude:g}"


def _take_route(made: Planning, uploaded: UploadedFile[bytes] | None) -> None:
    """The route of a new file, else the one the form carried on, else the one of the plan."""
    made.route_name = made.door.request.POST.get("route_name", "")[:100]
    try:
        if uploaded is not None:
            made.route_gpx = routes.read(uploaded.read(routes.BYTES_MAX + 1)).gpx
            made.route_name = (uploaded.name or "")[:100]
        elif carried := made.door.request.POST.get("route_kept", ""):
            made.route_gpx = routes.read(_unpacked(carried)).gpx
        elif made.sheet is not None and "drop_route" not in made.door.request.POST:
            made.route_gpx = made.sheet.mission.route_gpx
    except routes.BadRoute as bad:
        made.route_problem = str(bad)


def look(made: Planning) -> None:
    """Only look for people: no judgement yet, except of a file, which would be lost."""
    made.form.is_valid()
    for name in list(made.form.errors):
        del made.form.errors[name]
    if made.route_problem:
        made.form.add_error("route", made.route_problem)


def _unpacked(carried: str) -> bytes:
    try:
        unpacking = zlib.decompressobj()
        return unpacking.decompress(base64.b64decode(carried, validate=True), _PACKED_MAX)
    except (binascii.Error, ValueError, zlib.error) as broken:
        raise routes.BadRoute(
            _("The kept route was lost on the way. Choose the file again.")
        ) from broken


def understand(made: Planning) -> PlanFields | None:
    """What the plan means, None when something is to be mended; the sentences stand in the form."""
    form = made.form
    form.is_valid()
    if made.route_problem:
        form.add_error("route", made.route_problem)
    said = form.cleaned_data
    party = _ids([said.get("leader", ""), *said.get("members", [])])
    heads = [made.choices[key] for key in party if key in made.choices]
    if said.get("solo") and len(heads) > 1:
        form.add_error("solo", _("Solo is one person; this party has %d.") % len(heads))
    is_unit = bool(heads) and heads[0].is_unit
    solo = rules.counts_as_solo(heads=len(heads), is_unit=is_unit, said=bool(said.get("solo")))
    texts: dict[str, Any] = {
        name: said.get(name, "") for name in ("vehicle", "kit", "communications", "device")
    }
    keys: dict[str, Any] = {
        f"{name}_id": _one(said.get(name)) for name in ("team", "unit", "buddy", "kind")
    }
    fields = PlanFields(
        party=tuple(party),
        leader_id=party[0] if said.get("leader") else None,
        what=said.get("what") or _("Mission"),
        zone=made.zone,
        times=_times(made),
        sets_out_typed=made.typed["sets_out"].typed if "sets_out" in made.typed else "",
        due_typed=made.typed["due"].typed if "due" in made.typed else "",
        call_out_typed=made.typed["call_out"].typed if "call_out" in made.typed else "",
        check_in_typed=said.get("check_in_times", ""),
        place=said.get("where", ""),
        route_gpx=made.route_gpx,
        is_solo=solo,
        conditions=Conditions(said.get("conditions") or Conditions.NORMAL),
        descriptions={key: said.get(f"{ABOUT}{key}", "") for key in party},
        key=made.sheet.mission.key if made.sheet else None,
        **_place(made),
        **_assignment(made),
        **texts,
        **keys,
    )
    _judge(made, fields)
    return fields if form.is_valid() else None


def _one(text: str | None) -> uuid.UUID | None:
    return uuid.UUID(text) if text else None


def _times(made: Planning) -> PlanTimes | None:
    """The typed times as instants; sentences about what is not understood."""
    form, now = made.form, made.door.now
    names = ("sets_out", "expected_back", "call_out")
    texts = {name: form.cleaned_data.get(name, "") for name in names}
    left = _left_alone(made, texts)
    due = left.get("expected_back") or instants.parse_typed(texts["expected_back"], made.zone, now)
    if isinstance(due, Problem):
        if texts["expected_back"]:
            form.add_error("expected_back", due.sentence)
    else:
        made.typed["due"] = due
    if texts["call_out"]:
        called = left.get("call_out") or times.call_out(texts["call_out"], made.zone, due, now=now)
        if isinstance(called, Problem):
            form.add_error("call_out", called.sentence)
        else:
            made.typed["call_out"] = called
    if texts["sets_out"]:
        leaves = left.get("sets_out") or instants.parse_typed(texts["sets_out"], made.zone, now)
        if isinstance(leaves, Problem):
            form.add_error("sets_out", leaves.sentence)
        else:
            made.typed["sets_out"] = leaves
    if "due" not in made.typed:
        return None
    call_out, leaves_at = (made.typed.get(name) for name in ("call_out", "sets_out"))
    return PlanTimes(
        sets_out_at=leaves_at.instant if leaves_at else None,
        due_at=made.typed["due"].instant,
        call_out_at=call_out.instant if call_out else None,
        check_in_minutes=form.cleaned_data.get("check_in_minutes"),
        check_ins=_check_ins(made),
    )


def _left_alone(made: Planning, texts: dict[str, str]) -> dict[str, Typed]:
    """The times whose fields stand as the form offered them: they mean what they meant, to the
    second. A call-out time counts from the expected return, so only together with it."""
    meant = _meant(made.sheet) if made.sheet else {}
    left = {
        name: typed
        for name, typed in meant.items()
        if texts[name] == times.written(typed.instant, typed.zone)
    }
    return left if "expected_back" in left else {k: v for k, v in left.items() if k == "sets_out"}


def _check_ins(made: Planning) -> tuple[dt.datetime, ...]:
    """The check-in times that were typed one by one, each as the next such time from now."""
    text = made.form.cleaned_data.get("check_in_times", "")
    found = times.listed(text, made.zone, now=made.door.now)
    if isinstance(found, Problem):
        made.form.add_error("check_in_times", found.sentence)
        return ()
    return found


def _place(made: Planning) -> dict[str, Any]:
    try:
        found = coordinates.parse(made.form.cleaned_data.get("coordinates", ""))
    except coordinates.BadCoordinates as bad:
        made.form.add_error("coordinates", str(bad))
        found = None
    return {"latitude": found[0], "longitude": found[1]} if found else {}


def _assignment(made: Planning) -> dict[str, Any]:
    """Who asked for it, who assigned it; whom the action asks to accept follows from it."""
    said = made.form.cleaned_data
    return {f"{name}_id": _one(said.get(name)) for name in ("asked_by", "assigned_by")}


def _judge(made: Planning, fields: PlanFields) -> None:
    """What the rules say, beside the fields that have no sentence yet."""
    found = plan.problems(fields, now=made.door.now)
    called = made.typed.get("call_out")
    if "call_out" in found and called is not None:  # "18:00" for a return at 18:30 is tomorrow's
        read = _("“%(typed)s” is read as %(taken)s.") % {
            "typed": called.typed,
            "taken": instants.wall(called.instant, made.zone, made.door.now),
        }
        found["call_out"] = f"{read} {found['call_out']}"
    put_beside(made.form, Refused(**found))


def put_beside(form: PlanForm, refused: Refused) -> None:
    """The sentences of the rules beside the fields of the form, one a field."""
    for name, sentence in renamed(refused, FIELDS).problems.items():
        if name not in form.errors:
            form.add_error(name if name in form.fields else None, sentence)


def notes(made: Planning, fields: PlanFields) -> list[str]:
    """What the planner should know of a plan that stands: readings taken, stricter rules."""
    now, limits = made.door.now, missions.limits()
    assert fields.times is not None, "a plan that stands has times"
    said = [times.reading(typed, now=now) for typed in made.typed.values()]
    call_out_at = rules.call_out_time(
        fields.times, limits, solo=fields.is_solo, conditions=fields.conditions
    )
    wanted = fields.times.call_out_at
    if wanted is not None and call_out_at < wanted:
        said.append(
            _("Help is called at %s, earlier than typed, because of conditions or going alone.")
            % instants.wall(call_out_at, made.zone, now)
        )
    if fields.is_solo:
        said.append(
            _(
                "One person alone: check-ins at least every %(minutes)d min, help is called at "
                "most %(grace)d min after the expected return, and a second person approves it."
            )
            % {"minutes": limits.check_in_minutes_solo, "grace": limits.grace_minutes_solo}
        )
    return [sentence for sentence in said if sentence]
