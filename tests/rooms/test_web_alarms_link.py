"""The link in a message (P4, F23): opening it acknowledges nothing; the code or a signed-in device
does. What a mail scanner does to a link is done here: GET, HEAD, and the form sent off."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.watch.models import Alarm
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def message(world: World) -> Message:
    """The message that asks Head to take the alarm about Fox."""
    world.send_out("agent", due_minutes=30)
    world.fast_forward(minutes=40)
    return Message.objects.get(person_id=world.people["head"], kind="ALARM")


def link(message: Message) -> str:
    return f"/m/{message.token}"


def holder(world: World) -> uuid.UUID | None:
    return world.alarm().holder_id


def other_code(message: Message) -> str:
    """Six digits that are not the code."""
    return f"{(int(message.code) + 1) % 1_000_000:06d}"


def test_the_message_on_the_phone_leads_here(world: World, message: Message) -> None:
    (received,) = world.phone("head")
    assert received.outgoing.link.endswith(link(message))
    assert received.code == message.code


def test_a_scanner_acknowledges_nothing(pages: Pages, world: World, message: Message) -> None:
    before = entries()
    robot = pages.nobody()
    for _ in range(3):
        assert robot.get(link(message)).status_code == 200
        assert robot.head(link(message)).status_code == 200
    for fields in ({}, {"code": ""}, {"code": "verify"}, {"code": "12345"}, sent(act="take")):
        for _ in range(3):
            assert robot.post(link(message), fields).status_code == 422
    assert entries() == before
    assert holder(world) is None
    message.refresh_from_db()
    assert message.code_tries == 0  # junk uses none of the five tries up
    assert message.state == "HANDED"


def test_the_page_shows_callsign_and_zone_and_no_more(
    pages: Pages, world: World, message: Message
) -> None:
    page = pages.nobody().get(link(message))
    assert "Fox" in text_of(page)
    assert "North woods" in text_of(page)
    assert message.code not in page.content.decode()
    assert "agent by name" not in page.content.decode()


def test_the_code_takes_it_and_says_what_to_do(
    pages: Pages, world: World, message: Message
) -> None:
    client = pages.nobody()
    typed = f" {message.code[:3]} {message.code[3:]} "
    page = text_of(client.post(link(message), sent(code=typed), follow=True))
    assert "You have it, until" in page
    assert "What to do now" in page
    assert "Fox" in page
    assert holder(world) == world.people["head"]
    elsewhere = text_of(pages.nobody().get(link(message)))
    assert "You have it" not in elsewhere
    assert "Head has it." in elsewhere


def test_the_same_form_twice_counts_once(pages: Pages, world: World, message: Message) -> None:
    client, fields = pages.nobody(), sent(code=message.code)
    client.post(link(message), fields)
    before = entries()
    assert "You have it" in text_of(client.post(link(message), fields, follow=True))
    assert entries() == before


def test_a_wrong_code_is_a_sentence_and_five_are_the_end(
    pages: Pages, world: World, message: Message
) -> None:
    client = pages.nobody()
    for _ in range(5):
        page = client.post(link(message), sent(code=other_code(message)))
        assert "That is not the code of this message." in text_of(page)
    page = client.post(link(message), sent(code=message.code))
    assert "Too many wrong codes for this message." in text_of(page)
    assert holder(world) is None
    refused = Entry.objects.filter(kind="CODE_REFUSED")
    assert refused.count() == 5
    assert not any(message.code in (entry.content.body or "") for entry in refused)


def test_what_was_typed_wrongly_stays_in_the_field(pages: Pages, message: Message) -> None:
    page = pages.nobody().post(link(message), sent(code="12 34"))
    assert "A code has six digits" in text_of(page)
    assert 'value="12 34"' in page.content.decode()


@pytest.mark.parametrize("token", ["nothing", "x" * 500, "..", "%00", "a b", "Ü"])
def test_an_unknown_link_is_a_sentence_whatever_is_sent(pages: Pages, token: str) -> None:
    client = pages.nobody()
    for answer in (
        client.get(f"/m/{token}"),
        client.post(f"/m/{token}", sent(code="123456")),
        client.post(f"/m/{token}", {}),
    ):
        assert answer.status_code == 404
        assert "This link belongs to no message." in text_of(answer)


def test_a_signed_in_device_needs_no_code(pages: Pages, world: World, message: Message) -> None:
    client = pages.as_("deputy")
    page = client.get(link(message))
    assert 'name="code"' not in page.content.decode()
    assert holder(world) is None
    page = client.post(link(message), sent(), follow=True)
    assert "You have it" in text_of(page)
    assert holder(world) == world.people["deputy"]  # as the one who is signed in


def test_a_signed_in_stranger_needs_the_code(pages: Pages, world: World, message: Message) -> None:
    client = pages.as_("outsider")
    assert 'name="code"' in client.get(link(message)).content.decode()
    assert client.post(link(message), sent()).status_code == 422
    assert holder(world) is None


def test_an_alarm_that_is_over_says_so(pages: Pages, world: World, message: Message) -> None:
    world.sign_in("agent")
    client = pages.nobody()
    assert "Everybody is signed in, by Gate 1" in text_of(client.get(link(message)))
    answer = client.post(link(message), sent(code=message.code))
    assert "is over already" in text_of(answer)
    assert Alarm.objects.get().holder_id is None


def test_good_news_simply_shows_its_text(pages: Pages, world: World, message: Message) -> None:
    world.sign_in("agent")
    news = Message.objects.get(person_id=world.people["head"], kind="GOOD_NEWS")
    before = entries()
    page = pages.nobody().get(link(news))
    assert "Fox is back" in text_of(page)
    assert 'name="code"' not in page.content.decode()
    assert pages.nobody().post(link(news), sent(code="123456")).status_code == 200
    assert entries() == before


def parts(client: Client, message: Message) -> str:
    """What a page that stands open fetches when something has changed."""
    answers = [client.get(f"{link(message)}/{part}/") for part in ("state", "acts")]
    assert [answer.status_code for answer in answers] == [200, 200]
    return " ".join(text_of(answer) for answer in answers)


def test_a_page_that_stands_open_learns_that_it_is_over(
    pages: Pages, world: World, message: Message
) -> None:
    client = pages.as_("head")
    page = client.post(link(message), sent(), follow=True).content.decode()
    for part in ("state", "acts"):
        assert f'data-live-src="{link(message)}/{part}/"' in page
    assert "You have it, until" in parts(client, message)
    world.sign_in("agent")
    before = entries()
    after = parts(client, message)
    assert "Everybody is signed in, by Gate 1" in after
    assert "You have it" not in after
    assert "To the mission" in after
    assert entries() == before


@pytest.mark.parametrize("who", ["head", ""])
def test_whoever_has_it_can_go_on_having_it(
    pages: Pages, world: World, message: Message, who: str
) -> None:
    client = pages.as_(who) if who else pages.nobody()
    code = {} if who else {"code": message.code}
    client.post(link(message), sent(**code))
    until = world.alarm().expires_at
    world.fast_forward(minutes=5)
    page = text_of(client.get(link(message)))
    assert "I still have it" in page
    assert ("Log in" in page) == (not who)
    assert ("To the mission" in page) == bool(who)
    client.post(link(message), sent(**code))
    now_until = world.alarm().expires_at
    assert until is not None
    assert now_until is not None
    assert now_until > until


def test_an_unknown_link_has_no_live_parts(pages: Pages, message: Message) -> None:
    for part in ("state", "acts"):
        assert pages.nobody().get(f"/m/nothing/{part}/").status_code == 404


def test_the_live_parts_show_no_more_than_the_page(
    pages: Pages, world: World, message: Message
) -> None:
    said = parts(pages.nobody(), message)
    assert "Fox" in said
    assert "agent by name" not in said
    assert message.code not in said
    assert "To the mission" not in said
