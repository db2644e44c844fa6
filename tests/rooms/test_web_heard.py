"""The page "I have seen or heard somebody": three things to say, and nothing to learn."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from homeby.missions.models import Extension, PartyMember, Unmatched
from tests.rooms.pages import Pages, entries, followed, sent, source_of, text_of
from tests.world import World

THANKS = "Recorded. Thank you; whoever keeps the watch sees it."


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def member(pages: Pages) -> Client:
    return pages.as_("outsider")


def say(key: str) -> str:
    return reverse("heard-say", args=[key])


FORMS = {
    "in": {"callsign": "Fox", "how": "SEEN", "gate": "phone", "happened": "20 min"},
    "check-in": {"callsign": "Fox", "link": "SATELLITE", "note": "All well."},
    "more-time": {"callsign": "Fox", "expected_back": "+5h", "link": "PHONE", "note": "Slow."},
}


def test_it_is_linked_from_ones_own_page_and_names_nobody(world: World, member: Client) -> None:
    world.send_out("agent", "mate")
    assert reverse("heard") in member.get(reverse("account")).content.decode()
    before = entries()
    for address in (reverse("heard"), *map(say, FORMS)):
        page = member.get(address)
        assert page.status_code == 200
        for secret in ("Fox", "Owl", "North woods", "Patrol", "11:00"):
            assert secret not in source_of(page)
    assert entries() == before
    assert member.get(say("help")).status_code == 404


@pytest.mark.parametrize("key", FORMS)
def test_what_is_said_counts_once_and_shows_nothing(world: World, member: Client, key: str) -> None:
    mission = world.send_out("agent", "mate")
    world.fast_forward(minutes=40)
    form = sent(**FORMS[key])
    said = followed(member, member.post(say(key), form))
    assert THANKS in said
    number = entries()
    assert followed(member, member.post(say(key), form)) == said
    assert entries() == number
    unknown = sent(**(FORMS[key] | {"callsign": "Nobody"}))
    assert followed(member, member.post(say(key), unknown)) == said
    assert "Fox" not in said
    assert member.get(reverse("mission", args=[mission.pk])).status_code == 404
    row = PartyMember.objects.get(mission=mission, person_id=world.people["agent"])
    assert (row.state == "BACK", Extension.objects.count()) == (key == "in", key == "more-time")
    assert Unmatched.objects.get().why.startswith("“Nobody” is on no list.")
    if key == "in":
        assert row.back_at is not None
        assert (row.back_how, world.minutes(row.back_at)) == ("SEEN", 20)


@pytest.mark.parametrize(
    ("key", "wrong", "sentence"),
    [
        ("in", {"callsign": " "}, "Write the callsign, as they or others say it."),
        ("in", {"happened": "in 1 h"}, "This time lies ahead"),
        ("in", {"how": "GUESSED"}, "This is not on the list any more"),
        ("in", {"gate": "moon"}, "This is not on the list any more"),
        ("more-time", {"expected_back": "soon"}, "“soon” is not a time."),
        ("more-time", {"expected_back": "20.11. 08:00"}, "The new time lies in the past"),
        ("more-time", {"expected_back": ""}, "Say until when."),
    ],
)
def test_what_cannot_be_understood_gets_a_sentence_beside_its_field(
    world: World, member: Client, key: str, wrong: dict[str, str], sentence: str
) -> None:
    world.send_out("agent")
    before = entries()
    page = member.post(say(key), sent(**(FORMS[key] | wrong)))
    assert page.status_code == 200
    assert sentence in text_of(page)
    assert FORMS[key]["callsign"] in page.content.decode() or "callsign" in wrong
    assert entries() == before


def test_whoever_is_not_logged_in_says_nothing(world: World, pages: Pages) -> None:
    for address in (reverse("heard"), say("in")):
        assert pages.nobody().get(address).status_code == 302
        assert pages.nobody().post(address, sent(**FORMS["in"])).status_code == 302
    assert not Unmatched.objects.exists()
