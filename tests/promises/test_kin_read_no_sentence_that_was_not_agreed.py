"""Promise 8 for kin: whatever becomes of a mission and of the watch, no page and no message says a
sentence that the person did not read beforehand; and she reads none that is never said. What
messages say in whole stories is compared wherever a test reads them (`kin_pages.told`)."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from homeby.missions.models import Mission
from homeby.people.rules import MayKnow, Recipient
from homeby.watch import texts, texts_acts, texts_kin, texts_outage
from homeby.watch.models import Alarm, Subject
from homeby.watch.queries.kin import Watched
from homeby.watch.rules import AlarmKind, Outage, Phase
from homeby.watch.rules.kin import Facts, Keeping, SearchStep, Shown
from homeby.web.kin import agreed
from homeby.web.kin.facts import Said, Scene, page_of
from tests.promises.kin_pages import not_agreed, wait_at_home
from tests.rooms.pages import Pages
from tests.world import ZONE, World

NOW = dt.datetime(2026, 11, 20, 18, 0, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MEASURES = [one for one in MayKnow if one is not MayKnow.NOTHING]
PHASES = [None, Phase.UNCERTAINTY, Phase.DISTRESS]


def facts() -> Iterator[Facts]:
    """How it may stand with somebody."""
    dues = [(None, None), (NOW + HOUR, NOW + 2 * HOUR), (NOW, NOW + HOUR), (NOW - HOUR, NOW)]
    for due, phase, told in itertools.product(dues, PHASES, (False, True)):
        for is_out, back_at in (
            (True, None),
            (False, None),
            (False, NOW),
            (False, NOW - HOUR * 13),
        ):
            yield Facts(
                is_out=is_out,
                due_at=due[0],
                call_out_at=due[1],
                back_at=back_at,
                told=told,
                alarm_phase=phase,
            )


def watched() -> Iterator[Watched]:
    """What the watch may have said and heard."""
    for step, speaks in itertools.product((None, *SearchStep), (False, True)):
        yield Watched(
            next_at=NOW + HOUR if speaks else None,
            speaker="Anna Keller" if speaks else "",
            step=step,
            step_at=NOW - HOUR if step else None,
            worried_at=NOW - HOUR if speaks else None,
        )
    yield Watched(taken_up_at=NOW - HOUR)


def pages_of(may_know: MayKnow) -> Iterator[Said]:
    for one, seen, keeping in itertools.product(facts(), watched(), Keeping):
        scene = Scene(
            facts=replace(one, in_persons_hands=bool(seen.speaker) and one.told),
            watched=seen,
            zone=ZONE,
            now=NOW,
            keeping=keeping,
            paused_until=NOW + HOUR if keeping is Keeping.PAUSED else None,
        )
        yield page_of(scene, may_know)


def messages_to(may_know: MayKnow, *, looks_in: bool) -> Iterator[str]:
    """Whatever a message may say, line by line."""
    kin = Recipient(
        person_id=uuid.uuid4(), name="flatmate", reaches=(), kin_of=uuid.uuid4(), may_know=may_know
    )
    outage = Outage(from_at=NOW - HOUR, to_at=NOW, doors_until_at=NOW)
    for kind, late in itertools.product(AlarmKind, (False, True)):
        at = NOW - HOUR if late else NOW + HOUR
        subject = Subject(zone=ZONE, place="North woods", team_title="Team 7", due_at=at)
        words = texts.to_kin(Alarm(kind=kind, subject=subject, due_at=at), kin, now=NOW)
        yield from (words[0], *words[1].splitlines())
    for late, phase, mistaken in itertools.product((False, True), PHASES, (False, True)):
        yield from texts_kin.still(late=late, phase=phase, mistaken=mistaken)
    for back in (False, True):
        yield from texts.good_news_to_kin(back=back)
    yield from (texts_kin.step_words(step) for step in SearchStep)
    yield texts_outage.why_late(outage, zone=ZONE, now=NOW)
    yield f"{texts_kin.next_hour_line('20:00')} {texts_kin.zone_line(ZONE)}"
    if looks_in:
        yield from (*texts_acts.look_in(), *texts_acts.looked_in())


def never_said(sentences: list[str], lines: set[str]) -> list[str]:
    """Of what she agreed to, what nothing says."""
    said = " ".join(lines)
    return [one for one in sentences if any(part not in said for part in one.split(agreed.OPEN))]


@pytest.mark.looks
@pytest.mark.parametrize("may_know", MEASURES)
def test_whatever_becomes_of_it_the_page_says_what_was_agreed(may_know: MayKnow) -> None:
    lines, shown = set(), set()
    for page in pages_of(may_know):
        shown.add(page.shown)
        lines |= {page.head, page.call, page.worried, page.zone, *page.lines}
    assert shown == set(Shown) - (set() if may_know in MEASURES[1:] else {Shown.OUT})
    sentences = agreed.of_the_page(may_know)
    assert not not_agreed(sorted(lines), sentences)
    assert not never_said(sentences, lines)


@pytest.mark.looks
@pytest.mark.parametrize("looks_in", [False, True])
@pytest.mark.parametrize("may_know", MEASURES)
def test_whatever_becomes_of_it_messages_say_what_was_agreed(
    may_know: MayKnow, looks_in: bool
) -> None:
    lines = set(messages_to(may_know, looks_in=looks_in))
    sentences = agreed.of_messages(may_know, looks_in=looks_in)
    assert not not_agreed(sorted(lines), sentences)
    assert not never_said(sentences, lines)
    assert not_agreed(["She is hurt.", "Area: North woods. She is hurt."], sentences)


def test_the_person_reads_every_one_of_them_beforehand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Pages(world, monkeypatch)
    wait_at_home(world, MayKnow.AREA)
    mine = html.unescape(pages.as_("agent").get("/me/").content.decode())
    for sentence in agreed.of_the_page(MayKnow.AREA) + agreed.of_messages(MayKnow.AREA):
        assert f"<li>{sentence}</li>" in mine
    assert "Out with" not in mine
    assert not Mission.objects.exists()
