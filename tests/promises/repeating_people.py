"""One way to do each act of people and of the outbox, for the tests that do it twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

from homeby.comms.actions import verify as comms_verify
from homeby.logbook.rules import Tap, new_tap
from homeby.missions.actions import rezone
from homeby.missions.rules import PlanTimes
from homeby.people import queries as people
from homeby.people.actions import (
    accounts,
    contacts,
    devices,
    kin,
    organisation,
    persons,
    proofs,
    ranks,
    seasons,
    teams,
)
from homeby.people.models import Account, ContactPoint, Membership, RoleHeld
from homeby.people.rules import STATION, ChannelName, DeviceKind, Role, hash_of
from homeby.people.rules import Act as Word
from tests.rooms.devices import kiosk, phone_of
from tests.world import World

Act = Callable[[Tap], str]


def call(world: World, action: Callable[..., str], *, by: str = "", **values: Any) -> Act:
    """The act, still without its tap; by the station unless somebody is named."""
    viewer = world.as_(by) if by else STATION
    return lambda tap: action(by=viewer, now=world.now, tap=tap, **values)


def _take_key(world: World) -> Act:
    old = hash_of(kiosk(world).key)
    return lambda tap: devices.take_key(key_hash=old, own_hash="1" * 64, now=world.now, tap=tap)


def _with_pin(world: World) -> uuid.UUID:
    call(world, proofs.set_pin, by="agent", pin="4711")(new_tap())
    return world.people["agent"]


def _badge(world: World) -> uuid.UUID:
    tap = new_tap()
    who = world.people["agent"]
    call(world, proofs.add_badge, person_id=who, name="x", code="04A2B8")(tap)
    return tap.entry_id


def _facts() -> people.OrganisationFacts:
    found = people.organisation()
    assert found is not None
    return found


def _confirm(world: World) -> Act:
    contact_id = world.give_phone("agent", verified=False)
    comms_verify.send_code(
        contact_id=contact_id, by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    world.look()
    return call(
        world,
        contacts.confirm_contact,
        by="agent",
        contact_id=contact_id,
        code=world.phone("agent")[-1].code,
    )


def _account(world: World) -> Account:
    accounts.open_account(
        person_id=world.people["agent"],
        login="fox",
        password=None,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    return Account.objects.get(login="fox")


def _membership(world: World) -> Membership:
    teams.join_team(
        person_id=world.people["agent"],
        team_id=world.team_id,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    return Membership.objects.get()


def _contact(world: World, who: str = "agent", *, verified: bool = True) -> Any:
    if not verified:
        return world.give_phone(who, verified=False)
    return ContactPoint.objects.filter(person_id=world.people[who]).earliest("rank").pk


_KIN = kin.KinFields(name="Mother", channel=ChannelName.EMAIL, address="mother@example.org")


def _rank(world: World) -> uuid.UUID:
    tap = new_tap()
    fields = ranks.RankFields(name="Jonin")
    ranks.set_rank(rank_id=None, fields=fields, by=STATION, now=world.now, tap=tap)
    return tap.entry_id


PEOPLE: dict[str, Callable[[World], Act]] = {
    "people.accounts.open_account": lambda w: call(
        w, accounts.open_account, person_id=w.people["agent"], login="fox", password=None
    ),
    "people.accounts.change_password": lambda w: call(
        w, accounts.change_password, account_id=_account(w).pk, password="a long enough one 42"
    ),
    "people.contacts.add_contact": lambda w: call(
        w,
        contacts.add_contact,
        by="agent",
        person_id=w.people["agent"],
        channel=ChannelName.EMAIL,
        address="fox@example.org",
    ),
    "people.contacts.confirm_contact": lambda w: _confirm(w),
    "people.contacts.remove_contact": lambda w: call(
        w, contacts.remove_contact, by="agent", contact_id=_contact(w)
    ),
    "people.contacts.order_contacts": lambda w: call(
        w,
        contacts.order_contacts,
        by="agent",
        person_id=w.people["agent"],
        ranks={_contact(w): contacts.Ranks(rank=2, rank_in_danger=1)},
    ),
    "people.kin.name_kin": lambda w: call(
        w, kin.name_kin, by="agent", person_id=w.people["agent"], kin=_KIN
    ),
    "people.kin.change_kin": lambda w: call(
        w,
        kin.change_kin,
        by="agent",
        kin_id=w.give_kin("agent", "ino"),
        kin=kin.KinFields(name="Ino Y."),
    ),
    "people.kin.move_up": lambda w: call(
        w, kin.move_up, by="agent", kin_id=w.give_kin("agent", "ino")
    ),
    "people.ranks.set_rank": lambda w: call(
        w, ranks.set_rank, by="admin", rank_id=None, fields=ranks.RankFields(name="Jonin")
    ),
    "people.ranks.end_rank": lambda w: call(
        w, ranks.end_rank, by="admin", rank_id=_rank(w), ended=True
    ),
    "people.kin.remove_kin": lambda w: call(
        w, kin.remove_kin, by="agent", kin_id=w.give_kin("agent", "mother")
    ),
    "people.organisation.set_organisation": lambda w: call(
        w, organisation.set_organisation, values=_facts()
    ),
    "people.seasons.begin_season": lambda w: call(
        w, seasons.begin_season, by="admin", reason="A new year begins.", with_units=True
    ),
    "people.persons.add_person": lambda w: call(w, persons.add_person, name="Ada"),
    "people.persons.change_person": lambda w: call(
        w, persons.change_person, person_id=w.people["agent"], values={"callsign": "Lynx"}
    ),
    "people.teams.add_team": lambda w: call(w, teams.add_team, name="Dogs"),
    "people.teams.change_team": lambda w: call(
        w, teams.change_team, team_id=w.team_id, name="Dogs", callsign="Rex"
    ),
    "people.teams.join_team": lambda w: call(
        w, teams.join_team, person_id=w.people["agent"], team_id=w.team_id
    ),
    "people.teams.leave_team": lambda w: call(w, teams.leave_team, membership_id=_membership(w).pk),
    "people.teams.give_role": lambda w: call(
        w, teams.give_role, person_id=w.people["agent"], role=Role.LEADER
    ),
    "people.teams.end_role": lambda w: call(
        w, teams.end_role, role_held_id=RoleHeld.objects.filter(role=Role.LEADER)[0].pk
    ),
    "people.devices.add_device": lambda w: call(
        w,
        devices.add_device,
        by="agent",
        fields=devices.DeviceFields(
            kind=DeviceKind.PHONE, name="x", acts=(Word.HELP,), person_id=w.people["agent"]
        ),
        key_hash="0" * 64,
    ),
    "people.devices.take_key": _take_key,
    "people.proofs.set_pin": lambda w: call(w, proofs.set_pin, by="agent", pin="4711"),
    "people.proofs.remove_pin": lambda w: call(
        w, proofs.remove_pin, by="agent", person_id=_with_pin(w)
    ),
    "people.proofs.add_badge": lambda w: call(
        w, proofs.add_badge, person_id=w.people["agent"], name="x", code="04A2B8"
    ),
    "people.proofs.print_badge": lambda w: call(w, proofs.print_badge, by="agent", hashed="0" * 64),
    "people.proofs.remove_badge": lambda w: call(w, proofs.remove_badge, badge_id=_badge(w)),
    "people.devices.revoke_device": lambda w: call(
        w, devices.revoke_device, by="guard", device_id=phone_of(w, "agent").id
    ),
    "comms.verify.send_code": lambda w: call(
        w, comms_verify.send_code, by="agent", contact_id=_contact(w, verified=False)
    ),
    "comms.verify.send_test": lambda w: call(
        w, comms_verify.send_test, by="agent", contact_id=_contact(w)
    ),
}


def moved_by_zones(world: World) -> Act:
    """A plan typed as 18:30 in Zurich, kept an hour later by the zone data of that day."""
    right = dt.datetime(2026, 11, 20, 17, 30, tzinfo=dt.UTC)
    times = PlanTimes(due_at=right + dt.timedelta(hours=1))
    mission = world.plan("agent", "mate", due_typed="20.11. 18:30", times=times)
    return call(world, rezone.move_by_zones, by="head", mission_id=mission.pk, new_due_at=right)
