"""What is wrong with a form is said in our words, listed above it, and the first wrong field has
the focus: on a phone nobody searches for it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import homeby.web
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

TEMPLATES = Path(homeby.web.__file__).parent / "templates"
#: How the library would say it.
NOT_OURS = ("Ensure this", "This field is", "Enter a", "Select a valid", "Field is")


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def focused(answer: Any) -> list[str]:
    """The names of the fields that ask for the focus."""
    tags = re.findall(r"<(?:input|select|textarea)[^>]*autofocus[^>]*>", answer.content.decode())
    return list(dict.fromkeys(re.findall(r'name="([^"]*)"', " ".join(tags))))


def test_no_form_leaves_it_to_the_browser_to_say_what_is_wrong() -> None:
    forms = [
        (path.name, form)
        for path in TEMPLATES.rglob("*.html")
        for form in re.findall(r"<form[^>]*method=\"post\"[^>]*>", path.read_text())
    ]
    assert len(forms) > 30
    assert [one for one in forms if "novalidate" not in one[1]] == []
    for path in TEMPLATES.rglob("*.html"):
        assert not re.search(r"<(?:input|select|textarea)[^>]* required", path.read_text())


def test_a_plan_with_much_wrong_lists_it_and_leads_to_the_first(pages: Pages, world: World) -> None:
    answer = pages.as_("head").post(
        "/plan/", sent(leader="", expected_back="", check_in_minutes="3", vehicle="x" * 301)
    )
    page, said = answer.content.decode(), text_of(answer)
    assert focused(answer) == ["leader"]
    for name in ("leader", "expected_back", "check_in_minutes", "vehicle"):
        assert f'<a href="#id_{name}">' in page
        assert f'id="id_{name}"' in page
    assert "answers need another look" in said
    assert not [words for words in NOT_OURS if words in said]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("3", "Check-ins are 5 minutes to 24 hours apart."),
        ("9" * 30, "Check-ins are 5 minutes to 24 hours apart."),
        ("often", "Write a whole number, in digits."),
    ],
)
def test_minutes_are_judged_in_our_words(
    pages: Pages, world: World, typed: str, sentence: str
) -> None:
    fields = sent(leader=str(world.people["mate"]), expected_back="+2h", check_in_minutes=typed)
    answer = pages.as_("head").post("/plan/", fields)
    assert sentence in text_of(answer)
    assert "check_in_minutes" in answer.content.decode()


def test_a_first_report_without_an_answer_is_our_sentence(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    world.sign_in("agent")
    answer = pages.as_("agent").post(
        f"/missions/{mission.pk}/report/{world.people['agent']}/", sent(hurt="", urgent="No")
    )
    assert "“will not say” is an answer" in text_of(answer)
    assert focused(answer) == ["hurt"]


def test_the_heads_have_the_focus_and_what_was_ticked_stays(pages: Pages, world: World) -> None:
    mission = world.send_out("agent", "mate")
    both = [str(world.people[who]) for who in ("agent", "mate")]
    answer = pages.as_("guard").post(
        f"/gate/{world.gate_id}/party/{mission.pk}/", sent(person=both, heads="0")
    )
    assert "At least 1." in text_of(answer)
    assert focused(answer) == ["heads"]
    assert answer.content.decode().count(" checked") >= 2


def test_a_page_without_errors_asks_for_no_focus(pages: Pages) -> None:
    assert focused(pages.as_("head").get("/plan/")) == []


def test_a_flag_is_cleared_only_with_what_was_found(pages: Pages, world: World) -> None:
    mission = world.send_out("agent")
    answer = pages.as_("head").post(
        f"/missions/{mission.pk}/act/", sent(act="correct", number="1", text=""), follow=True
    )
    assert "Say what is right" in text_of(answer)
