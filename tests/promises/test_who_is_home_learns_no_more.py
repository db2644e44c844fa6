"""Promise 8: one of a party who is home herself, and does not answer for the mission, learns no
more of it: whatever she can open says the same, byte for byte, when another comes home. Her mission
is back from her own return on. While she is out she sees who is out with her; and an alarm that
comes to her says what it is about."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from homeby.archive.packing import pack
from homeby.comms.models import Message
from homeby.logbook import queries as logbook
from homeby.logbook.rules import new_tap
from homeby.missions import queries as missions
from homeby.missions.actions import gate, places, report
from homeby.missions.models import Mission
from homeby.missions.queries import sheets
from homeby.missions.queries.done import outings_with
from homeby.missions.rules import Hurt
from homeby.people.actions import teams
from homeby.people.rules import STATION, Role
from homeby.watch.actions import plans
from homeby.watch.rules import Anchor, DeadlineKind, Step, Target
from tests.promises.acts import ask_more_time
from tests.promises.apart import bare
from tests.rooms.api_client import Program, Programs
from tests.rooms.pages import Pages, sent, text_of
from tests.world import RETURN_STEPS, World

PAGES = (
    *("/my/", "/my/rows/", "/missions/", "/missions/?show=out", "/missions/?show=back"),
    *("/missions/?show=all&q=Fox", "/alarms/", "/me/", "/me/looks/", "/calendar/", "/rest/"),
    *("/board/", "/board/rows/", "/board/cards/", "/siren/", "/gate/", "/heard/", "/kit/"),
    *("/gate/{gate}/", "/gate/{gate}/in/", "/gate/{gate}/out/", "/gate/{gate}/party/{mission}/"),
    *("/office/people/", "/office/people/{fox}/", "/missions/{mission}/report/{fox}/"),
)
OF_IT = ("", "rows/", "sign-in/", "sign-out/", "check-in/", "more-time/", "who-can-go/")
API = ("missions", "missions?state=OUT", "missions?state=BACK", "missions/{mission}", "alarms",
       "entries", "missions/{mission}/entries")  # fmt: skip
ACTS = (
    *({"act": "check_in"}, {"act": "debrief", "person": "{fox}"}),
    {"act": "take_back", "person": "{fox}"},
)
#: Help is offered to everybody of a hard mission in one moment, in the same words (`STORY.md` 59).
OFFERED_TO_ALL = "/rest/"
#: Both are home: Owl, and Chief, who leads another team and so reads a board.
AT_HOME = ("mate", "chief")


def out(world: World) -> Mission:
    """Fox leads Owl, Chief and Hare; they check in every three hours."""
    world.add("third", callsign="Hare")
    world.add("chief", callsign="Chief")
    tap = new_tap()
    teams.add_team(name="Team 10", by=STATION, now=world.now, tap=tap)
    teams.give_role(
        person_id=world.people["chief"], role=Role.LEADER,
        term=teams.Term(team_id=tap.entry_id), by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    party = ("agent", "mate", "chief", "third")
    return world.send_out(*party, due_minutes=90, team_id=world.team_id, check_in_minutes=180)


def report_trouble(world: World, mission: Mission, who: str) -> None:
    """The first report of somebody who is back."""
    tap = new_tap()
    places.add_reason(
        code="T", label="Stopped", is_trouble=True, by=STATION, now=world.now, tap=tap
    )
    fields = report.ReportFields(hurt=Hurt.NO, danger="Loose rocks", reason_id=tap.entry_id)
    report.first_report(
        mission_id=mission.pk, person_id=world.people[who], fields=fields, by=world.as_("guard"),
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.look()


class _Back(Exception):
    pass


class Looker:
    """Somebody with a browser and a program, and all that they are told; that she looked, and what
    she did to find it out, is taken back."""

    def __init__(self, world: World, pages: Pages, programs: Programs, who: str) -> None:
        self.world, self.who = world, who
        self.browser: Client = pages.as_(who)
        self.program: Program = programs.of(who)
        mission, fox = Mission.objects.get().pk, world.people["agent"]
        self.names = {"mission": mission, "fox": fox, "gate": world.gate_id}

    def told(self) -> dict[str, tuple[int, str]]:
        found: dict[str, tuple[int, str]] = {}
        try:
            with transaction.atomic():
                found |= dict(self._told())
                raise _Back
        except _Back:
            return found

    def _told(self) -> Iterator[tuple[str, tuple[int, str]]]:
        page = "/missions/{mission}/"
        for address in (*PAGES, *(page + one for one in OF_IT)):
            answer = self.browser.get(address.format(**self.names))
            yield address, (answer.status_code, bare(answer.content.decode()))
        for address in API:
            answer = self.program.get(address.format(**self.names))
            yield f"API {address}", (answer.status_code, bare(answer.content.decode()))
        person_id, by, file = self.world.people[self.who], self.world.as_(self.who), io.BytesIO()
        entries = logbook.visible_entries(by)  # a webhook of hers is called for these
        messages = Message.objects.filter(person_id=person_id)
        for name, rows in (("webhook", entries), ("messages", messages)):
            yield name, (200, str(sorted(str(key) for key in rows.values_list("pk", flat=True))))
        yield "tasks", (200, str(outings_with(by, self.names["fox"], now=self.world.now)))
        pack(person_id=person_id, by=by, now=self.world.now, to=file)
        with zipfile.ZipFile(file) as archive:
            for name in (one for one in archive.namelist() if one.endswith(".json")):
                yield name, (200, bare(archive.read(name).decode()))
        for fields in ACTS:
            yield str(fields), self._posts(page + "act/", **fields)
        yield "more", self._posts(page + "more-time/", expected_back="+3h", reason="Snow")

    def _posts(self, address: str, **fields: str) -> tuple[int, str]:
        filled = {key: text.format(**self.names) for key, text in fields.items()}
        answer = self.browser.post(address.format(**self.names), sent(**filled), follow=True)
        return answer.status_code, bare(text_of(answer))


def test_nothing_changes_when_another_comes_home(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = out(world)
    world.now += dt.timedelta(minutes=30)
    world.sign_in(*AT_HOME, heads=2)
    world.fast_forward(minutes=20)
    ask_more_time(world, mission, minutes=200)
    world.fast_forward(minutes=50)  # they are overdue, and an alarm is open that came to neither
    assert world.alarm().subject.ref == mission.ref
    pages, programs = Pages(world, monkeypatch), Programs(world, monkeypatch)
    owl, chief, head = (Looker(world, pages, programs, who) for who in (*AT_HOME, "head"))
    before = {one.who: one.told() for one in (owl, chief, head)}
    assert sum(one[0] == 200 for one in before["mate"].values()) > 30, "closed pages prove nothing"
    assert before["chief"]["/board/"][0] == 200

    def changed(looker: Looker) -> dict[str, Any]:
        after = looker.told()
        return {
            key: (before[looker.who][key], said)
            for key, said in after.items()
            if said != before[looker.who][key]
        }

    world.sign_in("agent")  # then one is alone out there
    world.look()
    assert not changed(owl)
    world.sign_in("third")  # then nobody is
    world.look()
    report_trouble(world, mission, "third")
    assert set(changed(owl)) <= {OFFERED_TO_ALL}
    assert set(changed(chief)) <= {OFFERED_TO_ALL}
    assert Mission.objects.get().state == "BACK"
    seen = {"/missions/", "/missions/{mission}/", "API missions", "/board/rows/", "webhook"}
    assert seen <= set(changed(head)), "positive control"


def states(world: World, who: str, mission: Mission) -> dict[str, str]:
    rows = missions.party(world.as_(who), mission.pk)
    return {row.person.shown_as: row.state for row in rows}


def test_while_she_is_out_she_sees_who_is_out_with_her(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And once she is home, they went with her, and the mission is back."""
    mission = out(world)
    world.sign_in("third")
    with_her = {"Fox": "OUT", "Owl": "OUT", "Chief": "OUT"}
    assert states(world, "mate", mission) == with_her
    program = Programs(world, monkeypatch).of("mate")
    (facts,) = program.items("missions", state="OUT")
    assert {one["callsign"]: one["state"] for one in facts["party"]} == with_her
    world.now += dt.timedelta(minutes=5)
    world.sign_in("mate")
    assert states(world, "mate", mission) == {"Fox": "", "Owl": "BACK", "Chief": "", "Hare": ""}
    assert sheets.counts(world.as_("mate")) == {"BACK": 1}
    assert sheets.counts(world.as_("chief")) == {"OUT": 1}
    assert states(world, "agent", mission)["Hare"] == "BACK", "she leads"
    page = text_of(Pages(world, monkeypatch).as_("mate").get(f"/missions/{mission.pk}/"))
    assert "HELP: somebody is in danger" in page
    (facts,) = program.items("missions", state="BACK")
    assert facts["state"] == "BACK"
    assert {one["callsign"]: one["state"] for one in facts["party"]}["Fox"] == ""


def test_an_alarm_that_comes_to_her_says_how_it_stands(world: World) -> None:
    """Safety first: the plan asks Owl, who is home, too. Until it is over she reads all of it."""
    asked = Step(
        anchor=Anchor.DUE, offset_minutes=10, targets=(Target.NAMED,), wait_minutes=5,
        people=(world.people["mate"],),
    )  # fmt: skip
    fields = plans.PlanFields(
        name="Asks Owl", kind=DeadlineKind.RETURN, is_default=True,
        steps=(*RETURN_STEPS[:2], asked, *RETURN_STEPS[2:]),
    )  # fmt: skip
    plans.set_plan(plan_id=None, fields=fields, by=STATION, now=world.now, tap=new_tap())
    mission = out(world)
    world.sign_in("mate", "chief", heads=2)
    world.fast_forward(minutes=95)
    assert states(world, "mate", mission)["Fox"] == ""
    world.fast_forward(minutes=10)
    assert world.phone("mate"), "she is asked"
    assert states(world, "mate", mission) == {"Fox": "OUT", "Hare": "OUT", "Owl": "BACK"}
    sheet = sheets.sheet(world.as_("mate"), mission.pk, now=world.now)
    assert sheet is not None
    assert (sheet.mission.state, sheet.alarm is None) == ("OUT", False)
    assert sheets.counts(world.as_("chief")) == {"BACK": 1}, "nobody asked Chief"
    chief = world.as_("chief")
    gate.ask_for_help(mission_id=mission.pk, by=chief, now=world.now, tap=new_tap())
    assert sheets.counts(world.as_("chief")) == {"OUT": 1}, "until then"
    world.sign_in("agent", "third", heads=2)
    assert states(world, "mate", mission)["Fox"] == ""
