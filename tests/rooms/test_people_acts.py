"""People, contact points, kin, teams and roles: who may change what, and what is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from homeby.comms.actions import verify as codes
from homeby.logbook.models import EntryBody
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.people import private, queries
from homeby.people.actions import accounts, contacts, kin, organisation, persons, teams
from homeby.people.models import Account, ContactPoint, Kin, Organisation, PersonKey, RoleHeld
from homeby.people.rules import STATION, ChannelName, MayKnow, PersonKind, Purpose, Role
from tests.promises.acts import pass_time, refused
from tests.world import World


def do(world: World, action: Callable[..., str], by: str = "", **values: Any) -> Any:
    """An act by somebody, or by the station; gives the id of its entry."""
    tap = new_tap()
    action(by=world.as_(by) if by else STATION, now=world.now, tap=tap, **values)
    return tap.entry_id


FORBIDDEN = [
    ("agent", persons.add_person, {"name": "Ada"}),
    ("guard", persons.add_person, {"name": "Ada"}),
    ("head", teams.add_team, {"name": "Dogs"}),
    ("head", teams.give_role, {"person_id": "agent", "role": Role.LEADER}),
    ("agent", teams.join_team, {"person_id": "agent", "team_id": None}),
    ("mate", kin.name_kin, {"person_id": "agent", "kin": kin.KinFields(name="x", address="y")}),
    ("mate", contacts.add_contact,
     {"person_id": "agent", "channel": ChannelName.EMAIL, "address": "x@example.org"}),
    ("head", accounts.open_account, {"person_id": "agent", "login": "fox", "password": None}),
    ("agent", persons.change_person, {"person_id": "agent", "values": {"is_active": False}}),
    ("mate", persons.change_person, {"person_id": "agent", "values": {"language": "de"}}),
]  # fmt: skip


@pytest.mark.parametrize(("who", "action", "values"), FORBIDDEN)
def test_whoever_may_not_is_told_which_role_it_needs(
    world: World, who: str, action: Callable[..., str], values: dict[str, Any]
) -> None:
    before = verify().checkpoint
    if "person_id" in values:
        values = values | {"person_id": world.people[values["person_id"]]}
    with pytest.raises(Refused, match="needs the role"):
        do(world, action, who, **values)
    assert verify().checkpoint == before


def test_a_unit_holds_no_role(world: World) -> None:
    unit = do(world, persons.add_person, name="Engine 5", kind=PersonKind.UNIT)
    with pytest.raises(Refused, match="A unit holds no role"):
        do(world, teams.give_role, person_id=unit, role=Role.DUTY_OFFICER)


def test_the_last_administrator_stays(world: World) -> None:
    held = RoleHeld.objects.get(role=Role.ADMINISTRATOR)
    with pytest.raises(Refused, match="last administrator"):
        do(world, teams.end_role, role_held_id=held.pk)
    do(world, teams.give_role, person_id=world.people["head"], role=Role.ADMINISTRATOR)
    do(world, teams.end_role, role_held_id=held.pk)
    assert Role.ADMINISTRATOR not in world.as_("admin").roles


def test_two_of_a_name_are_refused_with_a_sentence(world: World) -> None:
    do(world, persons.add_person, name="Ada", key="7")
    with pytest.raises(Refused) as refusal:
        do(world, persons.add_person, name="Bea", key="7")
    assert "key" in refusal.value.problems
    with pytest.raises(Refused) as refusal:
        do(world, teams.add_team, name="Team 7")
    assert "name" in refusal.value.problems
    do(world, accounts.open_account, person_id=world.people["agent"], login="Fox", password=None)
    for who, says in (("mate", "is taken"), ("agent", "has an account already")):
        with pytest.raises(Refused) as refusal:
            do(
                world,
                accounts.open_account,
                person_id=world.people[who],
                login="fox" if who == "mate" else "other",
                password=None,
            )
        assert says in refused(refusal.value)


def test_a_contact_point_counts_once_its_code_was_typed(world: World) -> None:
    key = do(
        world,
        contacts.add_contact,
        "agent",
        person_id=world.people["agent"],
        channel=ChannelName.CONSOLE,
        address="second",
    )
    assert (
        not queries.recipients([world.people["agent"]])[world.people["agent"]].reaches[1].verified
    )
    do(world, codes.send_code, "agent", contact_id=key)
    world.look()
    code = world.phone("second")[-1].code
    with pytest.raises(Refused, match="not the code"):
        contacts.confirm_contact(
            contact_id=key, code="000000x", by=world.as_("agent"), now=world.now, tap=new_tap()
        )
    contacts.confirm_contact(
        contact_id=key, code=code, by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    assert ContactPoint.objects.get(pk=key).verified_at == world.now
    text = "".join(body or "" for body in EntryBody.objects.values_list("body", flat=True))
    assert f'"{code}"' not in text
    assert verify().difference is None


@pytest.mark.parametrize("how", ["five wrong codes", "too late"])
def test_a_code_lapses(world: World, how: str) -> None:
    key = world.give_phone("agent", verified=False)
    do(world, codes.send_code, "agent", contact_id=key)
    world.look()
    code, by = world.phone("agent")[-1].code, world.as_("agent")
    if how == "too late":
        pass_time(world, minutes=15)
    else:
        for _ in range(5):
            with pytest.raises(Refused, match="not the code"):
                contacts.confirm_contact(
                    contact_id=key, code="x", by=by, now=world.now, tap=new_tap()
                )
    with pytest.raises(Refused, match="has lapsed"):
        contacts.confirm_contact(contact_id=key, code=code, by=by, now=world.now, tap=new_tap())


def test_a_wrong_code_sent_twice_counts_once(world: World) -> None:
    key = world.give_phone("agent", verified=False)
    do(world, codes.send_code, "agent", contact_id=key)
    world.look()
    by, tap = world.as_("agent"), new_tap()
    for _ in range(6):
        with pytest.raises(Refused, match="not the code"):
            contacts.confirm_contact(contact_id=key, code="x", by=by, now=world.now, tap=tap)
    assert ContactPoint.objects.get(pk=key).code_tries == 1
    code = world.phone("agent")[-1].code
    contacts.confirm_contact(contact_id=key, code=code, by=by, now=world.now, tap=new_tap())


def test_an_address_is_opened_for_a_purpose_and_a_damaged_one_is_left_out(world: World) -> None:
    rows = {who: ContactPoint.objects.get(person_id=world.people[who]) for who in ("agent", "mate")}
    keys = [row.pk for row in rows.values()]
    found = private.addresses(keys, purpose=Purpose.DELIVER)
    assert found == {rows["agent"].pk: "agent", rows["mate"].pk: "mate"}
    for damage in (b"", b"x", b"x" * 200, bytes(rows["agent"].address_sealed)):
        ContactPoint.objects.filter(pk=rows["mate"].pk).update(address_sealed=damage)
        assert private.addresses(keys, purpose=Purpose.DELIVER) == {rows["agent"].pk: "agent"}
    PersonKey.objects.filter(person_id=world.people["agent"]).update(wrapped=None)
    assert private.addresses(keys, purpose=Purpose.DELIVER) == {}
    with pytest.raises(private.Shredded, match="was destroyed"):
        private.seal(world.people["agent"], {"address": "x"})


def test_kin_need_an_address_unless_nothing_may_be_told(world: World) -> None:
    for fields, field in (
        (kin.KinFields(name=" ", address="x"), "name"),
        (kin.KinFields(name="Mother", may_know=MayKnow.BACK_OR_LATE), "address"),
    ):
        with pytest.raises(Refused) as refusal:
            do(world, kin.name_kin, "agent", person_id=world.people["agent"], kin=fields)
        assert set(refusal.value.problems) == {field}
    quiet = kin.KinFields(name="Mother", may_know=MayKnow.NOTHING)
    do(world, kin.name_kin, "agent", person_id=world.people["agent"], kin=quiet)
    assert queries.kin_recipients([world.people["agent"]]) == []


def test_kin_who_were_removed_are_told_nothing(world: World) -> None:
    key = world.give_kin("agent", "mother")
    world.send_out("agent", due_minutes=60)
    do(world, kin.remove_kin, "agent", kin_id=key)
    pass_time(world, minutes=135)
    assert not world.phone("mother")
    assert not Kin.objects.exists()
    assert verify().difference is None


def test_a_log_in_link_opens_once_and_lapses(world: World) -> None:
    do(world, accounts.open_account, person_id=world.people["agent"], login="fox", password=None)
    secret = accounts.log_in_link(login="FOX", now=world.now)
    found = accounts.use_log_in_link(secret=secret, now=world.now)
    assert found == Account.objects.get()
    assert accounts.use_log_in_link(secret=secret, now=world.now) is None
    late = accounts.log_in_link(login="fox", now=world.now, minutes=5)
    assert accounts.use_log_in_link(secret=late, now=world.now + dt.timedelta(minutes=5)) is None
    assert accounts.use_log_in_link(secret="rubbish", now=world.now) is None


def test_a_password_never_enters_the_logbook_and_weak_ones_are_refused(world: World) -> None:
    do(world, accounts.open_account, person_id=world.people["agent"], login="fox", password=None)
    account = Account.objects.get()
    with pytest.raises(Refused) as refusal:
        do(world, accounts.change_password, "agent", account_id=account.pk, password="1234")
    assert set(refusal.value.problems) == {"password"}
    with pytest.raises(Refused, match="needs the role"):
        do(world, accounts.change_password, "mate", account_id=account.pk, password="long and 42!")
    do(world, accounts.change_password, "agent", account_id=account.pk, password="long and 42!")
    account.refresh_from_db()
    assert account.check_password("long and 42!")
    text = "".join(body or "" for body in EntryBody.objects.values_list("body", flat=True))
    assert account.password not in text
    assert '"login":"fox"' in text
    assert verify().difference is None


def test_the_organisation_is_set_and_set_anew(world: World) -> None:
    facts = queries.organisation()
    assert facts is not None
    assert facts.name == "The village"
    with pytest.raises(Refused, match="needs the role"):
        do(world, organisation.set_organisation, "head", values=facts)
    do(world, organisation.set_organisation, "admin", values=facts)
    assert queries.organisation() == facts
    assert Organisation.objects.count() == 1, "a station serves one"
