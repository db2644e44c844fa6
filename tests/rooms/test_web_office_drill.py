"""The page "Drill", and where pages show exercises and unproven people: each marked, to whom."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from homeby import clock
from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.station import drilling
from homeby.watch.actions import awake, drills, live_tests
from homeby.watch.actions.drills import Wish
from homeby.watch.models import Alarm, Drill, DutyPhone
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

PAGE = "/office/drill/"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setattr(clock, "real_now", lambda: world.now)
    return Pages(world, monkeypatch)


def wishes(**fields: object) -> dict[str, object]:
    return sent(**({"plan": "Return", "steps": "", "within_minutes": "60"} | fields))


def test_a_duty_officer_begins_one_and_reads_how_it_goes(pages: Pages) -> None:
    world, head = pages.world, pages.as_("head")
    assert "There was no drill yet." in text_of(head.get(PAGE))
    page = followed(head, head.post(PAGE, wishes()))
    assert "EXERCISE: the drill begins; it ends at 10:00 at the latest." in page
    world.fast_forward(minutes=6)
    page = text_of(head.get(PAGE))
    assert "On now" in page
    assert "Reached 1 of 1" in page
    assert "Not part of an exercise: the party, the leader of the party, kin" in page
    assert text_of(head.get(f"{PAGE}rows/")) in page
    world.fast_forward(minutes=60)
    assert "The time of this drill is over. Thank you." in text_of(head.get(PAGE))


def test_what_cannot_be_stands_beside_its_field(pages: Pages) -> None:
    head = pages.as_("head")
    answer = head.post(PAGE, wishes(within_minutes="3", steps="0"))
    assert answer.status_code == 422
    assert answer.content.decode().count('aria-invalid="true"') == 2, text_of(answer)
    assert head.post(PAGE, wishes(plan="Nonsense")).status_code == 422
    assert not Drill.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"), [("head", True), ("admin", True), ("deputy", False), ("agent", False)]
)
def test_it_is_for_administrators_and_duty_officers(pages: Pages, who: str, may: bool) -> None:
    client = pages.as_(who)
    assert client.get(PAGE).status_code == (200 if may else 404)
    assert client.post(PAGE, wishes()).status_code == (302 if may else 404)
    assert Drill.objects.exists() is may


def begun(world: World) -> Alarm:
    drills.begin(wish=Wish(), by=world.as_("head"), now=world.now, tap=new_tap())
    world.fast_forward(minutes=6)
    return Alarm.objects.get(kind="EXERCISE")


def test_every_page_about_it_is_marked_and_the_link_takes_it(pages: Pages) -> None:
    alarm = begun(pages.world)
    head = pages.as_("head")
    assert "EXERCISE: Exercise party (X-1)" in text_of(head.get("/alarms/"))
    assert "Exercise party" not in text_of(head.get("/board/"))
    page = text_of(head.get(f"/alarms/{alarm.pk}/"))
    assert "EXERCISE Nobody is missing." in page
    message = Message.objects.exclude(code="").get()
    nobody = pages.nobody()
    link = f"/m/{message.token}/"
    if nobody.get(link).status_code != 200:
        link = link.rstrip("/")
    shown = nobody.get(link)
    assert "<title>EXERCISE: " in shown.content.decode()
    assert "EXERCISE: Exercise party" in text_of(shown)
    page = followed(nobody, nobody.post(link, sent(code=message.code)))
    assert "EXERCISE: X-1 is yours until" in page
    assert "Have them sign in" not in page
    pages.world.fast_forward(minutes=70)
    assert "The time of this drill is over. Thank you." in text_of(head.get(f"/alarms/{alarm.pk}/"))
    assert pages.as_("agent").get(f"/alarms/{alarm.pk}/").status_code == 404


def test_whoever_is_unproven_is_amber_on_bill_people_and_watch_page(pages: Pages) -> None:
    world, head = pages.world, pages.as_("head")
    live_tests.set_out(now=world.now)
    world.look()
    paths = ("/office/watch-bill/", "/office/people/", "/me/")
    for path in paths:
        assert "unproven since" not in text_of(head.get(path)), path
    world.now += dt.timedelta(days=7, minutes=1)
    for path in paths:
        assert "unproven since" in text_of(head.get(path)), path
    assert "Unproven, for they took no alarm" in text_of(head.get("/office/watch/"))
    DutyPhone.objects.update(proven_at=world.now)
    for path in paths:
        assert "unproven since" not in text_of(head.get(path)), path


def test_she_chooses_the_hour_of_her_test_on_her_own_page(pages: Pages) -> None:
    deputy = pages.as_("deputy")
    assert "My weekly test" in text_of(deputy.get("/me/"))
    assert "My weekly test" not in text_of(pages.as_("agent").get("/me/"))
    page = followed(deputy, deputy.post("/me/test-hour/", sent(hour="18")))
    assert "The hour of the weekly test is set." in page
    assert "at 18:00" in text_of(pages.as_("head").get("/office/watch-bill/"))
    page = followed(deputy, deputy.post("/me/test-hour/", sent(hour="3")))
    assert "Choose one of the hours of the list." in page
    assert DutyPhone.objects.get().hour == 18


def test_the_command_refuses_where_nobody_watches_and_reports_in_words_and_json(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world = pages.world
    said: list[str] = []
    command = {"as_json": True, "say": said.append}
    assert drilling.report(**command) == 2  # type: ignore[arg-type]
    assert drilling.run(wish=Wish(), **command) == 2  # type: ignore[arg-type]
    assert "The watch is not awake" in said[-1]
    awake.looked(name="hut", real_now=world.now)
    assert drilling.run(wish=Wish(plan="x"), **command) == 2  # type: ignore[arg-type]
    assert "There is no plan of that name." in said[-1]
    monkeypatch.setattr(clock, "wait", lambda **_: world.fast_forward(minutes=5))
    assert drilling.run(wish=Wish(within_minutes=30), **command) == 0  # type: ignore[arg-type]
    told = json.loads(capsys.readouterr().out)
    assert (told["plan"], told["is_over"], told["figures"]["reached"]) == ("Return", True, 2)
    assert told["people"][0]["handed_seconds"] == 0.0
    assert drilling.report(as_json=False, say=said.append) == 0
    words = capsys.readouterr().out
    assert "Head (CONSOLE): handed after 0.0 s." in words
    assert "2 of 2 reached" in words
