"""The words of every room go by the rules of the organisation, not only those of missions: reasons,
notes, what was practised, why a glass was broken. What is not over keeps its words."""

from __future__ import annotations

import datetime as dt

from homeby.logbook import actions as logbook
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import checkpoint, verify
from homeby.people.actions.retention import set_retention
from homeby.people.rules_private import Lasting
from homeby.readiness.models import Examination
from homeby.readiness.rules.examinations import EXAMINATION_ASKED
from homeby.retention.applying import retain
from homeby.retention.forgotten import RULES
from homeby.retention.persons import WORDS
from tests.promises.words_kept import PLANTED, holding, plant, word_of
from tests.world import World

#: What no rule of retention takes: it is what somebody is called, holds or wants now.
STAYS = {
    ("readiness.holding", "paper"): "what she holds rests on it as long as she holds it",
    ("readiness.specialunitplace", "callsign"): "what she is called there",
    ("readiness.planstep", "aim"): "her own plan, which she alone writes and ends",
    ("readiness.mentoraim", "level"): "what the two aim at",
    ("comms.failingcontact", "trouble"): "the row goes as soon as the contact point works",
    ("comms.posting", "trouble"): "what the program of a person answered",
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


def test_every_word_of_a_person_has_a_rule_or_a_reason() -> None:
    ruled = {
        (label, column)
        for rule in RULES.values()
        for label, blank in rule.blank.items()
        for column in blank
    }
    words = {(one.table._meta.label_lower, column) for one in WORDS for column in one.blank}
    assert words - ruled == set(STAYS)
