"""Promises P14, P15: what somebody may read ends with what she was given it for, she hears at once
that it was opened, and nothing that she takes home tells whom she is kept away from."""

from __future__ import annotations

import datetime as dt
import io
import json
import uuid
import zipfile
from typing import Any

import pytest

from homeby import settings
from homeby.archive.packing import pack
from homeby.comms.actions import webhooks
from homeby.comms.queries import visible_webhooks
from homeby.logbook.actions import note_looks
from homeby.logbook.models import Entry
from homeby.logbook.reading import Look, ReaderHere, ReadKind
from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions import glass
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries import glass as opened
from homeby.missions.queries.visible import visible_missions
from homeby.missions.queries.who import viewer_for
from homeby.missions.rules import MemberState
from homeby.people.actions import apart, persons, teams, tokens
from homeby.people.models import Account, Device, Membership, PersonalToken, RoleHeld
from homeby.people.rules import STATION, Right, Role, Viewer
from homeby.people.rules_log_ins import Proof
from tests.rooms.devices import phone_of
from tests.rooms.pages import Pages, text_of
from tests.world import World

WHY = "Her telephone lies at the gate."
HOOK = webhooks.WebhookFields(
    name="her plotter",
    address="https://hooks.example.org/in",
    kinds=("MISSION_SIGNED_IN",),
    secret="0123456789abcdef0123456789abcdef",
)


def eyes(world: World, who: str) -> Viewer:
    return viewer_for(world.people[who], now=world.now)


def broken(world: World, mission: Mission, who: str) -> None:
    glass.break_glass(
        mission_id=mission.pk,
        reason=WHY,
        proved=(Proof.PASSKEY,),
        by=eyes(world, who),
        now=world.now,
        tap=new_tap(),
    )


def set_active(world: World, who: str, value: bool) -> None:
    persons.change_person(
        person_id=world.people[who],
        values={"is_active": value},
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )


def team_of_her_own(world: World, who: str) -> None:
    """A team in which nobody else is, and which she leads."""
    tap = new_tap()
    team: dict[str, Any] = {"by": STATION, "now": world.now}
    teams.add_team(name="Elsewhere", tap=tap, **team)
    teams.join_team(person_id=world.people[who], team_id=tap.entry_id, tap=new_tap(), **team)
    teams.give_role(
        person_id=world.people[who],
        role=Role.LEADER,
        term=teams.Term(team_id=tap.entry_id),
        tap=new_tap(),
        **team,
    )


def test_a_broken_glass_ends_with_the_role_whatever_else_she_leads(world: World) -> None:
    mission = world.send_out("agent", "mate", due_minutes=600)
    team_of_her_own(world, "guard")
    broken(world, mission, "guard")
    party = {world.people["agent"], world.people["mate"]}
    assert opened.opened_people(eyes(world, "guard"), now=world.now) == party
    for row in RoleHeld.objects.filter(person_id=world.people["guard"], team__isnull=True):
        teams.end_role(role_held_id=row.pk, by=STATION, now=world.now, tap=new_tap())
    assert eyes(world, "guard").watches_some, "she leads a team still"
    assert opened.opened_people(eyes(world, "guard"), now=world.now) == frozenset()
    assert opened.broken_glass(eyes(world, "guard"), mission.ref, now=world.now) is None


def test_that_a_glass_was_broken_is_held_back_by_no_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = settings.current().model_copy(update={"message_limits": ("CONSOLE 1/30",)})
    monkeypatch.setattr(settings, "current", lambda: told)
    mission = world.send_out("agent", due_minutes=600)
    broken(world, mission, "guard")
    world.look()
    began = world.now
    broken(world, mission, "head")  # everybody has had her message of this half hour
    world.look()
    subjects = [
        one.person
        for one in world.received
        if "reak-glass" in one.outgoing.subject and one.at - began <= dt.timedelta(seconds=60)
    ]
    assert subjects.count("agent") == 2
    assert len(set(subjects) - {"agent"}) >= 2, "two officers"


def test_who_comes_back_brings_nothing_back(world: World) -> None:
    guard = world.people["guard"]
    team_of_her_own(world, "guard")
    phone_of(world, "guard")
    tokens.make_token(
        fields=tokens.TokenFields(name="my plotter", rights=(Right.READ_PEOPLE,), days=30),
        key_hash="0" * 64,
        by=eyes(world, "guard"),
        now=world.now,
        tap=new_tap(),
    )
    teams.give_role(
        person_id=guard,
        role=Role.MEDIC,
        term=teams.Term(to_at=world.now + dt.timedelta(days=300)),
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    set_active(world, "guard", False)
    world.now += dt.timedelta(days=1)
    set_active(world, "guard", True)
    assert eyes(world, "guard").roles <= {Role.MEMBER}
    assert eyes(world, "guard").team_roles == frozenset()
    assert not RoleHeld.objects.filter(person_id=guard, to_at=None).exists()
    assert not RoleHeld.objects.filter(person_id=guard, to_at__gt=world.now).exists()
    assert not Membership.objects.filter(person_id=guard, to_at=None).exists()
    assert not PersonalToken.objects.filter(person_id=guard, revoked_at=None).exists()
    assert not Device.objects.filter(person_id=guard, revoked_at=None).exists()
    assert all(one.logged_out_at == world.now for one in Account.objects.filter(person_id=guard))
    kinds = set(Entry.objects.filter(recorded_at=world.now).values_list("kind", flat=True))
    assert kinds >= {"ROLE_ENDED", "MEMBERSHIP_ENDED", "TOKEN_REVOKED", "DEVICE_REVOKED"}


def entries_of(world: World, who: str) -> list[str]:
    """The entries of somebody's own archive, by kind and number."""
    file = io.BytesIO()
    pack(person_id=world.people[who], by=eyes(world, who), now=world.now, to=file)
    with zipfile.ZipFile(file) as archive:
        found: list[dict[str, Any]] = json.loads(archive.read("entries.json"))
    return [f"{one['kind']} {one['number']}" for one in found if one["kind"] != "ARCHIVE_MADE"]


def test_her_own_archive_is_the_same_whoever_is_kept_away_from_her(world: World) -> None:
    world.plan("agent")
    before = entries_of(world, "agent")
    apart.file_stay_away(
        person_id=world.people["outsider"],
        callsign="Fox",
        by=eyes(world, "outsider"),
        now=world.now,
        tap=new_tap(),
    )
    assert len(before) >= 3
    assert entries_of(world, "agent") == before


def test_a_webhook_of_somebody_she_is_kept_away_from_is_not_there(world: World) -> None:
    tap = new_tap()
    webhooks.add_webhook(fields=HOOK, by=eyes(world, "agent"), now=world.now, tap=tap)
    assert visible_webhooks(eyes(world, "admin")).exists()
    apart.file_stay_away(
        person_id=world.people["agent"],
        callsign="Office",
        by=eyes(world, "agent"),
        now=world.now,
        tap=new_tap(),
    )
    assert not visible_webhooks(eyes(world, "admin")).exists()
    at: dict[str, Any] = {"by": eyes(world, "admin"), "now": world.now, "tap": new_tap()}
    with pytest.raises(Refused) as hers:
        webhooks.end_webhook(webhook_id=tap.entry_id, **at)
    with pytest.raises(Refused) as nobodys:
        webhooks.end_webhook(webhook_id=uuid.uuid4(), **at)
    assert hers.value.problems == nobodys.value.problems


def test_who_stayed_behind_is_not_of_the_party_that_went(world: World) -> None:
    mission = world.plan("agent", "mate", "outsider")
    world.sign_out(mission, "agent", "mate")
    PartyMember.objects.filter(mission=mission, person_id=world.people["outsider"]).update(
        state=MemberState.STAYED
    )
    assert not visible_missions(eyes(world, "outsider")).filter(pk=mission.pk).exists()
    assert visible_missions(eyes(world, "mate")).filter(pk=mission.pk).exists()


def test_looks_do_not_tell_an_administrator_who_was_out_when(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages(world, monkeypatch)
    world.send_out("agent", due_minutes=600)
    world.now += dt.timedelta(minutes=5)
    by_him = ReaderHere(person_id=world.people["deputy"], as_="LEADER", device="web", now=world.now)
    note_looks([Look(kind=ReadKind.BOARD, what="board")], by=by_him)
    whole = "/office/logbook/?show=looks&person=Fox"
    assert "Deputy" not in text_of(pages.as_("admin").get(whole + "&kind=BOARD"))
    teams.give_role(
        person_id=world.people["admin"],
        role=Role.DUTY_OFFICER,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    seen = text_of(pages.as_("admin").get(whole + "&kind=BOARD"))
    assert "Deputy" in seen, "whoever keeps the watch knows who is out"
