"""Promise 8: one of a party who is home herself, and does not answer for the mission, learns no
more of it: whatever she can open says the same, byte for byte, when another comes home. Her mission
is back from her own return on, with the times that held then. While she is out she sees who left
with her, without states; and an alarm that comes to her says what it is about. Who does learn of a
return is the leader, the duty officer, kin, and the buddy who was named for the mission."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from homeby.comms.models import Message
from homeby.logbook import queries as logbook
from homeby.logbook.rules import new_tap
from homeby.missions import queries as missions
from homeby.missions.actions import gate, places, report
from homeby.missions.models import Mission
from homeby.missions.queries import sheets
from homeby.missions.queries.done import outings_with
from homeby.missions.queries.own_data import own_data
from homeby.missions.rules import Hurt, PlanTimes
from homeby.people.actions import teams
from homeby.people.rules import STATION, Role
from homeby.watch.actions import plans
from homeby.watch.rules import Anchor, DeadlineKind, Step, Target
from tests.promises.acts import ask_more_time, decide
from tests.promises.apart import bare
from tests.rooms.api_client import Program, Programs
from tests.rooms.pages import Pages, sent, text_of
from tests.world import RETURN_STEPS, World

#: What Owl may open; what a leader of another team may beside it; what shows a mission
#: most of all.
PAGES = (
    *("/my/", "/missions/?show=all&q=Fox", "/alarms/", "/me/", "/me/looks/", "/calendar/"),
    *("/rest/", "/heard/", "/kit/", "/missions/{mission}/report/{fox}/"),
    *("/missions/{mission}/sign-in/", "/missions/{mission}/more-time/"),
)
BOARDS = (
    *("/board/rows/", "/board/cards/", "/siren/", "/gate/{gate}/", "/gate/{gate}/in/"),
    *("/gate/{gate}/out/", "/gate/{gate}/party/{mission}/"),
)
SHOWN = ("/missions/", "/missions/{mission}/", "/api/v1/missions?state=OUT")
FIRST = (
    *(*SHOWN, "/missions/?show=back", "/api/v1/missions?state=BACK", "/api/v1/entries"),
    *("/api/v1/missions/{mission}", "/api/v1/missions/{mission}/entries"),
)
#: What Hare opens while she is out.
OUT = ("/my/", *FIRST)
ACTS = (
    *({"act": "check_in"}, {"act": "debrief", "person": "{fox}"}),
    {"act": "take_back", "person": "{fox}"},
)
#: Help is offered to everybody of a hard mission in one moment, in the same words (`STORY.md` 59).
OFFERED_TO_ALL = "/rest/"
#: Both are home: Owl, and Chief, who leads another team and so reads a board.
AT_HOME = ("mate", "chief")


def out(world: World, *, check_in_minutes: int | None = None) -> Mission:
    """Fox leads Owl, Chief and Hare."""
    world.add("third", callsign="Hare")
    world.add("chief", callsign="Chief")
    tap = new_tap()
    teams.add_team(name="Team 10", by=STATION, now=world.now, tap=tap)
    teams.give_role(
        person_id=world.people["chief"], role=Role.LEADER,
        term=teams.Term(team_id=tap.entry_id), by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    party = ("agent", "mate", "chief", "third")
    due_at = world.now + dt.timedelta(minutes=90)
    times = PlanTimes(due_at=due_at, check_in_minutes=check_in_minutes)
    return world.send_out(*party, team_id=world.team_id, times=times)


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

    def told(self, *addresses: str) -> dict[str, object]:
        """What these say; and for whoever opens all pages what else comes to her."""
        found: dict[str, object] = {}
        try:
            with transaction.atomic():
                found |= {address: self._read(address) for address in addresses}
                found |= dict(self._beside()) if PAGES[0] in addresses else {}
                raise _Back
        except _Back:
            return found

    def _read(self, address: str) -> tuple[int, str]:
        path = address.format(**self.names)
        api = path.partition("/api/v1/")[2]
        answer = self.program.get(api) if api else self.browser.get(path)
        return answer.status_code, bare(answer.content.decode())

    def _beside(self) -> Iterator[tuple[str, object]]:
        person_id, by, now = self.world.people[self.who], self.world.as_(self.who), self.world.now
        entries = logbook.visible_entries(by)  # a webhook of hers is called for these
        messages = Message.objects.filter(person_id=person_id)
        for name, rows in (("webhook", entries), ("messages", messages)):
            yield name, sorted(rows.values_list("pk", flat=True))
        yield "tasks", outings_with(by, self.names["fox"], now=now)
        yield "archive", own_data(by, now=now, limit=100)
        for fields in ACTS:
            filled = {key: text.format(**self.names) for key, text in fields.items()}
            path = "/missions/{mission}/act/".format(**self.names)
            answer = self.browser.post(path, sent(**filled), follow=True)
            yield str(fields), [str(one) for one in answer.context["messages"]]
        path = "/missions/{mission}/more-time/".format(**self.names)
        answer = self.browser.post(path, sent(expected_back="+3h", reason="Snow"), follow=True)
        yield "more time", bare(text_of(answer))


@pytest.mark.looks  # pages say the same on either database
def test_nothing_changes_when_another_comes_home(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = out(world, check_in_minutes=80)
    world.now += dt.timedelta(minutes=30)
    pages, programs = Pages(world, monkeypatch), Programs(world, monkeypatch)
    hare = Looker(world, pages, programs, "third")
    world.now += dt.timedelta(minutes=1)
    as_all_were_out = hare.told(*OUT)
    world.now -= dt.timedelta(minutes=1)
    world.sign_in(*AT_HOME, heads=2)
    world.now += dt.timedelta(minutes=1)
    world.look()
    assert hare.told(*OUT) == as_all_were_out, "she is out, and does not lead"
    world.fast_forward(minutes=19)
    ask_more_time(world, mission, minutes=200)
    world.fast_forward(minutes=50)  # they are overdue, and an alarm is open that came to neither
    assert world.alarm().subject.ref == mission.ref
    owl, chief, head = (Looker(world, pages, programs, who) for who in (*AT_HOME, "head"))
    opens = {owl: (*FIRST, *PAGES), chief: (*FIRST, *BOARDS), head: SHOWN}
    before = {one: one.told(*addresses) for one, addresses in opens.items()}

    def changed(one: Looker, *addresses: str) -> set[str]:
        after = one.told(*addresses)
        return {key for key, said in after.items() if said != before[one][key]}

    more = ask_more_time(world, mission, minutes=200)
    decide(world, more, "head")
    assert Mission.objects.get().due_at == more.due_at, "granted"
    assert changed(owl, *opens[owl]) == set()
    world.sign_in("agent")  # then one is alone out there
    world.look()
    assert changed(owl, *FIRST) == set()
    world.sign_in("third")  # then nobody is
    world.look()
    report_trouble(world, mission, "third")
    assert changed(owl, *opens[owl]) <= {OFFERED_TO_ALL}
    assert changed(chief, *opens[chief]) == set()
    assert changed(head, *SHOWN) == set(SHOWN), "positive control"
    closed = [(one.who, key) for one in before for key, told in before[one].items()
              if isinstance(told, tuple) and told[0] != 200]  # fmt: skip
    assert not closed, "closed pages prove nothing"


def states(world: World, who: str, mission: Mission) -> dict[str, str]:
    rows = missions.party(world.as_(who), mission.pk)
    return {row.person.shown_as: row.state for row in rows}


def test_while_she_is_out_she_sees_who_is_out_with_her(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And once she is home, they went with her, and the mission is back."""
    mission = out(world)
    world.sign_in("third")
    with_her = {"Fox": "", "Owl": "OUT", "Chief": "", "Hare": ""}
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
    assert "Back is said of you alone." in page
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
