"""Every address of the station, and a village in which each secret is a word of its own.

A new route fails `test_nobody_finds_a_word_that_is_not_for_them` until it stands in `ROUTES`.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.urls import URLResolver, get_resolver

from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.models import BrokenGlass, Mission
from homeby.people.actions import contacts, kept, kin, persons, proofs, teams, tokens
from homeby.people.actions.kin import KinFields
from homeby.people.rules import STATION, ChannelName, MayKnow, Right, Role, hash_of
from homeby.people.rules_private import Kept
from homeby.watch.models import Alarm
from homeby.welfare.models import Concern
from tests.promises import planting_more as more
from tests.promises import sealing as sealed
from tests.promises.acts import pass_time
from tests.promises.canary_words import BIRTH, NEVER, READERS, SHAPED
from tests.promises.carrying import take_along
from tests.promises.kin_pages import worry
from tests.promises.learning import learned_by
from tests.promises.planning_duties import a_shift_of
from tests.promises.planting import before_they_are_missed, while_they_are_missed
from tests.promises.repeating_path import lived
from tests.promises.rested import hurt, injury_of
from tests.world import World

#: What each kind of address asks for. A PAGE is read by GET; ACT answers no GET (405); OPEN needs
#: no log-in and must show nobody; SAME is a file that no view of ours makes for whoever asks; a
#: SECRET link is its own permission; API is read with a token; where EMPTY nothing stands.
PAGE, ACT, OPEN, SAME, SECRET = "page", "act", "open", "same", "secret"
API, EMPTY = "api", "empty"


@dataclass
class Village:
    """A world whose secrets are words, and what addresses name."""

    world: World
    mission: Mission
    planned: Mission
    words: dict[str, str]
    kit_id: uuid.UUID
    path: dict[str, uuid.UUID]
    duty_id: uuid.UUID
    injury_id: uuid.UUID
    learning: dict[str, list[str]]
    links: dict[str, str]
    _names: dict[bool, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def alarm(self) -> Alarm:
        return Alarm.objects.filter(subject__ref=self.mission.ref).order_by("number")[0]

    def holding(self, address: str) -> str:
        """Which secret link stands in an address; "" where none does."""
        return next((name for name, one in self.links.items() if one in address), "")

    def read_in(self, text: str) -> set[str]:
        """The words that stand in a text."""
        read = {word for word, secret in self.words.items() if secret in text}
        return read | ({"birth date"} if any(one in text for one in BIRTH) else set())

    def names(self, route: str) -> dict[str, list[str]]:
        """What stands in the addresses of a route, by the names of their parts."""
        of_a_plan = route in OF_A_PLAN
        if of_a_plan not in self._names:
            self._names[of_a_plan] = self._named(self.planned if of_a_plan else self.mission)
        return self._names[of_a_plan]

    def _named(self, mission: Mission) -> dict[str, list[str]]:
        agent = str(self.world.people["agent"])
        return {
            "mission_id": [str(mission.pk)],
            "from_id": [str(mission.pk)],
            "person_id": [agent],
            "alarm_id": [str(self.alarm.pk)],
            "key": [str(self.world.gate_id)],
            "act": ["out"],
            "entry_id": [str(Entry.objects.filter(kind="MISSION_SIGNED_OUT")[0].entry_id)],
            "partner_id": [str(uuid.uuid4())],
            "what": ["home", "health", "where"],
            "kind": ["sites", "gates", "reasons", "kinds", "ranks", "units", "unmatched", "failing",
                     "unconfirmed", "csv", "json"],
            "item": ["new"],
            "token": ["no-such-token", *self.links.values()],
            "secret": ["no-such-secret", *self.links.values()],
            "channel": ["SMS"],
            "team_id": [str(self.world.team_id)],
            "glass_id": [str(BrokenGlass.objects.get().pk)],
            "kit_id": [str(self.kit_id)],
            **{name: [str(key)] for name, key in self.path.items()},
            "duty_id": [str(self.duty_id)],
            "injury_id": [str(self.injury_id)],
            "concern_id": [str(Concern.objects.get().pk)],
            "debrief_id": [str(sealed.ITS_ID)],
            "opening_id": [str(uuid.uuid4())],
            "seat_id": [str(uuid.uuid4())],
            **self.learning,
            "log_in_id": ["1"],
            "passkey_id": ["1"],
            "provider_id": ["provider"],
        }  # fmt: skip


ROUTE = (
    '<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1">'
    "<rte><name>{name}</name></rte></gpx>"
)
#: Routes that are about a mission nobody has left on.
OF_A_PLAN = ("mission-plan-change", "mission-sign-out")
VIEWERS = ("agent", "mate", "outsider", "guard", "chief", "deputy", "head", "admin", "medic",
           "welfare", "safeguarding")  # fmt: skip
#: Who opens all addresses once more when they are home: but for another officer everybody.
AFTERWARDS = tuple(one for one in VIEWERS if one != "deputy")


def village(world: World, patch: pytest.MonkeyPatch) -> Village:
    """Everybody, and an outing of agent and mate in which every secret has been said."""
    words = {
        kind: f"zq{place}{kind[:2]}xw".replace(" ", "")
        for place, kind in enumerate([*READERS, *NEVER])
    } | SHAPED
    agent = world.people["agent"]
    for who, role, team in (
        ("chief", Role.LEADER, world.team_id), ("medic", Role.MEDIC, world.team_id),
        ("welfare", Role.WELFARE_OFFICER, None), ("safeguarding", Role.SAFEGUARDING_LEAD, None),
    ):  # fmt: skip
        world.add(who)
        teams.give_role(person_id=world.people[who], role=role, term=teams.Term(team_id=team),
                        by=STATION, now=world.now, tap=new_tap())  # fmt: skip
    teams.join_team(person_id=agent, team_id=world.team_id, by=STATION, now=world.now,
                    tap=new_tap())  # fmt: skip
    persons.change_person(person_id=agent, values={"name": words["name"]}, by=STATION,
                          now=world.now, tap=new_tap())  # fmt: skip
    contacts.add_contact(person_id=agent, channel=ChannelName.EMAIL, verified=True,
                         address=f"{words['address']}@example.org",
                         by=STATION, now=world.now, tap=new_tap())  # fmt: skip
    kin.name_kin(person_id=agent, by=STATION, now=world.now, tap=new_tap(), kin=KinFields(
        name=words["kin name"], channel=ChannelName.CONSOLE, address=words["kin address"],
        may_know=MayKnow.AREA))  # fmt: skip
    own = world.as_("agent")
    more.log_in(world, words)
    for one, values in ((Kept.HOME, {"address": words["home"], "way_in": words["way in"]}),
                        (Kept.HEALTH, {"conditions": words["conditions"],
                                       "medication": words["medication"],
                                       "allergies": words["allergies"]}),
                        (Kept.WHERE, {"note": words["where"]})):  # fmt: skip
        kept.write_down(kept=one, values=values, by=own, now=world.now, tap=new_tap())
    proofs.add_badge(person_id=agent, name=words["badge"], code="471147", by=STATION,
                     now=world.now, tap=new_tap())  # fmt: skip
    fields = tokens.TokenFields(name=words["token"], rights=tuple(Right), days=30)
    tokens.make_token(fields=fields, key_hash=hash_of(words["token"]), by=own, now=world.now,
                      tap=new_tap())  # fmt: skip
    mission = world.send_out(
        "deputy", "agent", "mate", due_minutes=60, what=words["what"], place=words["place"],
        vehicle=words["vehicle"], team_id=world.team_id, kit=words["wanted kit"],
        communications=words["communications"], device=words["carried"],
        descriptions={agent: words["description"]},
        route_gpx=ROUTE.format(name=words["route"]))  # fmt: skip
    planned = world.plan("agent", "mate", what=words["what"], place=words["place"])
    carried = take_along(world, "agent", mission)
    path = lived(world, why=words["examination"], unit=words["secret unit"])
    more.examined(world, path["examination_id"], words)
    shifts = [*more.on_duty(world, words), *more.of_the_unit(world, path["unit_id"], words)]
    duty = a_shift_of(world, "agent", hours=54)
    more.offers(world, duty, words)
    hurt(world, cause=words["injury"])
    learning = learned_by(world, "agent", paper=words["paper"])
    more.learns(world, learning, words)
    learning["duty_id"] = [str(duty), *shifts]
    more.out(world, mission, words)
    links = more.secret_links(world, words)
    pass_time(world, minutes=2)  # what comes later is no part of one long list of messages
    return Village(world=world, mission=mission, planned=planned, words=words, kit_id=carried,
                   path=path, duty_id=duty, injury_id=injury_of(world),
                   learning=learning, links=links)  # fmt: skip


def missed(here: Village) -> None:
    """Nobody has come home, and one of the kin worries."""
    before_they_are_missed(here.world, here.mission, here.words)
    pass_time(here.world, minutes=125)
    worry(here.world, here.mission, said=here.words["worry"])
    while_they_are_missed(here.world, here.mission, here.words)
    more.calls_for_help(here.world, here.words)
    here.links |= more.links_made(here.world, here.words)


def home_again(here: Village) -> None:
    """They are back, and what she reported is written down."""
    here.world.sign_in("deputy", "agent", "mate", heads=3)
    more.reports(here.world, here.mission, here.words)
    sealed.one_to(here.world, here.mission, "welfare")
    here.world.now += dt.timedelta(minutes=1)


# --- addresses -----------------------------------------------------------------------------------


def routes() -> dict[str, list[str]]:
    """Every route of the URL table by its name: its addresses, with their parts in brackets."""
    found: dict[str, list[str]] = {}

    def walk(resolver: URLResolver, before: str) -> None:
        for one in resolver.url_patterns:
            route = before + str(one.pattern)
            if isinstance(one, URLResolver):
                walk(one, route)
            else:
                assert one.name, f"{route} has no name"
                found.setdefault(one.name, []).append(route)

    walk(get_resolver(), "")
    return found


_PART = re.compile(r"<(?:\w+:)?(\w+)>")


def addresses(route: str, names: dict[str, list[str]]) -> Iterator[str]:
    """The addresses of a route, one for each value of each of its parts."""
    part = _PART.search(route)
    if part is None:
        yield f"/{route}"
        return
    for value in names[part[1]]:
        yield from addresses(route.replace(part[0], value, 1), names)
