"""The pages of qualifications: one's own, a book that is signed, the matrix, who can go."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from homeby.logbook.rules import new_tap
from homeby.people.rules import STATION
from homeby.readiness.actions import catalogue, pair_wishes
from homeby.readiness.models import Holding, Qualification, TaskBook
from homeby.readiness.shipped import shipped_files
from tests.promises.apart import keep_away
from tests.promises.learning import CATALOGUE, hold, join, of_key, read
from tests.promises.planning_duties import in_team
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    read(world)
    join(world, "agent", "mate")
    return Pages(world, monkeypatch)


def of(world: World, who: str) -> str:
    return reverse("qualifications-of", args=[world.people[who]])


@pytest.mark.once
def test_from_the_leader_s_page_to_my_own(world: World, pages: Pages) -> None:
    head, mate, agent = pages.as_("head"), pages.as_("mate"), pages.as_("agent")
    hold(world, "mate", "SCOUT")
    opened = sent(act="open", qualification=str(of_key("SCOUT")))
    assert "is open" in followed(head, head.post(of(world, "agent"), opened))
    day = world.now.date()
    paper = {"qualification": str(of_key("AID")), "from_date": day.isoformat()}
    wrong = sent(act="paper", **paper, expires_date=(day - dt.timedelta(days=1)).isoformat())
    refused = head.post(of(world, "agent"), wrong)
    assert refused.status_code == 422
    assert "before it begins" in text_of(refused)
    assert paper["from_date"] in refused.content.decode(), "what was typed stays"
    right = sent(act="paper", **paper, paper="Red Cross 12", expires_date="")
    assert "Recorded: First aid." in followed(head, head.post(of(world, "agent"), right))
    book = reverse("task-book", args=[TaskBook.objects.get().pk])
    assert "Task books of others Fox: Scout" in text_of(mate.get("/me/qualifications/")).replace(
        " You hold what they learn, or teach or lead them: sign what they have shown.", ""
    )
    mission = world.send_out("mate", "agent")
    world.now += dt.timedelta(hours=1)
    world.sign_in("mate", "agent", heads=2)
    assert "Sign" not in text_of(agent.get(book)).split("Signatures")[0]
    assert 'value="sign"' not in agent.get(book).content.decode()
    for task, where in (("1", ""), ("2", str(mission.pk)), ("final", "")):
        one = sent(act="sign", task=task, on_date=day.isoformat(), mission=where)
        followed(mate, mate.post(book, one))
    last = pages.as_("deputy")
    assert "Scout is certified." in followed(last, last.post(book, sent(act="certify")))
    mine = text_of(agent.get("/me/qualifications/", {"toward": "LEAD", "go": "SCOUT"}))
    assert "Only if somebody overrides this by name:" in mine, "nobody has released her yet"
    assert "Not signed off yet: Leads a party." in mine
    assert "nothing is said of how long" in mine
    assert "Red Cross 12" in mine
    assert "My qualifications" in text_of(agent.get("/me/"))
    world.now += dt.timedelta(days=3)
    rested = pages.as_("agent").get("/me/qualifications/", {"go": "SCOUT"})
    assert "You can go." in text_of(rested)


def test_the_matrix_says_gaps_first_and_only_to_whom_it_is_for(world: World, pages: Pages) -> None:
    for who, days in (("agent", -1), ("mate", 300), ("outsider", 30)):
        hold(world, who, "AID", since=10, days=days)
    hold(world, "mate", "SCOUT")
    head = pages.as_("head")
    page = text_of(head.get("/skill-matrix/"))
    assert page.index("Scout valid: 1") < page.index("First aid valid: 2")
    assert page.index("Fox") < page.index("Stranger") < page.index("Owl")
    soon = text_of(head.get("/ends-soon/")).replace("lapsed ", "")
    assert "Fox Team 7 First aid 19 Nov 2026" in soon
    only = head.get("/skill-matrix/", {"team": str(world.team_id), "family": "Field"})
    assert "Stranger" not in text_of(only)
    keep_away(world, "mate", "head")
    for address in ("/skill-matrix/", "/ends-soon/?days=365"):
        assert "Owl" not in text_of(head.get(address))
    assert head.get(of(world, "mate")).status_code == 404
    for who in ("agent", "admin", "guard"):
        other = pages.as_(who)
        for address in ("/skill-matrix/", "/ends-soon/", of(world, "outsider")):
            assert other.get(address).status_code == 404, (who, address)
    assert pages.as_("mate").get(of(world, "agent")).status_code == 404


def test_what_ends_soon_by_team_and_as_a_table(world: World, pages: Pages) -> None:
    for who, days in (("agent", -1), ("mate", 300), ("outsider", 30)):
        hold(world, who, "AID", since=10, days=days)
    head = pages.as_("head")
    ours = {"days": "400", "team": str(world.team_id)}
    assert "Stranger" in text_of(head.get("/ends-soon/", {"days": "30"}))
    assert "Stranger" not in text_of(head.get("/ends-soon/", {"days": "29"}))
    assert "Stranger" not in text_of(head.get("/ends-soon/", ours))
    answer = head.get("/ends-soon/file/", ours)
    lines = answer.content.decode().splitlines()
    assert answer["Content-Type"].startswith("text/csv")
    assert lines[0] == "Who,Teams,What,Last day,lapsed,Told"
    assert lines[1:] == [
        "Fox,Team 7,First aid,2026-11-19,yes,no",
        f"Owl,Team 7,First aid,{world.now.date() + dt.timedelta(days=300)},no,no",
    ]
    for odd in ("", "²", "-1", "9999999", "x"):
        assert head.get("/ends-soon/", {"days": odd, "team": odd}).status_code == 200
    assert pages.as_("agent").get("/ends-soon/file/").status_code == 404


def test_who_can_go_says_why_not_and_names_no_figure(world: World, pages: Pages) -> None:
    head = pages.as_("head")
    world.add("far", callsign="Far")
    world.add("gone", callsign="Gone")
    for who, days in (("agent", 300), ("outsider", 300), ("far", 300), ("gone", -1)):
        hold(world, who, "AID", since=10, days=days)
    world.plan("far", due_minutes=100)
    keep_away(world, "outsider", "mate")
    mission = world.plan("mate")
    address = reverse("who-can-go", args=[mission.pk])
    assert "Say what the mission needs" in text_of(head.get(address))
    page = text_of(head.get(address, {"need-0": "AID"}))
    assert "First aid: 4 hold it, 3 of them validly, 2 are free, 2 rested, 1 allowed." in page
    can, cannot = page.split("Only if somebody overrides it by name")
    assert "Fox First aid" in can
    in_team(world, "agent", "mate")
    other, now = world.people["mate"], world.now
    pair_wishes.wish(other_id=other, by=world.as_("agent"), now=now, tap=new_tap())
    again = text_of(head.get(address, {"need-0": "AID"}))
    assert "Fox First aid Fox likes to go with Owl." in again, "Owl is of the party"
    assert "Stranger Not available for this mission." in cannot
    assert "Far On another duty until" in cannot
    assert "Gone First aid lapsed; 19 Nov 2026 was its last day." in cannot
    assert pages.as_("mate").get(address).status_code == 404
    assert "Who can go?" in text_of(head.get(f"/missions/{mission.pk}/"))


@pytest.mark.once
def test_positions_are_said_on_the_mission(world: World, pages: Pages) -> None:
    mission = world.send_out("agent", "mate")
    address = reverse("mission-positions", args=[mission.pk])
    assert pages.as_("mate").get(address).status_code == 404
    agent = pages.as_("agent")
    said = sent(act="say", person=str(world.people["mate"]), qualification=str(of_key("SCOUT")))
    assert "Kept: Owl, Scout." in followed(agent, agent.post(address, said))
    again = agent.post(address, said | {"entry_id": str(uuid.uuid4())})
    assert again.status_code == 422
    key = agent.get(address).content.decode().split('name="position" value="')[1][:36]
    back = sent(act="take_back", position=key)
    assert "Taken back." in followed(agent, agent.post(address, back))


@pytest.mark.once
def test_the_catalogue_is_data(world: World, pages: Pages) -> None:
    admin, agent = pages.as_("admin"), pages.as_("agent")
    catalogue.load(files=shipped_files(), by=STATION, now=world.now, tap=new_tap())
    assert Qualification.objects.filter(kind="POSITION").count() >= 60
    page = reverse("qualification", args=[of_key("FLDL")])
    shown = agent.get(page)
    assert "<svg" in shown.content.decode()
    assert "Field party member" in text_of(shown)
    assert agent.get(f"{page}change/").status_code == 404
    text = admin.get(f"{page}change/").content.decode()
    assert "Writes a plan with call-out time" in text
    whole = agent.get("/qualifications/file/").content.decode()
    assert "changed: 0" in read(world, whole), "what is written out is read again unchanged"
    wrong = admin.post(f"{page}change/", sent(text=CATALOGUE.replace("needs", "need")))
    assert wrong.status_code == 422
    assert "nobody knows" in text_of(wrong) or "need" in text_of(wrong)
    ended = followed(admin, admin.post(f"{page}change/", sent(act="end")))
    assert "no longer given" in ended
    other = CATALOGUE.replace('name = "Scout"', 'name = "Pathfinder"')
    assert "changed: 1" in followed(admin, admin.post("/qualifications/read/", sent(text=other)))
    empty = admin.post("/qualifications/read/", sent(text=""))
    assert "Choose a file" in text_of(empty)
    assert Holding.objects.count() == 0
