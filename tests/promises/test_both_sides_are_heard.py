"""Whoever plans is asked in writing and explains beside her own figures, learns of no concern, and
of nobody by name unless the officer chose so; nobody writes "left out" before both were heard."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest

from homeby.comms.models import Message
from homeby.logbook.queries import visible_entries
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.welfare.actions import asking, concerns, steps, switching
from homeby.welfare.actions.asking import Asking
from homeby.welfare.actions.concerns import Ending
from homeby.welfare.actions.steps import Said, Writing
from homeby.welfare.models import Asked, Concern, LeftOutSignal
from homeby.welfare.queries.asked import explained, open_to_me, visible_asked
from homeby.welfare.queries.concerns import visible_notes
from homeby.welfare.rules.concerns import NoteKind, Outcome
from homeby.welfare.rules.evidence import QUESTIONS
from tests.promises.apart import keep_away
from tests.promises.caring import concern_of, with_officers
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

QUESTION, ANSWER = "How do you choose the days?", "Wednesdays were free; I did not look"
OTHERS = ("agent", "mate", "deputy", "admin", "guard", "outsider")


@pytest.fixture
def concern(world: World) -> Concern:
    """Of a signal about `agent`, whom `carer` looks after."""
    with_officers(world)
    found = concern_of(world)
    concerns.take(concern_id=found.pk, by=world.as_("carer"), now=world.now, tap=new_tap())
    return found


def consent(world: World, concern: Concern, *, may_ask: bool = True) -> None:
    said = Said(words="Ask them", may_ask=may_ask)
    steps.say(concern_id=concern.pk, said=said, by=world.as_("agent"), now=world.now, tap=new_tap())


def ask(world: World, concern: Concern, whom: str = "head", *, names_her: bool = False) -> None:
    asking.ask_organiser(
        concern_id=concern.pk, by=world.as_("carer"), now=world.now, tap=new_tap(),
        asking=Asking(person_id=world.people[whom], words=QUESTION, names_her=names_her),
    )  # fmt: skip


def explain(world: World, who: str = "head") -> None:
    asking.explain(
        asked_id=Asked.objects.get().pk, words=ANSWER, by=world.as_(who), now=world.now,
        tap=new_tap(),
    )  # fmt: skip


def end(world: World, concern: Concern) -> None:
    ending = Ending(outcome=Outcome.LEFT_OUT, words="It was so", next_at=None)
    concerns.end(
        concern_id=concern.pk, ending=ending, by=world.as_("carer"), now=world.now, tap=new_tap()
    )


def test_nobody_is_asked_without_her_leave_or_who_does_not_plan(
    world: World, concern: Concern
) -> None:
    with pytest.raises(Refused, match="She is asked first"):
        ask(world, concern)
    consent(world, concern)
    for who in ("mate", "admin", "agent"):
        with pytest.raises(Refused, match="plans for the team"):
            ask(world, concern, who)
    ask(world, concern)
    with pytest.raises(Refused, match="Asked already"):
        ask(world, concern)
    consent(world, concern, may_ask=False)
    assert open_to_me(world.as_("head")) == [], "she has taken it back"
    with pytest.raises(Refused, match="not asked of you any more"):
        explain(world)


def test_nobody_from_whom_she_keeps_away_is_asked(world: World, concern: Concern) -> None:
    consent(world, concern)
    keep_away(world, "agent", "head")
    with pytest.raises(Refused, match="plans for the team"):
        ask(world, concern, names_her=True)


@pytest.mark.parametrize("names_her", [False, True])
def test_she_is_asked_beside_her_figures_and_learns_of_no_concern(
    world: World, concern: Concern, monkeypatch: pytest.MonkeyPatch, names_her: bool
) -> None:
    consent(world, concern)
    ask(world, concern, names_her=names_her)
    pages = Pages(world, monkeypatch)
    told = pages.as_("head").get("/me/decisions/")
    assert QUESTION in text_of(told)
    assert "The last 365 days" in text_of(told), "her own figures stand beside it"
    assert ("It is about: Fox" in text_of(told)) is names_her
    row = Asked.objects.get()
    missing = pages.as_("head").post("/me/decisions/", sent(asked=row.pk, words=" "))
    assert (missing.status_code, "Write a few words" in text_of(missing)) == (422, True)
    kept = pages.as_("head").post("/me/decisions/", sent(asked=row.pk, words=ANSWER))
    assert kept.status_code == 302
    for page in (told.content.decode(), pages.as_("head").get("/me/decisions/").content.decode()):
        assert str(concern.pk) not in page
    entries = visible_entries(world.as_("head"))
    assert set(entries.filter(subject__startswith="asked:").values_list("kind", flat=True)) == {
        "DECISIONS_ASKED", "DECISIONS_EXPLAINED",
    }  # fmt: skip
    assert not entries.filter(subject__startswith="concern:").exists()
    world.look()
    assert [one.subject for one in world.phone("head")] == ["Somebody asks you something"]
    assert not Message.objects.filter(person_id=world.people["head"], text__contains="Fox")


def test_her_answer_goes_to_the_officer_and_stands_beside_the_evidence(
    world: World, concern: Concern, monkeypatch: pytest.MonkeyPatch
) -> None:
    switching.set_search(
        is_on=True, one_in_years=100, by=world.as_("admin"), now=world.now, tap=new_tap()
    )
    LeftOutSignal.objects.create(
        id=uuid.uuid4(), person_id=concern.person_id, team_id=world.team_id, at=world.now,
        question=QUESTIONS[0].name, raised_at=world.now, concern=concern,
    )  # fmt: skip
    consent(world, concern)
    ask(world, concern)
    pages, evidence = Pages(world, monkeypatch), f"/welfare/{concern.pk}/evidence/"
    assert "Not answered yet" in text_of(pages.as_("carer").get(evidence))
    explain(world)
    officer = text_of(pages.as_("carer").get(evidence))
    assert QUESTION in officer
    assert ANSWER in officer
    for at in (evidence, f"/help/{concern.pk}/"):
        assert ANSWER not in text_of(pages.as_("agent").get(at)), "to the officer alone"
    for who in OTHERS:
        viewer = world.as_(who)
        assert not visible_asked(viewer).exists(), who
        assert not explained(viewer, concern.pk), who
        assert not visible_notes(viewer).filter(kind=NoteKind.ORGANISER_SAID).exists(), who
    with pytest.raises(Refused, match="not asked of you any more"):
        explain(world)


def test_nobody_writes_that_she_was_left_out_before_both_were_heard(
    world: World, concern: Concern
) -> None:
    with pytest.raises(Refused, match="Ask her first"):
        end(world, concern)
    consent(world, concern)
    with pytest.raises(Refused, match="nobody who plans"):
        end(world, concern)
    ask(world, concern)
    with pytest.raises(Refused, match="may still answer"):
        end(world, concern)
    world.now += dt.timedelta(days=6)
    explain(world)
    end(world, concern)
    concern.refresh_from_db()
    assert concern.outcome == Outcome.LEFT_OUT
    assert verify().difference is None


def test_whoever_does_not_answer_in_time_stops_nobody(world: World, concern: Concern) -> None:
    consent(world, concern)
    ask(world, concern)
    world.now += dt.timedelta(days=7, minutes=1)
    end(world, concern)


def test_what_was_said_by_word_of_mouth_counts_too(world: World, concern: Concern) -> None:
    consent(world, concern)
    said = Writing(kind=NoteKind.ORGANISER_SAID, words=ANSWER)
    steps.write(
        concern_id=concern.pk, writing=said, by=world.as_("carer"), now=world.now, tap=new_tap()
    )
    end(world, concern)
