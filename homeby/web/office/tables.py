"""The general tables of the office: sites, gates, reasons, units, and what waits for somebody to
look at it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.comms import queries as comms
from homeby.logbook.rules import KINDS
from homeby.missions import queries as missions
from homeby.missions.queries.debrief_items import debrief_items
from homeby.missions.queries.where import wheres
from homeby.people import queries as people
from homeby.people.queries import ranks
from homeby.people.rules import PersonKind, Role
from homeby.web import words
from homeby.web.choosing import WATCHERS
from homeby.web.door import Door
from homeby.web.office.blanks import Text

OFFICE = (Role.ADMINISTRATOR, Role.LEADER, Role.DUTY_OFFICER)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row: its cells, and where its first one leads."""

    id: uuid.UUID
    cells: tuple[Any, ...]
    url: str = ""
    acts: tuple[Any, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Table:
    """A general table. `adders` are the roles that may add a row; none where nothing is added."""

    title: Text
    intro: Text = ""
    empty: Text
    columns: tuple[Text, ...]
    rows: Callable[[Door], list[Row]]
    roles: tuple[Role, ...] = OFFICE
    adders: tuple[Role, ...] = (Role.ADMINISTRATOR,)


def context(door: Door, kind: str) -> dict[str, Any]:
    """The context of `office/list.html`."""
    table = TABLES[kind]
    return {
        "kind": kind,
        "title": table.title,
        "intro": table.intro,
        "empty": table.empty,
        "columns": [str(column) for column in table.columns],
        "rows": table.rows(door),
        "may_add": bool(table.adders) and door.viewer.has(*table.adders),
        "page": None,
        "query": "",
    }


def _form_url(door: Door, kind: str, key: uuid.UUID) -> str:
    return reverse("office-form", args=[kind, key])


def _end_or_not(door: Door, row: Any) -> tuple[dict[str, Any], ...]:
    """One button for an administrator: end it, or take it up again. Nothing is deleted."""
    if not door.viewer.has(Role.ADMINISTRATOR):
        return ()
    if row.ended_at is None:
        return ({"act": "end", "label": gettext_lazy("End")},)
    return ({"act": "resume", "label": gettext_lazy("Take up again")},)


def _changed_at(door: Door, kind: str, row: Any) -> str:
    return _form_url(door, kind, row.pk) if door.viewer.has(Role.ADMINISTRATOR) else ""


def _sites(door: Door) -> list[Row]:
    gates: dict[uuid.UUID, list[str]] = {}
    for gate in missions.gates(door.viewer, ended=True):
        gates.setdefault(gate.site_id, []).append(gate.name)
    return [
        Row(
            id=site.pk,
            url=_changed_at(door, "sites", site),
            cells=(
                site.name,
                site.zone,
                ", ".join(gates.get(site.pk, [])),
                site.ended_at is None,
            ),
            acts=_end_or_not(door, site),
        )
        for site in missions.sites(door.viewer, ended=True)
    ]


def _gates(door: Door) -> list[Row]:
    return [
        Row(
            id=gate.pk,
            url=_changed_at(door, "gates", gate),
            cells=(
                gate.name,
                gate.site.name,
                gate.is_by_phone,
                gate.ended_at is None and gate.site.ended_at is None,
            ),
            acts=_end_or_not(door, gate),
        )
        for gate in missions.gates(door.viewer, ended=True)
    ]


def _reasons(door: Door) -> list[Row]:
    return [
        Row(
            id=reason.pk,
            url=_changed_at(door, "reasons", reason),
            cells=(reason.label, reason.code, reason.is_trouble, reason.ended_at is None),
            acts=_end_or_not(door, reason),
        )
        for reason in missions.reasons(door.viewer, ended=True)
    ]


def _kinds(door: Door) -> list[Row]:
    return [
        Row(
            id=kind.pk,
            url=_changed_at(door, "kinds", kind),
            cells=(kind.name, kind.code, kind.is_exercise, kind.ended_at is None),
            acts=_end_or_not(door, kind),
        )
        for kind in missions.kinds(door.viewer, ended=True)
    ]


def _debrief_items(door: Door) -> list[Row]:
    return [
        Row(
            id=one.pk,
            url=_changed_at(door, "debrief-items", one),
            cells=(one.text, one.place, one.ended_at is None),
            acts=_end_or_not(door, one),
        )
        for one in debrief_items(door.viewer, ended=True)
    ]


def _ranks(door: Door) -> list[Row]:
    return [
        Row(
            id=rank.pk,
            url=_changed_at(door, "ranks", rank),
            cells=(rank.name, rank.short, rank.place, rank.ended_at is None),
            acts=_end_or_not(door, rank),
        )
        for rank in ranks.ranks(door.viewer, ended=True)
    ]


def _units(door: Door) -> list[Row]:
    return [
        Row(
            id=unit.pk,
            url=reverse("office-person", args=[unit.pk]),
            cells=(unit.shown_as, unit.name, unit.is_active),
        )
        for unit in people.listed(door.viewer, kind=PersonKind.UNIT)
    ]


def _unmatched(door: Door) -> list[Row]:
    return [
        Row(
            id=row.id,
            url=_form_url(door, "unmatched", row.id),
            cells=(
                KINDS[row.kind].said if row.kind in KINDS else row.kind,
                row.person,
                row.happened_at,
                row.why,
                _("yes") if row.is_unverified else "",
            ),
        )
        for row in missions.unmatched(door.viewer)
    ]


def _failing(door: Door) -> list[Row]:
    found = comms.failing(door.viewer, now=door.now)
    names = people.names([one.person_id for one in found], to=door.viewer)
    office = door.viewer.has(*OFFICE)
    return [
        Row(
            id=one.id,
            url=reverse("office-person", args=[one.person_id]) if office else "",
            cells=(
                (_("kin of %s") if one.is_of_kin else "%s") % names.get(one.person_id, "?"),
                words.word(words.CHANNELS, one.channel),
                one.since_at,
                one.trouble,
            ),
        )
        for one in found
    ]


def _unconfirmed(door: Door) -> list[Row]:
    found = missions.unconfirmed(door.viewer)
    places = wheres(door.viewer, found, now=door.now)
    return [
        Row(
            id=one.pk,
            url=_form_url(door, "unconfirmed", one.pk),
            cells=(
                missions.party_title([member.person.shown_as for member in one.party.all()]),
                ", ".join(part for part in (one.what, places[one.pk].shown) if part),
                one.out_at,
            ),
        )
        for one in found
    ]


#: The tables that say who is out, or when somebody came in.
OF_PEOPLE_OUT = ("unmatched", "unconfirmed")

TABLES: dict[str, Table] = {
    "sites": Table(
        title=gettext_lazy("Sites"),
        intro=gettext_lazy("Places people leave from and come home to."),
        empty=gettext_lazy("There is no site yet, so nobody can be signed out at a gate."),
        columns=(
            gettext_lazy("Site"),
            gettext_lazy("Time zone"),
            gettext_lazy("Gates"),
            gettext_lazy("In use"),
        ),
        rows=_sites,
    ),
    "gates": Table(
        title=gettext_lazy("Gates"),
        intro=gettext_lazy("Where out and back are recorded. The watch over a person ends there."),
        empty=gettext_lazy("There is no gate yet."),
        columns=(
            gettext_lazy("Gate"),
            gettext_lazy("Site"),
            gettext_lazy("By telephone"),
            gettext_lazy("In use"),
        ),
        rows=_gates,
    ),
    "reasons": Table(
        title=gettext_lazy("Reasons for a delay"),
        intro=gettext_lazy("What people may choose when they come back late."),
        empty=gettext_lazy("There is no reason yet."),
        columns=(
            gettext_lazy("Reason"),
            gettext_lazy("Code"),
            gettext_lazy("Raises a flag"),
            gettext_lazy("In use"),
        ),
        rows=_reasons,
    ),
    "kinds": Table(
        title=gettext_lazy("Kinds of mission"),
        intro=gettext_lazy("What a plan may be; without one it is an ordinary mission."),
        empty=gettext_lazy("There is no kind yet: every mission is an ordinary one."),
        columns=(
            gettext_lazy("Kind"),
            gettext_lazy("Code"),
            gettext_lazy("Exercise"),
            gettext_lazy("In use"),
        ),
        rows=_kinds,
    ),
    "debrief-items": Table(
        title=gettext_lazy("What a debrief asks for"),
        intro=gettext_lazy(
            "Beside its text, within the seal. While none of yours is in use the five usual things "
            "are asked for, in each language."
        ),
        empty=gettext_lazy("The five usual things are asked for."),
        columns=(gettext_lazy("Asked for"), gettext_lazy("Place"), gettext_lazy("In use")),
        rows=_debrief_items,
    ),
    "ranks": Table(
        title=gettext_lazy("Ranks"),
        intro=gettext_lazy("What stands beside a callsign, the highest first."),
        empty=gettext_lazy("This organisation has no ranks."),
        columns=(
            gettext_lazy("Rank"),
            gettext_lazy("Beside the callsign"),
            gettext_lazy("Place"),
            gettext_lazy("In use"),
        ),
        rows=_ranks,
    ),
    "units": Table(
        title=gettext_lazy("Units"),
        intro=gettext_lazy("Crews and vehicles with a callsign. A unit goes out as people do."),
        empty=gettext_lazy("There is no unit yet."),
        columns=(gettext_lazy("Callsign"), gettext_lazy("Name"), gettext_lazy("In use")),
        rows=_units,
        adders=(Role.ADMINISTRATOR, Role.LEADER),
    ),
    "unmatched": Table(
        title=gettext_lazy("Entries that fit nothing"),
        intro=gettext_lazy(
            "Recorded, but nothing was out that they belong to; or unverified: sent by a device "
            "that is not known or was revoked. What is unverified has changed nothing."
        ),
        empty=gettext_lazy("Every entry fits."),
        columns=(
            gettext_lazy("Entry"),
            gettext_lazy("Who"),
            gettext_lazy("When"),
            gettext_lazy("Why it fits nothing"),
            gettext_lazy("Unverified"),
        ),
        rows=_unmatched,
        roles=WATCHERS,
        adders=(),
    ),
    "failing": Table(
        title=gettext_lazy("Contact points that fail"),
        intro=gettext_lazy(
            "For ten minutes or longer every try has failed. Their owners were told on another "
            "channel; they are tried on, and go from this list with the first try that works."
        ),
        empty=gettext_lazy("Every contact point works, as far as it was tried."),
        columns=(
            gettext_lazy("Whose"),
            gettext_lazy("Channel"),
            gettext_lazy("Since"),
            gettext_lazy("The last trouble"),
        ),
        rows=_failing,
        roles=WATCHERS,
        adders=(),
    ),
    "unconfirmed": Table(
        title=gettext_lazy("Out, unconfirmed"),
        intro=gettext_lazy(
            "Imported as still out. They create no deadline until a person says where they are."
        ),
        empty=gettext_lazy("Nothing waits to be confirmed."),
        columns=(gettext_lazy("Who"), gettext_lazy("What and where"), gettext_lazy("Out since")),
        rows=_unconfirmed,
        roles=WATCHERS,
        adders=(),
    ),
}
