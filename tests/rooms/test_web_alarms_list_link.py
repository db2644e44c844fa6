"""The link of a list: opening it takes nothing, its code takes all that is open."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.comms.models import Delivery, ListMessage, Message
from homeby.logbook.verification import verify
from homeby.watch.models import Alarm
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World

PARTIES = 5


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def listed(world: World) -> ListMessage:
    """The list that asks Head to take five alarms."""
    for number in range(PARTIES):
        world.add(f"walker{number}", callsign=f"Bird {number}")
        world.send_out(f"walker{number}", due_minutes=30)
    world.fast_forward(minutes=35)
    return ListMessage.objects.get()


def link(listed: ListMessage) -> str:
    return f"/m/{listed.token}"


def test_the_list_on_the_phone_leads_here_and_names_everybody(
    pages: Pages, world: World, listed: ListMessage
) -> None:
    (received,) = world.phone("head")
    assert received.outgoing.link.endswith(link(listed))
    page = text_of(pages.nobody().get(link(listed)))
    assert f"{PARTIES} open alarms" in page
    for alarm in Alarm.objects.select_related("subject"):
        assert alarm.subject.title in page
        assert f"A-{alarm.number}" in page


def test_a_scanner_acknowledges_nothing(pages: Pages, listed: ListMessage) -> None:
    before = entries()
    robot = pages.nobody()
    assert robot.get(link(listed)).status_code == 200
    assert robot.head(link(listed)).status_code == 200
    for fields in ({}, {"code": ""}, {"code": "12345"}, sent(act="take")):
        assert robot.post(link(listed), fields).status_code == 422
    assert entries() == before
    assert not Alarm.objects.filter(holder_id__isnull=False).exists()


def test_the_code_takes_all_and_stops_what_is_queued(
    pages: Pages, world: World, listed: ListMessage
) -> None:
    (received,) = world.phone("head")
    page = pages.nobody().post(link(listed), sent(code=received.code), follow=True)
    assert f"{PARTIES} alarms are yours until" in text_of(page)
    assert "All that are open are taken" in text_of(pages.as_("head").get(link(listed)))
    holders = Alarm.objects.values_list("holder_id", flat=True)
    assert set(holders) == {world.people["head"]}
    assert not Delivery.objects.filter(state="QUEUED").exists()
    mine = Message.objects.filter(person_id=world.people["head"], kind="ALARM")
    assert set(mine.values_list("state", flat=True)) == {"ANSWERED"}
    assert verify().difference is None


def test_what_is_over_is_not_taken_and_nothing_left_is_said(
    pages: Pages, world: World, listed: ListMessage
) -> None:
    world.sign_in(*(f"walker{number}" for number in range(PARTIES - 1)), heads=PARTIES - 1)
    code = ListMessage.objects.get(pk=listed.pk).code
    answer = text_of(pages.nobody().post(link(listed), sent(code=code), follow=True))
    assert "1 alarm is yours until" in answer
    world.sign_in(f"walker{PARTIES - 1}")
    answer = text_of(pages.nobody().post(link(listed), sent(code=code)))
    assert "Nothing is left to take" in answer


def test_five_wrong_codes_close_the_way_and_logging_in_stays_open(
    pages: Pages, world: World, listed: ListMessage
) -> None:
    wrong = f"{(int(listed.code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        page = pages.nobody().post(link(listed), sent(code=wrong))
        assert "not the code" in text_of(page)
    page = pages.nobody().post(link(listed), sent(code=listed.code))
    assert "Too many wrong codes" in text_of(page)
    assert not Alarm.objects.filter(holder_id__isnull=False).exists()
    page = pages.as_("head").post(link(listed), sent(), follow=True)
    assert "alarms are yours until" in text_of(page)


def test_a_stranger_with_an_account_needs_the_code(pages: Pages, listed: ListMessage) -> None:
    page = pages.as_("outsider").post(link(listed), sent())
    assert page.status_code == 422
    assert not Alarm.objects.filter(holder_id__isnull=False).exists()


def test_a_list_of_other_words_shows_them_and_asks_nothing(
    pages: Pages, world: World, listed: ListMessage
) -> None:
    world.now += dt.timedelta(minutes=10)
    world.sign_in(*(f"walker{number}" for number in range(PARTIES)), heads=PARTIES)
    world.look()
    other = ListMessage.objects.get(is_of_alarms=False)
    page = pages.nobody().get(link(other))
    assert "BACK: Bird 3" in text_of(page)
    assert "<form" not in page.content.decode().partition("<main")[2]
