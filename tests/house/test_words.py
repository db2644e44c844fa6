"""A synonym is a bug: the words of the field, in names, kinds and on pages."""

from __future__ import annotations

import pytest

from tests.house import words
from tests.house.tree import ROOT, Source, files, nothing, sources


def test_only_the_words_of_the_field_are_used() -> None:
    found = [hit for source in sources("homeby") for hit in words.in_python(source)]
    for path in files("homeby", suffix=".html"):
        relative = path.relative_to(ROOT).as_posix()
        found += words.in_template(relative, path.read_text(encoding="utf-8"))
    nothing(words.judged(found, words.allowed()))


@pytest.mark.parametrize(
    "text",
    [
        "def plan_trip(): ...",
        "class IncidentRow: ...",
        "severity = 1",
        "def f(jobs): ...",
        "self.policies = []",
        "kind = 'TRIP_STARTED'",
        "from django.utils.translation import gettext as _\nx = _('You are on call.')",
        "def resolve_alarm(): ...",
        "def is_on_call(): ...",
        "lastHeartbeat = 1",
        "def next_event(): ...",
    ],
)
def test_a_synonym_in_code_is_noticed(text: str) -> None:
    assert words.in_python(Source(path="homeby/missions/rules.py", text=text))


@pytest.mark.parametrize(
    "text",
    [
        "def plan_mission(): ...",
        "Thread(daemon=True)",
        "from django.urls import resolve",
        "def stripe(): ...",
        "x = 'a trip is only banned where people read it'",
        "stepping = shipping = 1",
    ],
)
def test_other_words_pass(text: str) -> None:
    assert words.in_python(Source(path="homeby/missions/rules.py", text=text)) == []


def test_a_file_name_counts_and_event_is_free_outside_the_rooms() -> None:
    assert words.in_python(Source(path="homeby/watch/cron.py", text=""))
    assert words.in_python(Source(path="homeby/web/shell/events.py", text="event = 1")) == []


def test_what_a_page_shows_is_read_and_its_mark_up_is_not() -> None:
    shown = '<p>Your trip</p>\n<p class="x">{% translate "Close alarm" %}</p>'
    assert [place for place, _ in words.in_template("a.html", shown)] == [
        "a.html::trip",
        "a.html::close alarm",
    ]
    hidden = '<a class="trip" href="{% url "job" %}">{{ incident }}</a>{# cron #}<br\ntitle="ping">'
    assert words.in_template("a.html", hidden) == []
    assert "a.html:2" in words.in_template("a.html", hidden + "trip")[0][1]


def test_an_exception_needs_a_use_and_a_reason() -> None:
    found = words.in_python(Source(path="homeby/web/x.py", text="certificate = 1"))
    place = "homeby/web/x.py::certificate"
    assert words.judged(found, {place: "the one of TLS"}) == []
    assert len(words.judged(found, {})) == 1
    assert len(words.judged(found, {place: ""})) == 1
    assert len(words.judged([], {place: "the one of TLS"})) == 1
