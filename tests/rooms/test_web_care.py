"""Help and care: the door, the welfare desk, a concern and a welfare check, as pages."""

from __future__ import annotations

import datetime as dt

import pytest

from homeby.logbook.models import Entry, Read
from homeby.logbook.rules import new_tap
from homeby.people.actions.teams import add_team, join_team
from homeby.people.models import RoleHeld
from homeby.people.queries import visible_people
from homeby.people.rules import STATION
from homeby.readiness.models import DutyPerson, OwnTime
from homeby.watch.actions import alarms
from homeby.watch.models import Alarm
from homeby.welfare.actions.follow_ups import ask_due
from homeby.welfare.models import Concern, FollowUp
from homeby.welfare.queries.concerns import visible_concerns, who_may_have
from tests.promises.caring import with_officers
from tests.promises.planning_duties import ask, planned, say
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

WORDS = "They train while I am on shift"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    with_officers(world)
    return Pages(world, monkeypatch)


def concern(pages: Pages) -> Concern:
    """What `agent` said through the door."""
    told = sent(act="speak", kind="OWN_WORD", words=WORDS)
    assert pages.as_("agent").post("/help/", told).status_code == 302
    return Concern.objects.get()


def test_a_word_through_the_door_is_answered_and_she_decides(pages: Pages) -> None:
    one, agent, carer = concern(pages), pages.as_("agent"), pages.as_("carer")
    assert (one.kind, one.answer_by) == ("OWN_WORD", pages.world.now + dt.timedelta(hours=48))
    at, own = f"/welfare/{one.pk}/", f"/help/{one.pk}/"
    pages.world.look()
    assert [x.subject for x in pages.world.phone("carer")] == [
        "Something waits on the welfare desk"
    ]
    assert "nobody has it" in text_of(carer.get("/welfare/"))
    assert WORDS in text_of(carer.get(at))
    for who in ("mate", "head", "deputy", "admin", "outsider"):
        assert pages.as_(who).get(at).status_code == 404
        assert pages.as_(who).get(own).status_code == 404
    early = sent(act="write", kind="ORGANISER_ASKED", words="Why at these hours?")
    assert "She is asked first" in text_of(carer.post(at, early))
    together = sent(act="write", kind="STEP", step="HABIT", words="Trainings are set anew")
    assert carer.post(at, together).status_code == 302
    carer.post(at, sent(act="write", kind="ANSWER", words="I come by tonight"))
    assert "I come by tonight" in text_of(agent.get(own))
    one.refresh_from_db()
    assert one.answered_at == pages.world.now
    ending = {"act": "end", "outcome": "CHANGED", "words": "Trainings move"}
    assert "Choose a day" in text_of(carer.post(at, sent(**ending)))
    ending["next_at"] = "2026-12-10"
    assert "Ask her first." in text_of(carer.post(at, sent(**ending)))
    agent.post(own, sent(act="say", words="Please ask him", step="MEDIATOR", may_ask="on"))
    assert carer.post(at, early).status_code == 302
    assert "Why at these hours?" not in text_of(agent.get(own))
    assert carer.post(at, sent(**ending)).status_code == 302, "she has spoken herself"


def test_moving_her_does_not_end_it_before_the_team_is_asked_about(pages: Pages) -> None:
    one, agent, carer = concern(pages), pages.as_("agent"), pages.as_("carer")
    at = f"/welfare/{one.pk}/"
    agent.post(f"/help/{one.pk}/", sent(act="say", words="I want to go", step="TEAM_CHANGE"))
    carer.post(at, sent(act="write", kind="ASKED", words="What helps?"))
    ending = {"act": "end", "outcome": "CHANGED", "words": "Moved", "next_at": "2026-12-10"}
    assert "what changes for the team" in text_of(carer.post(at, sent(**ending)))
    carer.post(at, sent(act="write", kind="TEAM", words="Dates are set against shifts"))
    assert carer.post(at, sent(**ending)).status_code == 302
    for days, span in ((30, "MONTHS"), (130, "YEAR"), (800, "")):
        pages.world.now = one.opened_at + dt.timedelta(days=days)
        assert ask_due(now=pages.world.now) == 1
        due = FollowUp.objects.get(done_at__isnull=True)
        carer.post(at, sent(act="again", follow_up=due.pk, words="Better"))
        left = FollowUp.objects.filter(done_at__isnull=True)
        assert [x.span for x in left] == ([span] if span else [])


def test_without_anybody_outside_the_page_says_so_and_loses_nothing(pages: Pages) -> None:
    RoleHeld.objects.filter(person_id=pages.world.people["carer"]).delete()
    agent = pages.as_("agent")
    assert "no welfare officer outside your team" in text_of(agent.get("/help/"))
    answer = agent.post("/help/", sent(act="speak", kind="OWN_WORD", words=WORDS))
    assert answer.status_code == 422
    assert WORDS in text_of(answer)
    assert not Concern.objects.exists()


def test_she_chooses_who_does_not_read_it_and_may_leave_it(pages: Pages) -> None:
    agent, carer = pages.as_("agent"), str(pages.world.people["carer"])
    wrong = agent.post("/help/", sent(act="speak", kind="OWN_WORD", words=WORDS, not_to=[carer]))
    assert "No welfare officer outside" in text_of(wrong)
    one = concern(pages)
    agent.post(f"/help/{one.pk}/", sent(act="leave"))
    one.refresh_from_db()
    assert (one.outcome, one.ended_by_id) == ("LEFT_TO_HER", pages.world.people["agent"])


def test_a_leaders_note_has_an_owner_and_a_date(pages: Pages) -> None:
    agent = str(pages.world.people["agent"])
    note = {"act": "speak", "kind": "LEADERS_NOTE", "person": agent, "words": "Dead look"}
    head = pages.as_("head")
    assert "Choose a day" in text_of(head.post("/help/", sent(**note)))
    assert head.post("/help/", sent(**note, ask_by="2026-11-25")).status_code == 302
    row = FollowUp.objects.get()
    assert row.owner_id == row.concern.owner_id == pages.world.people["carer"]
    assert pages.as_("mate").post("/help/", sent(**note, ask_by="2026-11-25")).status_code == 422
    assert "Dead look" not in text_of(pages.as_("agent").get("/help/"))


def test_a_word_that_nobody_answers_is_asked_for(pages: Pages) -> None:
    one, world = concern(pages), pages.world
    world.look()
    world.received.clear()
    assert ask_due(now=world.now) == 0
    world.now += dt.timedelta(hours=49)
    assert (ask_due(now=world.now), ask_due(now=world.now)) == (1, 0)
    world.look()
    assert len(world.phone("carer")) == 1
    assert str(one.pk) not in world.phone("carer")[0].outgoing.text


def test_whoever_looks_for_her_reads_where_and_says_how_she_was(pages: Pages) -> None:
    world = pages.world
    duty = planned(world, hours=1)
    ask(world, duty, "agent")
    say(world, duty, "agent")
    world.fast_forward(minutes=92)
    seat = DutyPerson.objects.get(duty=duty).pk
    at, carer = f"/welfare/check/{seat}/", pages.as_("carer")
    alarm = Alarm.objects.get(subject__ref=f"check:{seat}")
    assert f'href="{at}"' in carer.get(f"/alarms/{alarm.pk}/").content.decode()
    assert "Take the alarm" in text_of(carer.get(at))
    alarms.acknowledge(alarm_id=alarm.pk, by=world.as_("carer"), now=world.now, tap=new_tap())
    world.give_kin("agent", "Ino")
    assert "Ino" in text_of(carer.post(at, sent(act="where")))
    assert "Ino" not in text_of(carer.get(at))
    assert carer.post(at, sent(act="CALLED_HER", words="No answer")).status_code == 302
    found = {"act": "found", "how": "NOT_WELL", "where": "Third ground", "outcome": "TALKED",
             "words": "Stays with Ino"}  # fmt: skip
    wrong = carer.post(at, sent(**found))
    assert wrong.status_code == 422
    assert "Third ground" in wrong.content.decode()
    assert carer.post(at, sent(**found, next_at="2026-12-01")).status_code == 302
    assert "it is known where she is" in text_of(carer.get(at))
    for who in ("mate", "agent", "outsider"):
        assert pages.as_(who).get(at).status_code == 404, who
    reads = Read.objects.filter(kind="CONCERN").exclude(viewer_id=world.people["carer"])
    assert not reads.exists()


def test_a_worry_goes_to_an_officer_outside_both_teams(pages: Pages) -> None:
    """Whoever is worried names her own team: who is in that of the other does not read it."""
    world, tap = pages.world, new_tap()
    add_team(name="Others", by=STATION, now=world.now, tap=tap)
    join_team(
        person_id=world.people["deputy"], team_id=tap.entry_id, by=STATION, now=world.now,
        tap=new_tap(),
    )  # fmt: skip
    speaker, agent = pages.as_("deputy"), world.people["agent"]
    told = {"kind": "WORRY_ABOUT", "person": agent, "team": tap.entry_id, "words": WORDS}
    assert "would read this." in text_of(speaker.post("/help/", sent(act="readers", **told)))
    assert not Concern.objects.exists(), "nothing is kept by asking"
    assert speaker.post("/help/", sent(act="speak", **told)).status_code == 302
    one = Concern.objects.get()
    assert pages.as_("carer").get(f"/welfare/{one.pk}/").status_code == 200
    assert pages.as_("mate").get(f"/welfare/{one.pk}/").status_code == 404
    assert not visible_concerns(world.as_("mate")).exists()
    assert who_may_have(one, now=world.now) == [world.people["carer"]]
    join_team(person_id=world.people["carer"], team_id=world.team_id, by=STATION, now=world.now,
              tap=new_tap())  # fmt: skip
    assert "this could reach nobody" in text_of(speaker.post("/help/", sent(act="readers", **told)))
    assert not visible_concerns(world.as_("carer")).exists()


def test_leave_is_begun_by_her_alone_and_stands_in_her_calendar(pages: Pages) -> None:
    one, agent, carer = concern(pages), pages.as_("agent"), pages.as_("carer")
    at, own = f"/welfare/{one.pk}/", f"/help/{one.pk}/"
    carer.post(at, sent(act="write", kind="ASKED", words="What helps?"))
    theirs = carer.post(at, sent(act="write", kind="STEP", step="LEAVE", words="A week off"))
    assert (theirs.status_code, OwnTime.objects.count()) == (422, 0)
    wish = {"act": "say", "words": "A week away", "step": "LEAVE"}
    assert "from which day until which" in text_of(agent.post(own, sent(**wish)))
    past = {"leave_from": "2026-01-01", "leave_until": "2026-01-05"}
    wrong = agent.post(own, sent(**wish, **past))
    assert "later than the beginning" in text_of(wrong)
    assert "A week away" in text_of(wrong), "what was typed is kept"
    assert not OwnTime.objects.exists()
    first = (pages.world.now + dt.timedelta(days=2)).date()
    days = {"leave_from": first, "leave_until": first + dt.timedelta(days=6)}
    assert agent.post(own, sent(**wish, **days)).status_code == 302
    row = OwnTime.objects.get()
    assert (row.kind, row.person_id) == ("LEAVE", pages.world.people["agent"])
    assert row.ends_at - row.starts_at == dt.timedelta(days=7)
    assert str(one.pk) not in {x.subject for x in Entry.objects.filter(kind="OWN_TIME_ENTERED")}
    assert "leave" in text_of(agent.get("/me/duties/"))


def test_a_worry_is_about_whom_she_may_see_or_named_in_her_own_words(pages: Pages) -> None:
    agent, carer = pages.as_("agent"), pages.as_("carer")
    page = agent.get("/help/").content.decode()
    seen = visible_people(pages.world.as_("agent")).values_list("pk", flat=True)
    listed = {key for who, key in pages.world.people.items() if f'value="{key}"' in page}
    officers = {pages.world.people["carer"], pages.world.people["mate"]}  # who may read it
    assert listed - officers == set(seen) - {pages.world.people["agent"]} - officers
    worry = {"act": "speak", "kind": "WORRY_ABOUT", "words": "The nurse at the gate looks ill"}
    hidden = str(pages.world.people["outsider"])
    assert agent.post("/help/", sent(**worry, person=hidden)).status_code == 422
    assert agent.post("/help/", sent(**worry, person="elsewhere")).status_code == 302
    one = Concern.objects.get()
    assert one.person_id == one.opened_by_id == pages.world.people["agent"]
    told = text_of(carer.get(f"/welfare/{one.pk}/"))
    assert "a worry about somebody whom the words name" in told
    assert "The nurse at the gate" in told
    note = {**worry, "kind": "OWN_WORD"}
    assert agent.post("/help/", sent(**note, person="elsewhere")).status_code == 302
