"""What the office's pages and the own page show of a person."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from homeby import instants
from homeby.comms import queries as comms
from homeby.comms.channels import masked
from homeby.logbook import queries as logbook
from homeby.logbook.reading import ReadKind, opened
from homeby.missions.queries.home import seen_out
from homeby.people import private
from homeby.people import queries as people
from homeby.people.queries import Held, kin, ranks
from homeby.people.queries.then import may_look_back_at
from homeby.people.rules import PersonKind, Purpose, Reach, Role, Viewer
from homeby.readiness.queries import own_skills
from homeby.web import timeline, words
from homeby.web.board import told
from homeby.web.door import Door
from homeby.web.kin.own import page_of
from homeby.web.office import phones
from homeby.web.office.contact_forms import PointToOrder
from homeby.web.office.look_words import BY_NAME

#: A person of the people's room, whose table is its own.
Person = Any


def people_lines(door: Door, rows: Sequence[Person], *, text: str) -> list[dict[str, Any]]:
    """The lines of `office/people.html`, by callsign. Whoever is found by her name only has been
    looked up by it. Six queries, however many people."""
    opened(ReadKind.PEOPLE, what="people")
    for row in rows:
        if text and row.shown_as != row.name and text.casefold() not in row.shown_as.casefold():
            opened(ReadKind.CALLSIGN, what=f"person:{row.pk}", whose=row.pk, why=BY_NAME)
    keys = [row.pk for row in rows]
    roles = by_person(people.roles_held(door.viewer, keys, now=door.now))
    teams = by_person(people.memberships(door.viewer, keys, now=door.now))
    out = seen_out(door.viewer, keys)
    reach = people.recipients(keys)
    ranked = ranks.beside(keys)
    unproven = phones.unproven(door)
    return [
        {
            "id": row.pk,
            "callsign": row.shown_as,
            "rank": ranked.get(row.pk, ""),
            "roles": role_words(roles.get(row.pk, [])),
            "teams": [one.team for one in teams.get(row.pk, [])],
            "out": row.pk in out,
            "unproven_since": unproven.get(row.pk),
            # Nobody reaches whoever is no longer active.
            "reachable": row.pk in reach and any(one.verified for one in reach[row.pk].reaches),
            "is_unit": row.kind == PersonKind.UNIT,
            "active": row.is_active,
        }
        for row in rows
    ]


def rank_choices(door: Door, found: Person) -> list[tuple[str, str]]:
    """The ranks a person may be given: those in use, and the one she has; a unit has none."""
    if found.kind == PersonKind.UNIT:
        return []
    rows = ranks.ranks(door.viewer, ended=True)
    kept = [row for row in rows if row.ended_at is None or row.pk == found.rank_id]
    return [(str(row.pk), row.name) for row in kept]


def role_words(held: Sequence[Held]) -> list[str]:
    """Each role once, in words, whatever teams it is held for."""
    return list(dict.fromkeys(words.word(words.ROLES, one.role) for one in held))


def sees_names(viewer: Viewer) -> bool:
    """Names are for the office; everybody else reads callsigns."""
    return viewer.has(Role.ADMINISTRATOR, Role.LEADER)


def by_person(held: Sequence[Held]) -> dict[uuid.UUID, list[Held]]:
    """Roles or memberships by the person who holds them."""
    found: dict[uuid.UUID, list[Held]] = {}
    for one in held:
        found.setdefault(one.person_id, []).append(one)
    return found


def person_sheet(door: Door, found: Person) -> dict[str, Any]:
    """The context of `office/person.html`. Addresses are opened for the office and shown masked;
    of kin the office sees how many there are and what each may be told."""
    opened(ReadKind.PERSON, what=f"person:{found.pk}", whose=found.pk)
    viewer, office = door.viewer, sees_names(door.viewer)
    account = people.account_of(viewer, found.pk)
    lines = logbook.lines(viewer, subjects=[f"person:{found.pk}"], limit=50)
    return {
        "person": {
            "id": found.pk,
            "callsign": found.shown_as,
            "rank": ranks.beside([found.pk]).get(found.pk, ""),
            "name": found.name if office and found.shown_as != found.name else "",
            "kind": "unit" if found.kind == PersonKind.UNIT else "person",
            "active": found.is_active,
            "login": account.login if account else "",
        },
        "held": roles(door, found.pk),
        "teams": people.memberships(viewer, [found.pk], now=door.now),
        **reached(door, found.pk, purpose=Purpose.OFFICE),
        "kin": [
            {
                "number": number,
                "told": words.word(words.MAY_KNOW, one.may_know),
                "language": words.said_in(one.language),
            }
            for number, one in enumerate(kin.kin_named(viewer, found.pk), start=1)
        ],
        "may": may_contacts(door, found.pk)
        | {"administer": viewer.has(Role.ADMINISTRATOR), "staff": office}
        | {"skills": own_skills.may_see(viewer, found.pk)}
        | {"look_back": may_look_back_at(viewer, found.pk)},
        "entries": timeline.entries(viewer, lines, zone=door.zone, now=door.now),
    }


def may_contacts(door: Door, person_id: uuid.UUID) -> dict[str, bool]:
    """Whether the viewer may change how somebody is reached: herself, or an administrator."""
    own = door.viewer.person_id == person_id
    return {"contacts": own or door.viewer.has(Role.ADMINISTRATOR)}


def reached(door: Door, person_id: uuid.UUID, *, purpose: Purpose) -> dict[str, Any]:
    """The context of `office/_contacts.html`, but for `may`."""
    own = purpose is Purpose.OWN_PAGE
    return {
        "contact_points": contact_points(door, person_id, purpose=purpose),
        "back": reverse("account") if own else reverse("office-person", args=[person_id]),
        "contacts_url": reverse("account-contacts")
        if own
        else reverse("office-person-contacts", args=[person_id]),
    }


def roles(door: Door, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """The roles somebody holds now, in words."""
    return [
        {
            "id": one.id,
            "label": words.word(words.ROLES, one.role),
            "team": one.team,
            "until": instants.wall(one.to_at, door.zone, door.now) if one.to_at else "",
        }
        for one in people.roles_held(door.viewer, [person_id], now=door.now)
    ]


def contact_points(door: Door, person_id: uuid.UUID, *, purpose: Purpose) -> list[dict[str, Any]]:
    """How somebody is reached, in order; whole addresses only on the own page."""
    points = people.contact_points(door.viewer, person_id)
    opened = private.addresses([one.id for one in points], purpose=purpose) if points else {}
    tests = comms.last_tests(door.viewer, person_id) if points else {}
    lost = _("(cannot be opened any more)")
    return [
        {
            "id": one.id,
            "channel": words.word(words.CHANNELS, one.reach.channel),
            "address": _shown(opened.get(one.id), purpose) or lost,
            "verified": one.reach.verified,
            "code_sent": one.code_until is not None and one.code_until > door.now,
            "hours": hours(one.reach),
            "test": told.test_of(tests.get(one.id), now=door.now),
            "order": order(one.reach) if len(points) > 1 else "",
        }
        for one in points
    ]


def order(reach: Reach) -> str:
    """A contact point's places in words."""
    rank, in_danger = reach.rank, reach.rank_for(in_danger=True)
    if rank == in_danger:
        return _("turn %d") % rank
    return _("turn %(danger)d in danger, %(other)d otherwise") % {
        "danger": in_danger,
        "other": rank,
    }


def points_to_order(door: Door, person_id: uuid.UUID) -> list[PointToOrder]:
    """A person's contact points with their present places, for the form that orders them."""
    own = door.viewer.person_id == person_id
    purpose = Purpose.OWN_PAGE if own else Purpose.OFFICE
    reaches = {one.id: one.reach for one in people.contact_points(door.viewer, person_id)}
    return [
        PointToOrder(
            id=point["id"],
            label=f"{point['channel']} {point['address']}",
            rank=reaches[point["id"]].rank,
            rank_in_danger=reaches[point["id"]].rank_for(in_danger=True),
        )
        for point in contact_points(door, person_id, purpose=purpose)
    ]


def _shown(address: str | None, purpose: Purpose) -> str:
    if not address:
        return ""
    return address if purpose is Purpose.OWN_PAGE else masked(address)


def hours(reach: Reach) -> str:
    """The hours of a contact point in words; nothing where it may always be used."""
    if reach.from_time is None or reach.to_time is None or reach.from_time == reach.to_time:
        return ""
    return f"{reach.from_time:%H:%M}–{reach.to_time:%H:%M} {reach.zone}"  # noqa: RUF001


def own_kin(door: Door, person_id: uuid.UUID) -> list[dict[str, Any]]:
    """Whom somebody named, on her own page, with names."""
    found = []
    for one in kin.kin_named(door.viewer, person_id):
        try:
            values = private.unseal(person_id, one.sealed, purpose=Purpose.OWN_PAGE)
        except private.Shredded:
            values = {"name": _("(cannot be opened any more)")}
        found.append(
            {
                "id": one.id,
                "name": values.get("name", ""),
                "relation": values.get("relation", ""),
                "address": values.get("address", ""),
                "channel": words.word(words.CHANNELS, one.reach.channel),
                "told": words.word(words.MAY_KNOW, one.may_know),
                "looks_in": one.looks_in,
                "kept_from": one.is_kept_from,
                **page_of(door, one),
                "hours": hours(one.reach),
                "language": words.said_in(one.language),
            }
        )
    return found


def teams(door: Door) -> list[dict[str, Any]]:
    """The cards of `office/teams.html`. Four queries."""
    held = people.memberships(door.viewer, now=door.now)
    leaders = [
        one
        for one in people.roles_held(door.viewer, None, now=door.now)
        if one.role == Role.LEADER and one.team_id is not None
    ]
    names = people.names([one.person_id for one in [*held, *leaders]], to=door.viewer)

    def called(ones: Sequence[Held], team_id: uuid.UUID) -> list[dict[str, Any]]:
        found = [
            {"id": one.person_id, "callsign": names.get(one.person_id, "?")}
            for one in ones
            if one.team_id == team_id
        ]
        return sorted(found, key=lambda one: str(one["callsign"]).lower())

    return [
        {
            "id": team.pk,
            "name": team.name,
            "callsign": team.callsign,
            "leader": ", ".join(str(one["callsign"]) for one in called(leaders, team.pk)),
            "members": called(held, team.pk),
        }
        for team in people.teams(door.viewer)
    ]
