"""Asked, refused, asked again of somebody else, approved, examined, promoted (`STORY.md` 67 to 69,
76, 77): told through the pages, with what must not be done on the way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from homeby.logbook.models import Entry
from homeby.people.models import Person, Rank
from homeby.people.rules import Role
from homeby.readiness.actions import examinations as requests
from homeby.readiness.models import Examination, Promotion
from homeby.readiness.queries import examinations, standing
from tests.promises.apart import keep_away
from tests.promises.learning import hold, read
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World

RANK = "RANK-PROBATIONER"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    world.add("chief", Role.LEADER, callsign="Chief")
    return Pages(world, monkeypatch)


def ask(client: Client, world: World, of: str, **more: Any) -> Any:
    said = {"what": RANK} | more
    return client.post("/me/path/", sent(act="request", asked=world.people[of], **said))


def at(what: str = RANK) -> str:
    return f"/examinations/{Examination.objects.filter(what=what).latest('asked_at').pk}/"


def refused(client: Client, what: str = RANK, /, **fields: Any) -> str:
    response = client.post(at(what), sent(**fields))
    assert response.status_code == 422, text_of(response)
    return text_of(response)


def approved(world: World, agent: Client, pages: Pages, by: str, **more: Any) -> Client:
    """The agent asks; somebody who has spoken with her approves."""
    world.now += dt.timedelta(minutes=1)
    assert "Asked." in followed(agent, ask(agent, world, by, **more))
    client = pages.as_(by)
    said = sent(act="approve", spoken="on", why="She showed all of it in summer.")
    address = at(more.get("what", RANK))
    assert "Approved." in followed(client, client.post(address, said))
    return client


def board(world: World, *who: str, **more: Any) -> dict[str, Any]:
    day = str(world.now.date() + dt.timedelta(days=1))
    said = {"held_date": day, "parts": "Knots\nRadio", "why": "The first of this rank."}
    return sent(act="board", examiners=[world.people[one] for one in who], **(said | more))


def judged(*passed: bool, **more: Any) -> dict[str, Any]:
    lines = list(enumerate(passed, start=1))
    said = {f"passed-{line}": "yes" if one else "no" for line, one in lines}
    notes = {f"note-{line}": "Too slow." for line, one in lines if not one}
    return sent(act="result", **said, **notes, **more)


def test_from_the_request_to_the_promotion(world: World, pages: Pages) -> None:
    Rank.objects.create(name="Probationer", short="Pr.")
    agent, head = pages.as_("agent"), pages.as_("head")
    assert "Asked." in followed(agent, ask(agent, world, "head"))
    world.look()
    assert [one.subject for one in world.phone("head")] == ["An examination waits for you"]
    twice = ask(agent, world, "deputy")
    assert twice.status_code == 422
    assert "You asked for this on" in text_of(twice)
    assert "Fox" in text_of(head.get("/examinations/"))
    assert "Speak with her first" in refused(head, act="approve", why="")
    doubts = refused(head, act="approve", spoken="on", why="")
    assert "Orientation for everybody who goes out is missing." in doubts
    assert "Say why" in refused(head, act="refuse", spoken="on", why="")
    said = sent(act="refuse", spoken="on", why="Show the radio once more.")
    assert "Refused." in followed(head, head.post(at(), said))
    world.look()
    (told,) = [one for one in world.phone("agent") if "news" in one.subject]
    assert "radio" not in told.outgoing.text, "others read what people receive"
    assert "Show the radio once more." in text_of(agent.get(at()))
    assert "She refused the request before" in text_of(ask(agent, world, "head"))
    mentors = [world.people["chief"]]
    assert "does not approve alone" in text_of(ask(agent, world, "chief", mentors=mentors))
    deputy = approved(world, agent, pages, "deputy", mentors=mentors)
    assert Examination.objects.latest("asked_at").follows is not None
    alone = refused(deputy, **board(world, "chief"))
    assert "A mentor does not examine alone" in alone
    assert "Whoever approved the request does not examine alone" in refused(
        deputy, **board(world, "deputy")
    )
    past = refused(deputy, **board(world, "guard", held_date="2020-02-29", why=""))
    assert "has passed; set a day from today on." in past
    assert "Nobody here holds it yet" in past
    assert "Set." in followed(deputy, deputy.post(at(), board(world, "chief", "guard")))
    guard, chief = pages.as_("guard"), pages.as_("chief")
    early = guard.post(at(), judged(True, True))
    assert "It stands differently by now" in followed(guard, early)
    world.now += dt.timedelta(days=1, minutes=5)
    assert "Give the result" not in text_of(chief.get(at())), "her mentor examines, not alone"
    assert "Say what lacked" in refused(guard, **(judged(True, False) | {"note-2": ""}))
    assert "lies before the examination" in refused(
        guard, **judged(True, False, retake_date="2026-02-28")
    )
    assert "Passed." in followed(guard, guard.post(at(), judged(True, True)))
    (promotion,) = Promotion.objects.all()
    assert promotion.person_id == world.people["agent"]
    assert str(Person.objects.get(pk=promotion.person_id).rank) == "Pr."
    assert standing.holders_of(RANK, day=world.now.date()) == [promotion.person_id]
    assert "Probationer" in text_of(agent.get("/me/path/"))
    assert "You hold this already." in text_of(ask(agent, world, "deputy"))
    kinds = Entry.objects.filter(person_id=promotion.person_id, kind__startswith="EXAMINATION")
    assert list(kinds.order_by("number").values_list("kind", flat=True)) == [
        "EXAMINATION_ASKED",
        "EXAMINATION_REFUSED",
        "EXAMINATION_ASKED",
        "EXAMINATION_APPROVED",
        "EXAMINATION_SET",
        "EXAMINATION_JUDGED",
    ]
    _nobody_else_reads_of_it(pages)


def _nobody_else_reads_of_it(pages: Pages) -> None:
    for who in ("admin", "outsider", "mate"):
        other = pages.as_(who)
        assert other.get(at()).status_code == 404
        assert "Fox" not in text_of(other.get("/examinations/"))
        assert "radio once more" not in text_of(other.get("/office/logbook/"))


def test_an_appeal_goes_to_somebody_else_and_another_board(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = pages.as_("agent")
    deputy = approved(world, agent, pages, "deputy")
    with monkeypatch.context() as at_once:  # asked on two devices in one instant
        at_once.setattr(requests, "_check_request", lambda *_said, **_more: None)
        assert "You asked for this on" in text_of(ask(agent, world, "deputy"))
    followed(deputy, deputy.post(at(), board(world, "guard", "deputy")))
    first = at()
    world.now += dt.timedelta(days=1)
    assert "Give the result" not in text_of(deputy.get(first)), "whoever approved judges not alone"
    guard = pages.as_("guard")
    said = judged(True, False, retake_date=str(world.now.date() + dt.timedelta(days=60)))
    assert "Kept." in followed(guard, guard.post(first, said))
    assert "Too slow." in text_of(agent.get(first))
    assert "again from" in text_of(ask(agent, world, "head"))

    def appeal(to: str) -> Any:
        said = sent(act="appeal", to=world.people[to], text="My radio was broken.")
        return agent.post(first, said)

    assert appeal("deputy").status_code == appeal("guard").status_code == 422
    assert "Sent." in followed(agent, appeal("head"))
    head = pages.as_("head")
    world.now += dt.timedelta(minutes=5)
    said = sent(act="uphold", why="It was broken.")
    assert "Upheld" in followed(head, head.post(first, said))
    assert "It was broken." in text_of(agent.get(first)), "the result stays, and why it went on"
    assert at() != first
    assert "not on the list any more" in refused(head, **board(world, "guard"))
    assert "Radio" in head.get(at()).content.decode(), "what was passed is not asked for again"
    assert "Set." in followed(head, head.post(at(), board(world, "outsider", parts="Radio")))
    assert "Taken back." in followed(agent, agent.post(at(), sent(act="withdraw")))
    assert Examination.objects.filter(state="FAILED").count() == 1
    assert not Promotion.objects.exists()


def test_a_holder_gives_the_result_and_whoever_refused_hears_no_appeal(
    world: World, pages: Pages
) -> None:
    read(world)
    hold(world, "mate", "SCOUT")
    hold(world, "chief", "SCOUT")
    agent, mentors = pages.as_("agent"), [world.people["chief"]]
    followed(agent, ask(agent, world, "head", what="SCOUT"))
    head = pages.as_("head")
    followed(head, head.post(at("SCOUT"), sent(act="refuse", spoken="on", why="Not yet.")))
    deputy = approved(world, agent, pages, "deputy", what="SCOUT", mentors=mentors)
    for seats, why in (
        (("guard",), "Nobody on the board holds what is examined"),
        (("guard", "chief"), "Nobody on the board may give the result"),
    ):
        assert why in refused(deputy, "SCOUT", **board(world, *seats))
    followed(deputy, deputy.post(at("SCOUT"), board(world, "guard", "mate", "chief")))
    row = Examination.objects.get(state="SET")
    assert not row.board_why, "somebody holds it: no reason stands in for that"
    world.now += dt.timedelta(days=1)
    for who, may in (("guard", False), ("chief", False), ("mate", True)):
        shown = examinations.examination(world.as_(who), row.pk, now=world.now)
        assert shown is not None
        assert ("result" in shown.may) is may, who
    mate = pages.as_("mate")
    followed(mate, mate.post(at("SCOUT"), judged(True, False)))
    row.refresh_from_db()
    assert row.state == "FAILED"
    said = sent(act="appeal", to=world.people["head"], text="It rained.")
    assert agent.post(at("SCOUT"), said).status_code == 422
    assert world.people["head"] in examinations.had_part(row)


def test_whoever_is_kept_away_neither_decides_nor_examines(world: World, pages: Pages) -> None:
    keep_away(world, "agent", "head")
    keep_away(world, "guard", "mate")
    agent = pages.as_("agent")
    assert "Head" not in text_of(agent.get("/me/path/"))
    assert ask(agent, world, "head").status_code == 422
    deputy = approved(world, agent, pages, "deputy")
    page = text_of(deputy.get(at()))
    assert "Owl" in page
    assert "Head" not in page
    assert "Choose from the list." in refused(deputy, **board(world, "guard", "mate"))
    assert ask(pages.as_("head"), world, "agent").status_code == 422
