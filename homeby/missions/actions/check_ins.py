"""Noting a check-in that fits a mission, alone or with many others in one commit.

The many are the fast path of the gate (`DESIGN.md` 6): everybody is back in coverage at once. What
they need is asked once for all of them; each is then noted by the same lines as one alone.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from homeby import instants
from homeby.database.asked import AskedOf, together
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.logbook.earlier import last_held
from homeby.logbook.rules import Tap, bounded_happened_at
from homeby.missions import queries, rules
from homeby.missions.actions.expecting import expect_check_in, watch_plan
from homeby.missions.actions.unmatched import thanks
from homeby.missions.models import Mission, PartyMember, ref_of
from homeby.missions.queries import check_ins
from homeby.missions.rules import Link, MissionState
from homeby.people import queries as people
from homeby.people.texts import in_language
from homeby.watch import queries as watch
from homeby.watch.actions import hearing, subjects
from homeby.watch.actions.hearing import Watched
from homeby.watch.actions.subjects import Expectation
from homeby.watch.rules import DeadlineKind, Plan


@dataclass(frozen=True, kw_only=True)
class Word:
    """A check-in that fits this mission, which is locked: by whom, whether they are on it
    themselves, by which link, what was said with it, and at which gate, if at one."""

    mission: Mission
    actor: uuid.UUID
    is_own: bool
    link: Link
    note: str
    tap: Tap
    gate_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """What many check-ins need: missions that are out and who is in their parties, what the watch
    knows of them, the limits, the plan. Locked until the commit. `said` is what was said to others
    before, in the language that is spoken just now."""

    out: dict[uuid.UUID, Mission]
    party: set[tuple[uuid.UUID, uuid.UUID]]
    watched: Watched
    limits: rules.Limits
    plan: Plan | None
    said: dict[tuple[str, dt.datetime, dt.datetime], str] = field(default_factory=dict)

    def fine_at(self, heard_at: dt.datetime, zone: str, now: dt.datetime) -> str:
        """`_fine_at`, said once for all of the same second: no time is said any closer."""
        key = (zone, heard_at.replace(microsecond=0), now.replace(microsecond=0))
        if key not in self.said:
            self.said[key] = _fine_at(heard_at, zone, now)
        return self.said[key]


def _fine_at(heard_at: dt.datetime, zone: str, now: dt.datetime) -> str:
    return _("Noted: fine at %(at)s.") % {"at": instants.wall(heard_at, zone, now)}


def noted(book: Book, word: Word, *, told: bool, known: Known | None = None) -> str:
    """Write it down, move the deadline; the answer says so to who may be `told`. `known` is there
    where it was asked for many at once."""
    mission, ref, now = word.mission, word.mission.ref, book.now
    heard_at = bounded_happened_at(word.tap.happened_at, now=now)
    late_news = rules.is_late_news(heard_at=heard_at, newest=mission.heard_at)
    fine_at = _fine_at if known is None else known.fine_at
    answer = fine_at(heard_at, mission.zone, now)
    newest = mission.heard_at
    if late_news and word.is_own:  # whether another came home meanwhile is not hers to know
        newest = last_held(mission, "heard_at", subject=ref, but=rules.MISSION_SIGNED_IN)
    if rules.is_late_news(heard_at=heard_at, newest=newest):
        answer += " " + _("We have heard newer news already; nothing else changes.")
    answer = answer if told else thanks()
    facts: dict[str, object] = {"link": word.link, "note": word.note[:500], "late_news": late_news}
    if word.gate_id is not None:
        facts["gate"] = word.gate_id
    page = book.entry(
        rules.MISSION_CHECKED_IN,
        subject=ref,
        person=word.actor if word.is_own else None,
        facts=facts,
        tap=word.tap,
        answer=answer,
    )
    if late_news:
        return answer
    page.change(mission, heard_at=heard_at)
    if mission.state != MissionState.OUT:  # a word from before they came back: a note
        return answer
    if known is None:
        subjects.heard(book, ref, heard_at=heard_at, now=now, by=page)
        subject = subjects.known(ref)
        expect_check_in(page, mission, subject, heard_at=heard_at, now=now)
        return answer
    known.watched.heard(page, ref)
    times = check_ins.next_after(mission, heard_at=heard_at, now=now, limits=known.limits)
    if times is not None:
        kind = DeadlineKind.CHECK_IN
        plan = known.plan or book.scratch("check-in plan", lambda: watch_plan(kind))
        known.watched.expect(page, ref, Expectation(kind=kind, times=times, plan=plan))
    return answer


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One check-in that somebody's own device sent, with its reader's language."""

    mission_id: uuid.UUID
    actor: uuid.UUID
    note: str
    tap: Tap
    language: str
    now: dt.datetime


def _missions(keys: Sequence[uuid.UUID]) -> models.QuerySet[Mission]:
    rows = Mission.objects.select_for_update().only(
        "state", "leader_id", "zone", "due_at", "check_in_minutes", "check_in_times", "heard_at"
    )
    return rows.filter(pk__in=keys, state=MissionState.OUT).order_by("pk")


def _party(keys: Sequence[uuid.UUID]) -> models.QuerySet[Any, Any]:
    return PartyMember.objects.filter(mission_id__in=keys).values_list("mission_id", "person_id")


_MISSIONS = AskedOf(_missions)
_PARTY = AskedOf(_party)


def _known(keys: Sequence[uuid.UUID]) -> Known:
    """Asked all together, and locked in the order of the house: missions, subjects, deadlines."""
    missions, party, steps, organisation, *of_watch = together(
        [
            _MISSIONS.question(keys),
            _PARTY.question(keys),
            watch.STEPS_FOR.question([DeadlineKind.CHECK_IN.value]),
            people.ORGANISATION.question(),
            *hearing.questions([ref_of(key) for key in keys]),
        ]
    )
    return Known(
        out={row.pk: row for row in missions},
        party=set(party),
        watched=hearing.watched(*of_watch),
        limits=queries.limits_of(people.organisation_found(organisation)),
        plan=watch.plan_found(steps),
    )


def check_in_many(sent: Sequence[Sent]) -> list[str | None]:
    """Note these in their order, all by one book and none that was noted before. Gives the answer
    of each; None for one that does not simply fit (not out, not of the party, an alarm is open):
    that is for the act of the gate, and nothing was written of it."""
    known = _known(list(dict.fromkeys(one.mission_id for one in sent)))
    answers: list[str | None] = []
    with logbook.writing(now=sent[0].now, by=None, bulk=True, alone=False) as book:
        book.changes_first = True
        for language, ones in groupby(sent, key=lambda one: one.language):
            with in_language(language):
                spoken = replace(known, said={})
                answers += [_note_one(book, one, spoken) for one in ones]
    return answers


def _note_one(book: Book, one: Sent, known: Known) -> str | None:
    mission = known.out.get(one.mission_id)
    if mission is None or mission.ref not in known.watched:
        return None
    is_own = (one.mission_id, one.actor) in known.party
    if not is_own and mission.leader_id != one.actor:
        return None
    book.by, book.now, book.device = one.actor, one.now, one.tap.device
    word = Word(
        mission=mission,
        actor=one.actor,
        is_own=is_own,
        link=Link.OWN_DEVICE,
        note=one.note,
        tap=one.tap,
    )
    return noted(book, word, told=True, known=known)
