"""HELP that fits no mission may be meant all the same: an alarm in DISTRESS, by the organisation's
plan, that goes on until a person takes it, and ends when a person has judged it. What the rooms
above ask for, inside their own open book."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext_noop

from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.logbook.actions import Book, Page
from homeby.people import queries as people
from homeby.people.texts import Words, each_hears
from homeby.watch import rules, texts
from homeby.watch.actions.opening import open_in_distress
from homeby.watch.actions.recipients import away_from_any
from homeby.watch.actions.stepping import about, alarm_order
from homeby.watch.actions.subjects import SubjectFacts, describe
from homeby.watch.models import Alarm, Subject
from homeby.watch.rules import AlarmKind, AlarmState
from homeby.watch.rules.unplaced import RING_AGAIN, rings_at

_KNOWN = gettext_noop(
    "%(who)s asks for HELP and is on no mission that is out: ring back now. Nobody is looked for by"
    " it until somebody has judged it."
)
_UNKNOWN = gettext_noop(
    "Somebody unknown asks for HELP: find out who it is. Nobody is looked for by it until somebody"
    " has judged it."
)

_TITLE_MOST = 300


@dataclass(frozen=True, kw_only=True)
class Unplaced:
    """Who asks, by the reference of their source: `person_id` with `who` of somebody we know; else
    `who` is the callsign as it was said, or nothing. `said`: why it fits nothing, and in whose
    words. `is_stranger`: no key that holds answers for the source."""

    ref: str
    person_id: uuid.UUID | None
    who: str
    said: str
    is_stranger: bool = False


def call(book: Book, asked: Unplaced, *, plan_id: uuid.UUID) -> None:
    """Open the alarm. While one of this source is open its steps go on as they are, so nobody can
    make it ring more often; whoever has taken it hears of what was said since, once in ten
    minutes. That often, and no more often, a stranger rings a new one."""
    page = book.entry(rules.HELP_UNPLACED, subject=asked.ref, person=asked.person_id)
    known = Subject.objects.select_for_update(no_key=True).filter(ref=asked.ref).first()
    rows = Alarm.objects.select_for_update(of=("self",))
    alarm = rows.filter(subject=known, state=AlarmState.OPEN).first() if known else None
    facts = _and_named(known, _facts(asked))
    if alarm is None or known is None:
        last = Alarm.objects.filter(subject=known).order_by("-opened_at").first() if known else None
        first = rings_at(
            is_stranger=asked.is_stranger,
            last_opened_at=last.opened_at if last else None,
            now=book.now,
        )
        subject = describe(page, asked.ref, facts)
        open_in_distress(book, subject, AlarmKind.HELP, plan_id=plan_id, rings_at=first)
        return
    alarm.subject = describe(page, asked.ref, _joined(known, facts, alarm))
    _tell_takers(page, alarm)


def _facts(asked: Unplaced) -> SubjectFacts:
    is_known = asked.person_id is not None
    said_as = f"“{asked.who[:200]}”" if asked.who else "?"
    return SubjectFacts(
        title=asked.who if is_known else said_as,
        place="",
        zone=people.zone(),
        party=[str(asked.person_id)] if is_known else [],
        leader_id=None,
        team_id=None,
        wanted=_KNOWN if is_known else _UNKNOWN,
        said=asked.said[:500],
    )


def _and_named(known: Subject | None, facts: SubjectFacts) -> SubjectFacts:
    """With all whom this source ever named: whoever is kept away from one of them sees none of
    it."""
    before = known.spoken_of if known else []
    return replace(facts, named=list(dict.fromkeys([*before, *facts.party])))


def _joined(known: Subject, facts: SubjectFacts, alarm: Alarm) -> SubjectFacts:
    """What one source says while its alarm is open. Where it speaks of several people nobody is
    kept from hearing of it as one of them: a device in wrong hands could name who has the watch.
    Whom it names now is not read by whoever was told before and is kept away from her."""
    new = [uuid.UUID(one) for one in facts.named if one not in known.spoken_of]
    told = {*alarm.takers, *comms.people_told([about(alarm)])} if new else set()
    if told & away_from_any(new):
        party = known.party if facts.party == known.party else []
        return replace(facts, title=known.title, wanted=known.wanted, said=known.said, party=party)
    names = dict.fromkeys([*known.title.split(", "), facts.title])
    title = ", ".join(names)
    return replace(
        facts,
        title=title if len(title) <= _TITLE_MOST else known.title,
        party=facts.party if facts.party == known.party else [],
        wanted=_KNOWN if _KNOWN in (facts.wanted, known.wanted) else _UNKNOWN,
    )


def _tell_takers(page: Page, alarm: Alarm) -> None:
    now = page.book.now
    part = f"{about(alarm)}/again/{int((now - alarm.opened_at) // RING_AGAIN)}"
    found = people.recipients(alarm.takers)
    rung = comms.keys_written(f"{part}/{key}" for key in found)
    words = each_hears(partial(_again, alarm))
    orders = [
        replace(
            alarm_order(alarm, one, words(one), round_=alarm.round, may_take=True),
            key=f"{part}/{key}",
            cause="",
        )
        for key, one in found.items()
        if f"{part}/{key}" not in rung
    ]
    tell(page, orders, now=now)


def _again(alarm: Alarm) -> Words:
    head = f"{texts.phase_word(alarm.phase)} {texts.alarm_name(alarm)}: {alarm.subject.title}"
    return head, texts.unplaced(alarm)
