"""Teams, memberships and roles: who belongs where and may do what, from when to when."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions.organisation import require
from homeby.people.models import Membership, Person, RoleHeld, Team
from homeby.people.rules import PersonKind, Role, Viewer
from homeby.people.rules_private import CARING


@logbook.once
def add_team(*, name: str, callsign: str = "", by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Add a team; the row's id is the tap's."""
    require(by, Role.ADMINISTRATOR)
    if not name.strip():
        raise Refused(name=_("Give the team a name."))
    if Team.objects.filter(name=name.strip()).exists():
        raise Refused(name=_("There is a team of that name already."))
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.TEAM_ADDED, subject=f"team:{tap.entry_id}", tap=tap, answer=_("Team added.")
        )
        page.add(Team(id=tap.entry_id, name=name.strip(), callsign=callsign.strip()))
    return _("Team added.")


@logbook.once
def change_team(
    *, team_id: uuid.UUID, name: str, callsign: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Give a team other names."""
    require(by, Role.ADMINISTRATOR)
    if not name.strip():
        raise Refused(name=_("Give the team a name."))
    if Team.objects.filter(name=name.strip()).exclude(pk=team_id).exists():
        raise Refused(name=_("There is a team of that name already."))
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.TEAM_CHANGED, subject=f"team:{team_id}", tap=tap, answer=_("Saved.")
        )
        row = Team.objects.select_for_update().get(pk=team_id)
        page.change(row, name=name.strip(), callsign=callsign.strip())
    return _("Saved.")


@logbook.once
def join_team(
    *, person_id: uuid.UUID, team_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Begin a membership now."""
    require(by, Role.ADMINISTRATOR, Role.LEADER)
    open_rows = Membership.objects.filter(person_id=person_id, team_id=team_id, to_at=None)
    if open_rows.exists():
        raise Refused(team=_("This person is in that team already."))
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.MEMBERSHIP_BEGAN,
            subject=f"team:{team_id}",
            person=person_id,
            tap=tap,
            answer=_("Joined."),
        )
        page.add(
            Membership(
                id=tap.entry_id,
                person_id=person_id,
                team_id=team_id,
                from_at=now,
                decided_by_id=by.person_id,
            )
        )
    return _("Joined.")


@logbook.once
def leave_team(*, membership_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """End a membership now; access through it ends with it."""
    require(by, Role.ADMINISTRATOR, Role.LEADER)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Membership.objects.select_for_update().get(pk=membership_id)
        page = book.entry(
            rules.MEMBERSHIP_ENDED,
            subject=f"team:{row.team_id}",
            person=row.person_id,
            tap=tap,
            answer=_("Left."),
        )
        page.change(row, to_at=now)
        end_roles(book, person_id=row.person_id, team_id=row.team_id)
    return _("Left.")


def end_roles(
    book: logbook.Book, *, person_id: uuid.UUID, team_id: uuid.UUID | None = None
) -> list[uuid.UUID]:
    """What was held for a team, or everything where none is named, ends, an entry each, so that a
    return gives nothing back by itself; gives which roles."""
    found = RoleHeld.objects.select_for_update().filter(
        Q(to_at__isnull=True) | Q(to_at__gt=book.now), person_id=person_id
    )
    if team_id is not None:
        found = found.filter(team_id=team_id)
    rows = list(found.order_by("pk"))
    for row in rows:
        page = book.entry(
            rules.ROLE_ENDED,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"role": row.role},
        )
        page.change(row, to_at=max(book.now, row.from_at))
    return [row.pk for row in rows]


def change_over(
    book: logbook.Book, *, person_id: uuid.UUID, from_team_id: uuid.UUID, to_team_id: uuid.UUID
) -> list[uuid.UUID]:
    """In an open book: a membership ends with the roles held for that team, and one in another team
    begins in the same instant; gives the roles that ended. What is so already is left so."""
    open_rows = Membership.objects.select_for_update().filter(person_id=person_id, to_at=None)
    before = open_rows.filter(team_id=from_team_id).first()
    roles: list[uuid.UUID] = []
    if before is not None:
        about = f"team:{from_team_id}"
        page = book.entry(rules.MEMBERSHIP_ENDED, subject=about, person=person_id)
        page.change(before, to_at=book.now)
        roles = end_roles(book, person_id=person_id, team_id=from_team_id)
    if not open_rows.filter(team_id=to_team_id).exists():
        page = book.entry(rules.MEMBERSHIP_BEGAN, subject=f"team:{to_team_id}", person=person_id)
        page.add(
            Membership(
                id=uuid.uuid4(),
                person_id=person_id,
                team_id=to_team_id,
                from_at=book.now,
                decided_by_id=book.by,
            )
        )
    return roles


@dataclass(frozen=True, kw_only=True)
class Term:
    """For which team a role is held (none: the whole organisation), and until when (none: until it
    is ended)."""

    team_id: uuid.UUID | None = None
    to_at: dt.datetime | None = None


FROM_NOW_ON = Term()


@logbook.once
def give_role(
    *,
    person_id: uuid.UUID,
    role: Role,
    term: Term = FROM_NOW_ON,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Give a role from now on: for a team or for the whole organisation, until an instant or until
    somebody ends it."""
    require(by, Role.ADMINISTRATOR)
    if term.to_at is not None and term.to_at <= now:
        raise Refused(to_at=_("This time is over already. Leave it empty, or write a later one."))
    person = Person.objects.get(pk=person_id)
    if person.kind == PersonKind.UNIT:
        raise Refused(role=_("A unit holds no role; give it to a person."))
    if term.team_id is not None and role in rules.OF_ALL_ONLY:
        raise Refused(team=_("This role is held for the whole organisation; leave the team empty."))
    if role in CARING and by.person_id == person_id:
        raise Refused(
            role=_("It opens private matters of others: another administrator gives it to you.")
        )
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.ROLE_GIVEN,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"role": role},
            tap=tap,
            answer=_("Role given."),
        )
        page.add(
            RoleHeld(
                id=tap.entry_id,
                person_id=person_id,
                role=role,
                team_id=term.team_id,
                from_at=now,
                to_at=term.to_at,
            )
        )
    return _("Role given.")


@logbook.once
def end_role(*, role_held_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """End a role now."""
    require(by, Role.ADMINISTRATOR)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = RoleHeld.objects.select_for_update().get(pk=role_held_id)
        if row.to_at is not None and row.to_at <= now:
            raise Refused(_("This role has ended already."))
        others = RoleHeld.objects.filter(role=row.role, to_at=None).exclude(pk=row.pk)
        if row.role == Role.ADMINISTRATOR and not others.exists():
            raise Refused(_("This is the last administrator; give somebody else the role first."))
        page = book.entry(
            rules.ROLE_ENDED,
            subject=f"person:{row.person_id}",
            person=row.person_id,
            facts={"role": row.role},
            tap=tap,
            answer=_("Role ended."),
        )
        page.change(row, to_at=now)
    return _("Role ended.")
