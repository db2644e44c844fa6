"""The pages of duties: planned, answered, picked, passed on; what was typed stays."""

from __future__ import annotations

import datetime as dt
import re

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from homeby.readiness.models import Duty, OwnTime, RestOverride
from tests.promises.planning_duties import ask, away, in_team, move, on, pick, planned, say
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def test_the_whole_way_of_a_shift_by_its_pages(world: World, pages: Pages) -> None:
    in_team(world, "agent", "mate", "deputy")
    away(world, "mate", hours=20, lasts=48)
    head, agent = pages.as_("head"), pages.as_("agent")
    fields = {
        "kind": "SHIFT", "what": "Night shift", "starts": "tomorrow 18:00", "ends": "02:00",
        "team": str(world.team_id), "weeks": "1", "seats": "1 x juggler",
    }  # fmt: skip
    wrong = head.post("/calendar/new/", sent(**fields))
    assert wrong.status_code == 422
    assert "juggler is no position of the catalogue" in text_of(wrong)
    assert 'value="tomorrow 18:00"' in wrong.content.decode()
    looked = head.post("/calendar/new/", sent(**fields | {"seats": "", "act": "look"}))
    assert "Are not available then: 1." in text_of(looked)
    assert not Duty.objects.exists()
    followed(head, head.post("/calendar/new/", sent(**fields | {"seats": "1\n1 FAID"})))
    duty = Duty.objects.get()
    assert (duty.ends_at - duty.starts_at).total_seconds() == 8 * 3600
    at = reverse("duty", args=[duty.pk])
    assert "Asked: 3." in followed(head, head.post(at, sent(act="ask", everybody="1")))
    assert "on leave" not in text_of(agent.get(at))
    mine = text_of(agent.get("/me/duties/"))
    assert "You are asked" in mine
    assert "Kept: you can come." in followed(agent, agent.post(at, sent(act="yes", note="By bus")))
    assert "By bus" in text_of(head.get(at))
    entered = sent(act="enter", people=str(world.people["deputy"]), said="YES")
    assert "as entered by you" in followed(head, head.post(at, entered))
    assert "entered by another" in text_of(head.get(at))
    some = {"act": "pick", "people": str(world.people["agent"])}
    again = head.post(at, sent(**some))
    assert again.status_code == 422
    assert "Say why the others" in text_of(again)
    followed(head, head.post(at, sent(**some, not_picked="SEATS_FULL")))
    assert on(world, duty) == {"agent"}
    assert "you are on it" in text_of(agent.get("/calendar/?from=" + str(duty.starts_at.date())))
    for show in ("month", "team"):
        assert "Night shift" in text_of(agent.get(f"/calendar/?show={show}&team={world.team_id}"))
    moved = sent(starts="tomorrow 20:00", ends="+8h", why="The hut is closed")
    assert "everybody who was asked is told" in followed(head, head.post(f"{at}time/", moved))
    assert "has not said so of the new time" in text_of(head.get(at))
    assert agent.get(f"{at}time/").status_code == 404
    offered = sent(act="offer", to=str(world.people["deputy"]))
    assert "It stays yours" in followed(agent, agent.post(at, offered))
    taker = pages.as_("deputy")
    shown = taker.get("/me/duties/").content.decode()
    offer = re.search(r'name="offer" value="([^"]+)"', shown)
    assert offer is not None
    followed(taker, taker.post("/me/duties/", sent(act="take", offer=offer[1])))
    assert on(world, duty) == {"deputy"}
    off = head.post(at, sent(act="call_off", why=""))
    assert "Say why: they have kept the time free." in text_of(off)
    followed(head, head.post(at, sent(act="call_off", why="Storm")))
    assert "called off" in text_of(taker.get("/calendar/?from=" + str(duty.starts_at.date())))


def test_what_speaks_against_somebody_is_read_and_overridden_by_the_pages(
    world: World, pages: Pages
) -> None:
    in_team(world, "agent", "mate")
    first, second = planned(world, lasts=12, seats="1"), planned(world, hours=37, seats="1")
    for duty in (first, second):
        ask(world, duty, "agent")
        say(world, duty, "agent")
    head, mate = pages.as_("head"), pages.as_("mate")
    pick(world, first, "agent")
    at = reverse("duty", args=[second.pk])
    assert "Rest until" in text_of(head.get(at))
    assert "Rest until" not in text_of(mate.get(at))
    picked = {"act": "pick", "people": str(world.people["agent"])}
    refused = head.post(at, sent(**picked, override="no"))
    assert "Give the reason in 3 to 500 characters" in text_of(refused)
    assert 'value="no"' in refused.content.decode(), "nothing typed is lost"
    followed(head, head.post(at, sent(**picked, override="The relief is snowed in")))
    assert on(world, second) == {"agent"}
    RestOverride.objects.update(at=world.now - dt.timedelta(days=2))
    times = {"starts": "+26h", "ends": "+8h", "why": "Storm"}
    moved = head.post(f"{at}time/", sent(**times))
    assert "Fox: " in text_of(moved)
    followed(head, head.post(f"{at}time/", sent(**times, stands_down="on")))
    assert on(world, second) == set()
    assert "too early for her to go again" in text_of(head.get(at))

    world.now = first.ends_at
    assert "shift ended" in text_of(head.get("/release/"))
    release = reverse("release", args=[first.pk, world.people["agent"]])
    assert "debrief" not in text_of(head.get(release)).lower()
    done = sent(is_fit="YES", hurt="NO", stands="RESTING")
    assert "rests from now on" in followed(head, head.post(release, done))
    assert mate.get(release).status_code == 404
    assert "waits until:" in text_of(pages.as_("agent").get("/rest/"))


def test_her_own_time_and_her_calendar_elsewhere(world: World, pages: Pages) -> None:
    in_team(world, "agent", "mate")
    agent = pages.as_("agent")
    time = {"act": "time", "kind": "LEAVE", "starts": "tomorrow 08:00"}
    wrong = agent.post("/me/duties/", sent(**time, ends="soon"))
    assert wrong.status_code == 422
    assert 'value="soon"' in wrong.content.decode()
    followed(agent, agent.post("/me/duties/", sent(**time, ends="20:00")))
    leave = OwnTime.objects.get()
    mate = pages.as_("mate")
    not_hers = followed(mate, mate.post("/me/duties/", sent(act="end_time", time=str(leave.pk))))
    assert "This is here no more." in not_hers
    inside = agent.post("/me/duties/", sent(act="feed", address="http://127.0.0.1/x.ics"))
    assert "does not send to 127.0.0.1" in text_of(inside)

    duty = planned(world, hours=48, place="The hut")
    ask(world, duty, "agent")
    say(world, duty, "agent")
    made = agent.post("/me/duties/", sent(act="link")).content.decode()
    found = re.search(r"(/calendar/feed/[^<\s]+)", made)
    assert found is not None
    assert found[1] not in agent.get("/me/duties/").content.decode()
    nobody = Client()
    fed = nobody.get(found[1])
    assert fed.headers["Content-Type"].startswith("text/calendar")
    (event,) = icalendar.Calendar.from_ical(fed.content).walk("VEVENT")
    assert (str(event["SUMMARY"]), event.get("LOCATION")) == ("Duty", None)
    assert event.decoded("DTSTART") == duty.starts_at
    before = int(str(event["SEQUENCE"]))
    move(world, duty, hours=1)
    (event,) = icalendar.Calendar.from_ical(nobody.get(found[1]).content).walk("VEVENT")
    assert int(str(event["SEQUENCE"])) > before
    assert agent.post("/me/duties/", sent(act="link", shows_all="on")).status_code == 200
    assert nobody.get(found[1]).status_code == 404, "an address ends with the next one"
    assert nobody.get("/calendar/feed/none/duties.ics").status_code == 404


def test_the_team_page_shows_every_day_of_duties_and_of_missions(
    world: World, pages: Pages
) -> None:
    """One of a party reads the same of it whoever came home; a stranger to it reads nothing."""
    world.add("newcomer")
    in_team(world, "agent", "mate", "outsider", "deputy", "newcomer")
    duty = planned(world, hours=30, lasts=30, seats="1", what="Long watch")
    ask(world, duty, "deputy")
    say(world, duty, "deputy")
    pick(world, duty, "deputy", override="The pass is snowed in")
    world.send_out(
        "agent", "mate", "outsider", due_minutes=60 * 50, what="Ridge walk", team_id=world.team_id
    )
    first = world.now.date() - dt.timedelta(days=world.now.weekday())
    at = f"/calendar/?show=team&team={world.team_id}&from={first}"
    head, member, newcomer = (pages.as_(who) for who in ("head", "outsider", "newcomer"))

    def cells(client: Client) -> dict[str, list[str]]:
        rows = client.get(at).context["rows"]
        return {
            row["name"]: [" ".join(one["what"] for one in cell["items"]) for cell in row["cells"]]
            for row in rows
        }

    days = [4, 5, 6]  # from Friday on
    want = ["Ridge walk" if day in days else "" for day in range(7)]
    seen, own = cells(head), cells(member)
    mate = world.callsign("mate")
    assert seen[world.callsign("agent")] == seen[mate] == own[mate] == want
    assert seen[world.callsign("deputy")] == [""] * 5 + ["Long watch"] * 2
    assert not any(cells(newcomer)[mate]), "what is not hers to see"
    listed = head.get(at.replace("show=team", "show=week")).content.decode()
    assert [listed.count(what) for what in ("Ridge walk", "Long watch")] == [3, 2]
    world.fast_forward(minutes=60)
    world.sign_in("mate")
    assert cells(member) == own
    assert cells(head)[mate] == ["Ridge walk" if day == 4 else "" for day in range(7)]
    world.now += dt.timedelta(hours=72)
    assert cells(member)[world.callsign("agent")] == want
    at = at.replace(str(first), str(first + dt.timedelta(days=7)))
    overdue = ["Ridge walk" if day == 0 else "" for day in range(7)]
    assert cells(head)[world.callsign("agent")] == overdue, "until today while it is overdue"


@pytest.mark.parametrize(
    ("kind", "said"), [("TRAVEL", "travel"), ("STAND_BY", "stand-by at the station")]
)
def test_travel_and_stand_by_stand_in_the_calendar(
    world: World, pages: Pages, kind: str, said: str
) -> None:
    head = pages.as_("head")
    fields = sent(kind=kind, what="To the valley", starts="tomorrow 18:00", ends="22:00", weeks="1")
    head.post("/calendar/new/", fields)
    duty = Duty.objects.get()
    assert duty.kind == kind
    assert said in text_of(head.get(f"/calendar/{duty.pk}/"))
    assert "To the valley" in text_of(head.get("/calendar/"))
