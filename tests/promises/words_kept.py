"""A row in every table in which words of a person stand, each with a word of its own, written by an
entry that is about somebody else: what is erased must find them by the rows alone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from homeby.comms.models import Delivery, FailingContact, Message, Posting, Webhook
from homeby.logbook import actions as logbook
from homeby.logbook.models import StateRow
from homeby.missions.models import (
    BrokenGlass,
    Extension,
    Lesson,
    MinorApproval,
    Mission,
    Unmatched,
)
from homeby.readiness import models as ready
from homeby.readiness.rules.duty_planning import DUTY_PLANNED
from homeby.readiness.rules.kinds_of_rest import SLEEP_TOLD
from homeby.watch.models import KinWorry, Pause
from tests.world import World

#: By table, which columns hold a word once `plant` has run.
PLANTED: dict[str, tuple[str, ...]] = {
    "comms.delivery": ("trouble",),
    "comms.failingcontact": ("trouble",),
    "comms.posting": ("trouble",),
    "missions.extension": ("why", "decided_why"),
    "missions.minorapproval": ("reason",),
    "missions.unmatched": ("settled_how", "why"),
    "missions.lesson": ("text",),
    "missions.brokenglass": ("reason", "review"),
    "watch.kinworry": ("said",),
    "watch.pause": ("reason",),
    "readiness.planstep": ("aim",),
    "readiness.holding": ("paper", "withdrawn_why"),
    "readiness.signoff": ("why",),
    "readiness.mentoraim": ("level",),
    "readiness.mentorsession": ("practised",),
    "readiness.examination": ("decided_why", "board_why", "appeal_text", "appeal_why"),
    "readiness.examinationmove": ("why",),
    "readiness.examinationpart": ("note",),
    "readiness.duty": ("cancelled_why",),
    "readiness.decisiongroup": ("name",),
    "readiness.dutyperson": ("note",),
    "readiness.dutyapproval": ("reason",),
    "readiness.dutyswap": ("note",),
    "readiness.restoverride": ("reason",),
    "readiness.specialunitplace": ("callsign",),
}
#: Rows of hers that hold no words of anybody, but say when she slept, was away, was hurt.
SPANS = (
    "OwnTime", "SleepTold", "BusyFeed", "CalendarLink", "InjuryNote", "Injury", "PairWish",
)  # fmt: skip


def word_of(label: str, column: str) -> str:
    """The word that stands in this column, and nowhere else."""
    return f"zq{label.partition('.')[2]}{column.replace('_', '')}"


def plant(world: World, who: str = "agent", *, other: str = "mate") -> None:
    """Write them all, with the column that makes each old set to now."""
    her, owl, head = (world.people[one] for one in (who, other, "head"))
    rows = [
        *_of_messages(world, her),
        *_of_missions(world, her, head),
        *_of_skills(world, her, owl, head),
        *_of_duties(world, her, owl, head),
    ]
    for row in rows:
        label = row._meta.label_lower
        for column in PLANTED.get(label, ()):
            setattr(row, column, word_of(label, column))
    with logbook.writing(now=world.now, by=head) as book:
        for row in rows:
            page = book.entry(DUTY_PLANNED, subject=f"row:{row.pk}", person=None)
            page.add(row)
        for row in _spans(world, her):
            page = book.entry(SLEEP_TOLD, subject=f"person:{her}", person=her)
            page.add(row)


def _of_messages(world: World, her: uuid.UUID) -> list[StateRow]:
    now: dict[str, Any] = {"created_at": world.now}
    to_her = Message.objects.filter(person_id=her).first()
    assert to_her is not None, "she has been told something"
    hook = Webhook(person_id=her, name="map", sealed=b"x", where="x", from_number=1,
                   made_at=world.now)  # fmt: skip
    return [
        Delivery(message=to_her, person_id=her, contact_id=uuid.uuid4(), channel="EMAIL",
                 state="FAILED", handed_at=world.now),
        FailingContact(contact_id=uuid.uuid4(), person_id=her, channel="EMAIL", since_at=world.now),
        hook,
        Posting(webhook=hook, entry_id=uuid.uuid4(), entry_number=1, state="HANDED",
                done_at=world.now, **now),
    ]  # fmt: skip


def _of_missions(world: World, her: uuid.UUID, head: uuid.UUID) -> list[StateRow]:
    mission = Mission.objects.filter(party__person_id=her).latest("due_at")
    at = world.now
    return [
        Extension(mission=mission, due_at=at, call_out_at=at, link="", asked_by_id=her,
                  asked_at=at, state="REFUSED", decided_by_id=head, decided_at=at),
        Lesson(mission=mission, person_id=her, offered_at=at),
        MinorApproval(mission=mission, by_id=head, approved_at=at),
        Unmatched(kind="MISSION_CHECKED_IN", person_id=her, happened_at=at,
                  settled_by_id=head, settled_at=at),
        BrokenGlass(mission=mission, holder_id=head, held_as="LEADER", device="web", opened_at=at,
                    until_at=at, reviewed_by_id=world.people["guard"], reviewed_at=at),
        KinWorry(kin_id=uuid.uuid4(), person_id=her, first_at=at, last_at=at, told_at=at,
                 answered_at=at, answered_by_id=head),
        Pause(state="OVER", asked_by_id=head, asked_at=at, from_at=at, ended_at=at,
              until_at=at + dt.timedelta(hours=1)),
    ]  # fmt: skip


def _of_skills(world: World, her: uuid.UUID, owl: uuid.UUID, head: uuid.UUID) -> list[StateRow]:
    day, at = world.now.date(), world.now
    skill = ready.Qualification(key="zqscout", name="Scout", kind="SKILL")
    book = ready.TaskBook(person_id=her, qualification=skill, opened_at=at)
    taught = ready.Mentorship(learner_id=her, mentor_id=owl, from_date=day)
    exam = ready.Examination(person_id=her, what="zqscout", asked_id=head, asked_at=at,
                             state="REFUSED", decided_by_id=head, decided_at=at,
                             ended_at=at)  # fmt: skip
    unit = ready.SpecialUnit(name="Nightjar", is_secret=True, founded_at=at)
    return [
        skill, book, taught, exam, unit,
        ready.SignOff(book=book, stage="EVALUATE", task=1, by_id=head, on_date=day),
        ready.Holding(person_id=her, qualification=skill, from_date=day, through_date=day,
                      withdrawn_date=day, withdrawn_by_id=head),
        ready.MentorAim(mentorship=taught, qualification=skill),
        ready.MentorSession(mentorship=taught, held_date=day, minutes=60),
        ready.PlanStep(person_id=her, qualification=skill, done_date=day),
        ready.ExaminationMove(examination=exam, frame=2, before_date=day, moved_at=at,
                              moved_by_id=head),
        ready.ExaminationPart(examination=exam, line=1, name="Map"),
        ready.SpecialUnitPlace(unit=unit, person_id=her, place="MEMBER", asked_at=at, from_at=at,
                               begin_reason="NEEDED"),
        ready.RestOverride(person_id=her, by_id=head, at=at),
    ]  # fmt: skip


def _of_duties(world: World, her: uuid.UUID, owl: uuid.UUID, head: uuid.UUID) -> list[StateRow]:
    at = world.now
    duty = ready.Duty(kind="SHIFT", what="Night", zone="UTC", starts_at=at, group_id=uuid.uuid4(),
                      ends_at=at + dt.timedelta(hours=1), planned_by_id=head,
                      cancelled_at=at)  # fmt: skip
    return [
        duty,
        ready.DecisionGroup(begun_by_id=her, first_at=at, last_at=at),
        ready.DutyPerson(duty=duty, person_id=her, asked_at=at, answer="NO", answered_at=at),
        ready.DutyApproval(duty=duty, person_id=her, frame=1, by_id=head, approved_at=at),
        ready.DutySwap(duty=duty, from_person_id=owl, to_person_id=her, offered_at=at, ended_at=at),
    ]


def _spans(world: World, her: uuid.UUID) -> list[StateRow]:
    at, later = world.now, world.now + dt.timedelta(hours=8)
    hurt = ready.Injury(person_id=her, told_at=at, state="CLEARED", level="LATER", ended_at=at,
                        ended_by_id=world.people["mate"])  # fmt: skip
    return [
        hurt,
        ready.InjuryNote(injury=hurt, told_at=at, told_as="SELF", kind="TOLD", sealed=b"x"),
        ready.OwnTime(person_id=her, kind="LEAVE", starts_at=at, ends_at=later, known_at=at),
        ready.SleepTold(person_id=her, from_at=at, to_at=later, slept=True, told_at=at),
        ready.BusyFeed(person_id=her, address_sealed=b"x", set_at=at),
        ready.CalendarLink(person_id=her, key_hash="zq", made_at=at),
        ready.PairWish(person_id=her, other_id=world.people["mate"], said_at=at),
    ]


def holding(text: str) -> set[str]:
    """The tables that hold a text, the logbook's bodies among them."""
    from django.apps import apps

    return {
        table._meta.label
        for table in apps.get_models()
        for row in table._default_manager.values_list()
        if text in str(row)
    }
