"""Promise P15: an unlogged read does not exist. Every address of the station is opened by everybody
who keeps the watch, and whatever shows something of Fox has left a look at Fox behind."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Q
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from homeby.logbook.models import Entry, Read
from homeby.logbook.rules import new_tap
from homeby.missions.actions.glass import break_glass
from homeby.missions.actions.report import ReportFields, first_report
from homeby.missions.models import BrokenGlass, Mission
from homeby.missions.rules import Hurt
from homeby.people.actions import contacts, persons
from homeby.people.actions.teams import give_role
from homeby.people.models import ContactPoint, Kin
from homeby.people.rules import STATION, ChannelName, MayKnow, Role
from homeby.people.rules_log_ins import Proof
from homeby.readiness.models import Duty, Injury, KitItem, Mentorship, Qualification, TaskBook
from homeby.watch.models import Alarm, EscalationPlan
from homeby.web import reads
from homeby.web.office.tables import TABLES
from homeby.web.office.views import BLANKS
from homeby.welfare.models import Concern
from tests.promises.carrying import take_along
from tests.promises.learning import learned_by
from tests.promises.planning_duties import a_shift_of, in_team, planned
from tests.promises.repeating_path import lived
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

#: Duty officer, leader and administrator in one: she sees what anybody sees.
VIEWER = "head"
#: What stands nowhere but with Fox: of her outings, and of herself.
OF_OUTINGS = ("Kaltes Tal", "Vermessung", "Steinschlag am Grat")
OF_HERSELF = ("Rotraud Bergmann", "fox-private@example.org", "f…@example.org", "Tante Emma")

#: Addresses that show nobody anything, each with its reason.
NO_PAGE = {
    "log-in-link": "a secret of one hour that opens an account",
    "logout": "ends a log-in",
    "language": "chooses a language",
    "receipts": "providers bring receipts",
    "texts": "a gateway brings what somebody texts",
    "partner-pair": "stations speak to each other",
    "partner-message": "stations speak to each other",
    "kin-hurt": "kin she named; it shows nothing of her",
    "kin-page": "kin she named, by an agreed measure; what they ask is not shown to her",
    "kiosk": "a tablet, by its key: names nobody",
    "kiosk-worker": "a script",
    "kiosk-state": "a tablet, by its key: names nobody",
    "kiosk-key": "a tablet, by its key: names nobody",
    "my-key": "gives a key of one's own",
    "my-key-works": "a phone, by its key: names nobody",
    "my-badge": "a file of one's own",
    "badge-issuer": "the name of the organisation",
    "badge-key": "a public key",
    "badge-withdrawn": "bits, about nobody whom one could name",
    "my-checkpoint": "hashes over the whole logbook: names nobody",
    "my-push": "an address of one's own",
    "my-worker": "a script",
    "my-manifest": "the name of an app",
    "time-said": "says an instant in words",
    "message-link": "what was written to the reader herself; her alarm is in test_reads",
    "message-link-state": "the same",
    "message-link-acts": "the same",
    "invitation": "a secret link that opens an account of one's own",
    "invitation-asked": "the same",
    "openid_connect_callback": "the way back from a provider",
    "passkey-remove": "a passkey of one's own",
    "passkey-rename": "a passkey of one's own",
    "log-in-end": "a log-in of one's own",
    "calendar-feed": "a secret address that opens her own duties",
    "metrics": "figures for a program, about nobody",
}


@dataclass
class Village:
    """Fox out in the cold valley, missed; and back from an earlier outing on which stones fell."""

    world: World
    out: Mission
    back: Mission
    path: dict[str, uuid.UUID]

    def given(self, name: str) -> dict[str, list[Any]]:
        """What may stand in an address, by the name of its place there."""
        agent = self.world.people["agent"]
        missions = [self.out.pk, self.back.pk]
        return {
            "mission_id": missions,
            "from_id": missions,
            "person_id": [agent],
            "alarm_id": list(Alarm.objects.values_list("pk", flat=True)),
            "key": ["trailhead"] if name.startswith("heard") else [self.world.gate_id],
            "act": ["out", "check-in", "in"],
            "entry_id": list(
                Entry.objects.filter(kind="MISSION_SIGNED_IN").values_list("entry_id", flat=True)
            ),
            "kind": _kinds(name),
            "item": [agent, "new", *_items(agent)],
            "partner_id": [],
            "team_id": [self.world.team_id],
            "provider_id": [],
            "what": ["home", "health", "where"],
            "passkey_id": [],
            "log_in_id": [],
            "duty_id": list(Duty.objects.values_list("pk", flat=True)),
            "qualification_id": list(Qualification.objects.values_list("pk", flat=True)[:1]),
            "book_id": list(TaskBook.objects.values_list("pk", flat=True)),
            "mentorship_id": list(Mentorship.objects.values_list("pk", flat=True)),
            "kit_id": list(KitItem.objects.values_list("pk", flat=True)),
            **{name: [key] for name, key in self.path.items()},
            "debrief_id": [],
            "opening_id": [],
            "concern_id": list(Concern.objects.values_list("pk", flat=True)),
            "seat_id": [],
            "injury_id": list(Injury.objects.values_list("pk", flat=True)),
            "glass_id": list(BrokenGlass.objects.values_list("pk", flat=True)),
        }


def _items(agent: uuid.UUID) -> list[Any]:
    return [
        *ContactPoint.objects.filter(person_id=agent).values_list("pk", flat=True)[:1],
        *Kin.objects.filter(person_id=agent).values_list("pk", flat=True),
        *EscalationPlan.objects.values_list("pk", flat=True)[:1],
    ]


def _kinds(name: str) -> list[str]:
    return list(TABLES) if name == "office-list" else list(BLANKS)


@pytest.fixture
def village(world: World, monkeypatch: pytest.MonkeyPatch) -> Village:
    monkeypatch.setattr(reads, "WAITING", reads.Waiting())
    agent = world.people["agent"]
    persons.change_person(
        person_id=agent, values={"name": OF_HERSELF[0]}, by=STATION, now=world.now, tap=new_tap()
    )
    contacts.add_contact(
        person_id=agent,
        channel=ChannelName.EMAIL,
        address=OF_HERSELF[1],
        verified=True,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    give_role(
        person_id=world.people[VIEWER],
        role=Role.ADMINISTRATOR,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    world.give_kin("agent", "Tante Emma", MayKnow.AREA)
    back = world.send_out("agent", place="Kaltes Tal", what="Vermessung")
    world.sign_in("agent")
    first_report(
        mission_id=back.pk,
        person_id=agent,
        fields=ReportFields(hurt=Hurt.NO, danger=OF_OUTINGS[2]),
        by=world.as_("agent"),
        now=world.now,
        tap=new_tap(),
    )
    out = world.send_out("agent", due_minutes=5, place="Kaltes Tal", what="Vermessung")
    take_along(world, "agent", out)
    a_shift_of(world, "agent")
    world.fast_forward(minutes=11)
    assert Alarm.objects.exists()
    tap = new_tap()
    break_glass(
        mission_id=out.pk,
        reason="She answers nobody.",
        proved=(Proof.PASSKEY,),
        by=world.as_("head"),
        now=world.now,
        tap=tap,
    )
    BrokenGlass.objects.update(until_at=world.now + dt.timedelta(days=30))  # as long as we look
    path = lived(world)
    learned_by(world, "agent")
    return Village(world, out, back, path)


def routes(found: Any = None, before: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every address of the station: its name and what stands in it."""
    for one in (found or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            space = f"{one.namespace}:" if one.namespace else ""
            yield from routes(one, before + space)
        elif isinstance(one, URLPattern):
            yield before + str(one.name), list(one.pattern.converters)


def ways(places: list[str], given: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """Every way to fill an address."""
    found: list[dict[str, Any]] = [{}]
    for place in places:
        found = [{**way, place: value} for way in found for value in given[place]]
    return found


def addresses(village: Village, name: str, places: list[str]) -> Iterator[str]:
    for way in ways(places, village.given(name)):
        with suppress(NoReverseMatch):  # what does not fit this place is no address
            yield reverse(name, kwargs=way)


def visits(village: Village) -> Iterator[tuple[str, str]]:
    """Every address but those that show nothing."""
    for name, places in routes():
        if name not in NO_PAGE:
            for address in addresses(village, name, places):
                yield name, address


@pytest.mark.looks
def test_every_address_that_shows_something_of_fox_leaves_a_look_at_fox(
    village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, pages = village.world, Pages(village.world, monkeypatch)
    browser, program = pages.as_(VIEWER), Programs(world, monkeypatch).of(VIEWER)
    agent = world.people["agent"]
    whats = [f"mission:{one.pk}" for one in (village.out, village.back)]
    of_herself = Q(whose=agent) | Q(kind__in=("MESSAGES", "LOGBOOK"))
    of_outings = of_herself | Q(kind="BOARD") | Q(what__in=whats)
    shown, silent = set(), []
    for name, address in visits(village):
        world.now += dt.timedelta(minutes=10)
        headers = program.headers if name.startswith("api") else {}
        page = browser.get(address, headers=headers)
        text = page.content.decode(errors="replace") if page.status_code == 200 else ""
        mine = Read.objects.filter(viewer_id=world.people[VIEWER], at=world.now)
        for tokens, of in ((OF_OUTINGS, of_outings), (OF_HERSELF, of_herself)):
            told = [token for token in tokens if token in text]
            if told:
                shown.add(name)
                if not mine.filter(of).exists():
                    silent.append(f"{name} {address}: {told}")
    assert not silent, "\n".join(silent)
    assert {
        "board",
        "mission",
        "office-person",
        "break-glass",
        "kit-item",
        "alarms",
        "office-messages",
    } <= shown
    assert {name for name in shown if name.startswith("api")}, "programs read too"


@pytest.mark.looks
def test_what_advice_says_of_somebody_leaves_a_look_at_her(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pages that are asked with a form: what speaks against a duty, another time, a plan."""
    in_team(world, "agent")
    duty = planned(world, hours=1, lasts=2)
    world.send_out("agent", due_minutes=120)
    browser, agent = Pages(world, monkeypatch).as_(VIEWER), world.people["agent"]
    when = {"starts": "+1h", "ends": "+3h", "act": "look"}
    new = {"kind": "SHIFT", "what": "Watch", "team": str(world.team_id), "weeks": "1"}
    plan = {"leader": str(agent), "members": str(world.people["mate"]), "where": "Hut",
            "expected_back": "+3h", "look": "1"}  # fmt: skip
    says = "Fox: is on another mission", "Are on a mission then: 1", "Fox: on a mission"
    for address, fields in (
        (f"/calendar/{duty.pk}/", None), (f"/calendar/{duty.pk}/time/", when),
        ("/calendar/new/", new | when), ("/plan/", plan),
    ):  # fmt: skip
        world.now += dt.timedelta(minutes=10)
        got = browser.get(address) if fields is None else browser.post(address, sent(**fields))
        assert any(one in text_of(got) for one in says), address
        looks = Read.objects.filter(viewer_id=world.people[VIEWER], at=world.now)
        assert looks.filter(whose=agent, kind="STATUS").exists(), address


def test_an_address_that_is_gone_leaves_the_list() -> None:
    assert set(NO_PAGE) - {name for name, _ in routes()} == set()
