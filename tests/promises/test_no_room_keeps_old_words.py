"""The words of every room go by the rules of the organisation, not only those of missions: reasons,
notes, what was practised, why a glass was broken. What is not over keeps its words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from homeby.logbook import actions as logbook
from homeby.logbook.counting import checkpoint
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions.retention import set_retention
from homeby.people.rules_private import Lasting
from homeby.readiness.models import Examination, Holding, Qualification
from homeby.readiness.rules.duty_planning import DUTY_PLANNED
from homeby.readiness.rules.examinations import EXAMINATION_ASKED
from homeby.retention.applying import retain
from homeby.retention.forgotten import RULES
from homeby.retention.persons import WORDS
from tests.promises.words_kept import PLANTED, holding, plant, word_of
from tests.world import World

#: What no rule of retention takes: it is what somebody is called, holds or wants now.
STAYS = {
    ("readiness.specialunitplace", "callsign"): "what she is called there",
    ("readiness.planstep", "aim"): "her own plan, which she alone writes and ends",
    ("readiness.mentoraim", "level"): "what the two aim at",
    ("comms.failingcontact", "trouble"): "the row goes as soon as the contact point works",
    ("comms.posting", "trouble"): "what the program of a person answered",
    ("missions.unmatched", "why"): "what did not fit, as the station says it",
    ("missions.readerwrap", "label"): "by what she opens her own key, as long as she has it",
    ("missions.readerwrap", "wrapped"): "by what she opens her own key, as long as she has it",
    ("missions.sealedtext", "content"): "sealed: what only its readers can open",
    ("watch.duress", "who"): "as messages called her, which an open case needs",
    ("watch.duress", "place"): "the gate, which is no secret",
    ("watch.kincare", "speaker"): "who speaks with the family, as they read it",
}


def a_month_later(world: World) -> None:
    """Every rule is set to the shortest, and it is over."""
    for lasting in Lasting:
        set_retention(lasting=lasting, days=30, by=world.as_("admin"), now=world.now,
                      tap=new_tap())  # fmt: skip
    world.now += dt.timedelta(days=32)
    retain(by=world.people["admin"], now=world.now)


def test_all_rules_together_leave_no_word_in_any_room(world: World) -> None:
    world.send_out("agent", "mate", due_minutes=60)
    world.fast_forward(minutes=10)
    world.sign_in("agent", "mate", heads=2)
    world.look()
    plant(world)
    before = verify().checkpoint
    a_month_later(world)
    for label, names in PLANTED.items():
        for column in names:
            found = holding(word_of(label, column)) - {"logbook.EntryBody"}
            assert bool(found) is ((label, column) in STAYS), (label, column)
            if not found:
                assert holding(word_of(label, column)) == set(), (label, column)
    assert verify(against=checkpoint(before)).difference is None


def test_what_was_decided_just_now_keeps_its_words_though_it_was_asked_long_ago(
    world: World,
) -> None:
    exam = Examination(person_id=world.people["agent"], what="x", state="ASKED", asked_at=world.now,
                       asked_id=world.people["head"])  # fmt: skip
    with logbook.writing(now=world.now, by=None) as book:
        book.entry(EXAMINATION_ASKED, subject=f"examination:{exam.pk}").add(exam)
    a_month_later(world)
    with logbook.writing(now=world.now, by=None) as book:
        page = book.entry(EXAMINATION_ASKED, subject=f"examination:{exam.pk}")
        page.change(exam, decided_why="zqfresh")
    retain(by=world.people["admin"], now=world.now + dt.timedelta(days=31))
    exam.refresh_from_db()
    assert exam.decided_why == "zqfresh", "nobody has ended it yet"
    assert verify().difference is None


def test_a_paper_keeps_its_words_as_long_as_somebody_holds_it(world: World) -> None:
    """By it she has what she has. Withdrawn or run out for as long as the rule says, it goes."""
    day = world.now.date()
    long_ago, last_week = day - dt.timedelta(days=40), day - dt.timedelta(days=7)
    ends: dict[str, dict[str, Any]] = {
        "zqheld": {},
        "zqnextyear": {"through_date": day + dt.timedelta(days=365)},
        "zqlastweek": {"through_date": long_ago, "withdrawn_date": last_week},
        "zqrunout": {"through_date": long_ago},
        "zqwithdrawn": {"withdrawn_date": long_ago, "through_date": day},
    }
    skill = Qualification(key="scout", name="Scout", kind="SKILL")
    with logbook.writing(now=world.now, by=None) as book:
        page = book.entry(DUTY_PLANNED, subject="row:1")
        page.add(skill)
        for paper, dates in ends.items():
            row = Holding(person_id=world.people["agent"], qualification=skill, paper=paper,
                          from_date=day - dt.timedelta(days=90), **dates)  # fmt: skip
            page.add(row)
    set_retention(lasting=Lasting.ENTRIES, days=30, by=world.as_("admin"), now=world.now,
                  tap=new_tap())  # fmt: skip
    retain(by=None, now=world.now)
    found = set(Holding.objects.values_list("paper", flat=True))
    assert found == {"zqheld", "zqnextyear", "zqlastweek", ""}
    world.now += dt.timedelta(days=31)
    retain(by=None, now=world.now)
    assert set(Holding.objects.values_list("paper", flat=True)) == {"zqheld", "zqnextyear", ""}
    assert holding("zqheld") == {"readiness.Holding"}, "the entry's body went by the rule"
    assert verify().difference is None


def test_every_word_of_a_person_has_a_rule_or_a_reason() -> None:
    ruled = {
        (label, column)
        for rule in RULES.values()
        for label, blank in rule.blank.items()
        for column in blank
    }
    words = {(one.table._meta.label_lower, column) for one in WORDS for column in one.blank}
    assert words - ruled == set(STAYS)
