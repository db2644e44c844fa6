"""The page that pauses the watch: asked for, agreed to by another person, ended."""

from __future__ import annotations

import pytest

from homeby.watch.models import Pause
from homeby.watch.rules import PauseState
from tests.promises.pauses import ask
from tests.rooms.pages import Pages, entries, sent, text_of
from tests.world import World

PAGE = "/office/pause/"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def typed(**more: str) -> dict[str, str]:
    return sent(**({"reason": "Exercise until noon", "until": "+2h", "behind": "TWO"} | more))


def test_two_people_pause_the_watch_on_the_page_and_one_ends_it(pages: Pages) -> None:
    head, deputy = pages.as_("head"), pages.as_("deputy")
    answer = head.post(PAGE, typed(), follow=True)
    assert "The watch goes on until a second person agrees." in text_of(answer)
    assert "Agree: pause the watch now" not in text_of(answer)
    asked = Pause.objects.get()
    act = f"{PAGE}{asked.pk}/act/"
    refused = text_of(head.post(act, sent(act="agree"), follow=True))
    assert "a second person must agree" in refused
    assert "Agree: pause the watch now" in text_of(deputy.get(PAGE))
    paused = text_of(deputy.post(act, sent(act="agree"), follow=True))
    assert "The watch is paused until 11:00: nobody is missed before that." in paused
    assert "By Head and Deputy: Exercise until noon" in paused
    assert "End the pause now" in text_of(head.get(PAGE))
    over = text_of(head.post(act, sent(act="end"), follow=True))
    assert "The watch goes on. Whoever is overdue is missed now." in over
    assert "ended by Head" in over
    assert Pause.objects.get().state == PauseState.OVER


def test_one_alone_announces_it_a_day_ahead(pages: Pages) -> None:
    page = text_of(pages.as_("head").post(PAGE, typed(behind="ALONE", until="+26h"), follow=True))
    assert "A pause is announced" in page
    assert Pause.objects.get().state == PauseState.NOTICE


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"until": "soon"}, "is not a time. Write one such as"),
        ({"until": ""}, "This is needed; please fill it in."),
        ({"until": "+13h"}, "A pause lasts at most 12 hours"),
        ({"until": "+2h", "behind": "ALONE"}, "With a day's notice it begins 24 hours from now"),
        ({"reason": "x"}, "Give a reason in a few words"),
        ({"behind": "NOBODY"}, "This is not on the list any more."),
    ],
)
def test_what_cannot_be_gets_a_sentence(
    pages: Pages, fields: dict[str, str], sentence: str
) -> None:
    before = entries()
    answer = pages.as_("head").post(PAGE, typed(**fields))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert entries() == before


@pytest.mark.parametrize("who", ["agent", "guard", "outsider"])
def test_others_find_no_such_page(pages: Pages, who: str) -> None:
    asked = ask(pages.world, "head", minutes=60)
    client = pages.as_(who)
    assert client.get(PAGE).status_code == 404
    for act in ("agree", "end"):
        assert client.post(f"{PAGE}{asked}/act/", sent(act=act)).status_code == 404
    assert Pause.objects.get().state == PauseState.ASKED


def test_nonsense_changes_nothing(pages: Pages) -> None:
    client = pages.as_("head")
    asked = ask(pages.world, "head", minutes=60)
    assert client.post(f"{PAGE}{asked}/act/", sent(act="forever")).status_code == 404
    assert client.get(f"{PAGE}{asked}/act/").status_code == 405
    gone = f"{PAGE}00000000-0000-4000-8000-000000000000/act/"
    assert "There is no such pause." in text_of(client.post(gone, sent(act="end"), follow=True))
