"""The story told again with Homeby on (`STORY.md` 84 to 103): who was told what in which week, by
real actions, and read from what the station then showed and sent. Nobody of her team learns that
somebody cares; the page of the demonstration shows this very telling."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from homeby import settings
from homeby.comms.models import Message
from homeby.logbook.queries import visible_entries
from homeby.web.noticed import views
from homeby.welfare.models import Concern, FollowUp
from homeby.welfare.rules.concerns import ConcernKind, Outcome, Span
from tests.rooms.pages import Pages, text_of
from tests.told_again import story
from tests.told_again.__main__ import as_text
from tests.told_again.reading import CALLED
from tests.told_again.story import HEAD, HER, LEADER, MATES, MISSED, OFFICE, OFFICER
from tests.told_again.telling import Telling
from tests.world import World

#: Where whoever leads the team reads figures of their own decisions.
OWN_FIGURES = {"PLANNING", "MIRROR", "REASONS"}
ALARM = "%(who)s begins a shift: she says under My duties that she is there."
CHECK = "%(who)s was not there when a shift began: call her, then whom she named, then go."


class Told:
    """What a telling has told, to be asked."""

    def __init__(self, telling: Telling) -> None:
        self.rows = telling.reading.told

    def to(self, login: str, *where: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """What somebody read, there if it is named, with the week."""
        for row in self.rows:
            if row["to"] == CALLED[login] and (not where or row["where"] in where):
                yield from ((row["week"], one) for one in row["said"])

    def weeks(self, login: str, where: str, begins: str = "") -> list[int]:
        """In which weeks somebody read a sentence that begins so."""
        found = self.to(login, where)
        return [week for week, one in found if one.get("text", "").startswith(begins)]


@pytest.mark.django_db
def test_who_was_told_what_in_which_week() -> None:
    telling = Telling.anew()
    telling.tell()
    assert as_text(telling.as_file()) == views.FILE.read_text(encoding="utf-8"), (
        "another story by now: run python -m tests.told_again"
    )
    told = Told(telling)
    _the_leader_sees_it_first(told)
    _she_and_an_officer_outside_hear(told, telling)
    _a_missed_shift_is_looked_after(told)
    _nobody_else_learns_of_it(told, telling)
    _it_ended_with_what_changes_and_is_asked_again()


def _the_leader_sees_it_first(told: Told) -> None:
    """Before any signal: against the time, again and again; not told; waited longest; the reason
    again."""
    running = [
        (week, one["with"]["times"])
        for week, one in told.to(LEADER, "PLANNING")
        if "in a row" in one["text"]
    ]
    assert running[:3] == [(4, 2), (7, 2), (8, 3)], "two shifts running, then three"
    assert told.weeks(LEADER, "PLANNING", "Have another duty")[0] == 1
    assert told.weeks(LEADER, "MIRROR", "Not told yet") == [9, 11, 13, 15, 18]
    waited = [week for week, one in told.to(LEADER, "MIRROR") if one["with"].get("who") == "Fox"]
    assert waited[0] == 11
    again = [(week, one["with"]["times"]) for week, one in told.to(LEADER, "REASONS")]
    assert again[:3] == [(14, 3), (16, 4), (17, 5)], "“no medic”, again"
    assert {one["again"] for _week, one in told.to(LEADER, "REASONS")} == {"NOT_NEEDED"}


def _she_and_an_officer_outside_hear(told: Told, telling: Telling) -> None:
    """First that she has become quiet, to an officer; then that it went against her, to both."""
    kinds = [(week, one["concern"]) for week, one in told.to(OFFICER, "DESK")]
    quiet = min(week for week, kind in kinds if kind == ConcernKind.CONTACT)
    signal = min(week for week, kind in kinds if kind == ConcernKind.SIGNAL)
    assert (quiet, signal) == (13, 19)
    assert told.weeks(OFFICER, "MESSAGE", "Something waits")[0] == quiet
    assert told.weeks(HER, "MESSAGE", "There is something for you") == [signal]
    for who in (HER, OFFICER):
        went = [one for _w, one in told.to(who, "EVIDENCE") if "Went along" in one["text"]]
        assert went[0]["with"]["hers"] == 0
        assert went[0]["with"]["even"] > 3
    own = [one["with"] for _w, one in told.to(HER, "CHANCES") if "Went along" in one["text"]]
    assert [one["hers"] for one in own] == sorted(one["hers"] for one in own), "counts, no score"
    for week, knew in telling.knew.items():
        expected = {OFFICER, HER} if week >= signal else {OFFICER} if week >= quiet else set()
        assert knew == expected, week


def _a_missed_shift_is_looked_after(told: Told) -> None:
    """The officer first, then whoever holds the watch, who opens where she would be once it is
    taken."""
    assert told.weeks(OFFICER, "MESSAGE", CHECK) == [MISSED]
    assert told.weeks(HEAD, "MESSAGE", CHECK) == [MISSED]
    officer = [one["check"] for _week, one in told.to(OFFICER, "CHECK")]
    head = [one["check"] for _week, one in told.to(HEAD, "CHECK")]
    assert (officer, head) == (["MISSED"], ["MISSED", "MAY_OPEN"])
    assert "over" in {key for _week, one in told.to(HEAD, "MESSAGE") for key in one}


def _nobody_else_learns_of_it(told: Told, telling: Telling) -> None:
    """Neither by a page nor by a message nor by an entry."""
    for login in (OFFICE, *MATES):
        assert {week < 1 for week, _one in told.to(login)} == {True}, login
    assert {row["where"] for row in told.rows if row["to"] == CALLED[LEADER]} == {
        "MESSAGE",
        *OWN_FIGURES,
    }
    late = [one["text"] for week, one in told.to(LEADER, "MESSAGE") if week > 0]
    assert late == [ALARM], "that a shift has not begun, as of anybody"
    here = telling.here
    ids = [str(one) for one in Concern.objects.values_list("pk", flat=True)]
    for login in (LEADER, OFFICE, *MATES):
        kinds = visible_entries(here.as_(login)).values_list("kind", flat=True)
        assert not [one for one in kinds if one.startswith(("CONCERN", "SIGNAL", "WELFARE"))], login
        rows = Message.objects.filter(person_id=here.people[login])
        assert not [row for row in rows if any(one in f"{row.about} {row.text}" for one in ids)]


def _it_ended_with_what_changes_and_is_asked_again() -> None:
    concern = Concern.objects.get(kind=ConcernKind.SIGNAL)
    assert concern.outcome == Outcome.CHANGED
    assert {one.step for one in concern.notes.all()} >= {"TEAM_CHANGE"}
    spans = set(
        FollowUp.objects.filter(concern=concern, done_at=None).values_list("span", flat=True)
    )
    assert spans == {Span.MONTHS}
    assert story.LAST - MISSED == 4


def test_the_page_of_the_demonstration_shows_it_and_no_other_station_does(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, address = Pages(world, monkeypatch).as_("mate"), "/what-would-be-noticed/"
    assert reader.get(address).status_code == 404
    assert address not in text_of(reader.get("/me/"))
    here = settings.current().model_copy(update={"demonstration": True})
    monkeypatch.setattr(settings, "current", lambda: here)
    said = text_of(reader.get(address))
    assert "In week 13 Chalk is told that" in said
    assert "could not come: 3 times in a row." in said
    assert "Told of nothing in all these weeks" in said
    told = text_of(reader.get(address, headers={"accept-language": "de"}))
    assert "konnte nicht kommen: 3-mal hintereinander." in told, "in the language of the reader"
