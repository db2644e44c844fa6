"""The gate: sign out, check in, sign in, ask for help. A tap is one transaction.

Signing in and checking in are never refused: they are recorded, then judged; what fits nothing is
kept as unmatched and shown to whoever keeps the watch (house rule 7).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused, Tap, bounded_happened_at
from homeby.missions import queries, rules
from homeby.missions.actions import alone, duress, left_too, twice, welcome, young
from homeby.missions.actions.check_ins import Word, noted
from homeby.missions.actions.decided import decided
from homeby.missions.actions.expecting import (
    describe,
    expect_check_in,
    expect_return,
    members_locked,
    promise_in_words,
    watch_plan,
)
from homeby.missions.actions.plan import locked
from homeby.missions.actions.unmatched import keep_unmatched, thanks
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries import home
from homeby.missions.rules import How, Link, MemberState, MissionState
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.people.texts import said_anew
from homeby.watch.actions import kin_news, subjects
from homeby.watch.rules import DeadlineKind


@dataclass(frozen=True, kw_only=True)
class AtGate:
    """Where and how a gate act was made. `gate_id` None stands for "not at a gate"; `is_coerced`
    where it was made with a duress PIN; `has_left` where they left, whatever speaks against it."""

    gate_id: uuid.UUID | None
    how: How = How.SEEN
    is_coerced: bool = False
    has_left: bool = False


def _refuse_stranger(by: Viewer) -> uuid.UUID:
    if by.person_id is None:
        raise Refused(_("Log in first, or ask the gate keeper."))
    return by.person_id


@logbook.once
def sign_out(  # noqa: PLR0913 - who, which mission, where, and whether told of a clash
    *,
    mission_id: uuid.UUID,
    person_ids: list[uuid.UUID],
    at: AtGate,
    anyway: bool = False,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Sign people of a planned mission out. From here the watch runs. The answer is the promise."""
    actor = _refuse_stranger(by)
    happened_at = bounded_happened_at(tap.happened_at, now=now)
    with logbook.writing(now=now, by=actor) as book:
        mission = locked(mission_id)
        members = members_locked(mission)
        going = [m for m in members if m.person_id in person_ids]
        against = young.refuse(mission, members, going, left_at=happened_at, left=at.has_left)
        anyway = anyway or at.has_left
        _check_sign_out(mission, going, by, anyway=anyway, happened_at=happened_at, now=now)
        too = left_too.left_before_it_ended(mission, going, happened_at=happened_at)
        leaving = alone.foresee(mission, members, going, now=now)
        answer = promise_in_words(mission, left_at=happened_at, now=now)
        page = book.entry(
            rules.MISSION_SIGNED_OUT,
            subject=mission.ref,
            person=going[0].person_id if len(going) == 1 else None,
            facts={
                "people": [m.person_id for m in going],
                "gate": at.gate_id,
                "how": at.how,
                "anyway": anyway,
                "alone": mission.is_solo,
                "unapproved": leaving.unapproved,
            },
            tap=tap,
            answer=answer,
        )
        if too:
            left_too.goes_on(page, mission, members, happened_at=happened_at)
        for member in going:
            page.change(
                member, state=MemberState.OUT, out_at=happened_at, out_gate_id=at.gate_id,
                out_how=at.how, out_by_id=actor,
            )  # fmt: skip
        first = mission.state != MissionState.OUT
        if columns := leaving.terms | _out_columns(mission, happened_at=happened_at):
            page.change(mission, **columns)
        if first or too:
            decided(book, mission)
        subject = describe(page, mission, members)
        if first:
            expect_return(page, mission, subject, now=now)
            expect_check_in(page, mission, subject, heard_at=happened_at, now=now)
        elif too:
            left_too.is_watched_again(page, mission, subject)
        alone.left(page, mission, members, leaving, first=first)
        young.left(page, mission, members, going, against)
    return answer


def _out_columns(mission: Mission, *, happened_at: dt.datetime) -> dict[str, Any]:
    """What changes in a mission with a sign-out: the first one has it out; one that arrives later
    and was earlier says when that was."""
    if mission.state != MissionState.OUT:
        return {"state": MissionState.OUT, "out_at": happened_at, "heard_at": happened_at}
    is_earlier = mission.out_at is not None and happened_at < mission.out_at
    return {"out_at": happened_at} if is_earlier else {}


def _check_sign_out(
    mission: Mission,
    going: list[PartyMember],
    by: Viewer,
    *,
    anyway: bool,
    happened_at: dt.datetime,
    now: dt.datetime,
) -> None:
    if not going:
        raise Refused(people=_("Tick who is leaving."))
    if problem := rules.sign_out_problem(happened_at=happened_at, now=now):
        raise Refused(happened=problem)
    too = left_too.left_before_it_ended(mission, going, happened_at=happened_at)
    if mission.state not in (MissionState.PLANNED, MissionState.OUT) and not too:
        raise Refused(_("This mission is over or was taken back. Plan a new one."))
    already = [m for m in going if m.state == MemberState.OUT]
    if already:
        raise Refused(
            people=_("%s is signed out on this mission already.") % already[0].person.shown_as
        )
    if mission.due_at is None or mission.due_at <= happened_at:
        raise Refused(due=_("Expected back has passed already. Change the plan first."))
    if alone.leaves_unapproved(mission) and not anyway:
        raise Refused(anyway=str(alone.WITHOUT_APPROVAL))
    clash = queries.open_outings([m.person_id for m in going], told_to=by)
    if clash and not anyway:
        other = clash[0]
        raise Refused(
            anyway=_(
                '%(who)s is still out on "%(what)s" since %(since)s. Sign in there first, or '
                "sign out again anyway."
            )
            % {
                "who": other.person.shown_as,
                "what": other.mission.what,
                "since": instants.wall(other.out_at, mission.zone, happened_at)
                if other.out_at
                else "",
            }
        )


@logbook.once
def check_in(  # noqa: PLR0913 - which mission, by which link, at which gate
    *,
    mission_id: uuid.UUID,
    link: Link = Link.OWN_DEVICE,
    note: str = "",
    gate_id: uuid.UUID | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """ "We are fine" while out, live or late. It never moves the expected return (promise 5)."""
    actor = _refuse_stranger(by)
    at = bounded_happened_at(tap.happened_at, now=now)
    with logbook.writing(now=now, by=actor) as book:
        mission = locked(mission_id)
        told = queries.may_hear(by, [mission.pk])
        if not rules.was_out(mission.state, mission.out_at, mission.back_at, at=at):
            why = _("A check-in for a mission that is not out.")
            said = "" if told else thanks()
            return keep_unmatched(
                book,
                rules.MISSION_CHECKED_IN,
                None,
                mission.pk,
                why,
                tap=tap,
                answer=said,
                is_early=True,
            )
        word = Word(
            mission=mission,
            actor=actor,
            is_own=mission.party.filter(person_id=actor).exists(),
            link=link,
            note=note,
            tap=tap,
            gate_id=gate_id,
        )
        return noted(book, word, told=told)


@logbook.once
def ask_for_help(
    *,
    mission_id: uuid.UUID,
    why: str = "",
    gate_id: uuid.UUID | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """HELP: the alarm opens, or rises, in DISTRESS and everybody due is told at once."""
    actor = _refuse_stranger(by)
    answer = _("HELP is noted. The duty officer is being told now.")
    with logbook.writing(now=now, by=actor) as book:
        mission = locked(mission_id)
        page = book.entry(
            rules.MISSION_ASKED_FOR_HELP,
            subject=mission.ref,
            person=actor,
            facts={"why": why[:500]} | ({"gate": gate_id} if gate_id else {}),
            tap=tap,
            answer=answer,
        )
        subject = describe(page, mission, members_locked(mission))
        plan = watch_plan(DeadlineKind.RETURN)
        subjects.call_for_help(book, subject, plan_id=plan.id, why=why[:500])
    return answer


@logbook.once
def sign_in(  # noqa: PLR0913 - who, where, heads counted
    *,
    person_ids: list[uuid.UUID],
    at: AtGate,
    mission_id: uuid.UUID | None = None,
    heads: int | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Sign people in, each for themselves; several together only when heads and names agree.
    Without `mission_id` they come home from every mission they are out on. Whoever was not out is
    recorded as unmatched; whoever is in already, once more. When nobody of a mission is missing,
    its alarm ends and all are told."""
    actor = _refuse_stranger(by)
    if not person_ids:
        raise Refused(people=_("Tick who is back."))
    person_ids = list(dict.fromkeys(person_ids))
    happened_at = bounded_happened_at(tap.happened_at, now=now)
    with logbook.writing(now=now, by=actor) as book:
        outings = _locked_outings(person_ids, mission_id)
        if len(person_ids) > 1 or heads is not None:
            problem = rules.headcount_problem(
                heads=heads or 0, named=len(person_ids), out=len(outings)
            )
            if problem:
                raise Refused(heads=problem)
        found = {outing.person_id for outing in outings}
        others = [key for key in person_ids if key not in found]
        again = twice.in_already(others, mission_id, now=now)
        strangers = _why_unmatched([key for key in others if key not in again])
        by_mission: dict[uuid.UUID, list[PartyMember]] = {}
        for outing in outings:
            by_mission.setdefault(outing.mission_id, []).append(outing)
        is_own = person_ids == [actor]
        unsaid = {} if is_own else welcome.unsaid(by, again)
        here = [*outings, *unsaid.values()]
        seen = {key: row for key, row in again.items() if key not in unsaid}
        answer = welcome.answer(here, seen, strangers, happened_at=happened_at, now=now)
        if not is_own and not _may_hear(by, mission_id, by_mission, others, actor in person_ids):
            answer = thanks()
        first_tap: Tap | None = tap
        for key, coming in by_mission.items():
            _sign_in_one(book, key, coming, at, happened_at, answer, first_tap)
            first_tap = None
        first_tap = twice.note_again(book, again.values(), tap=first_tap, answer=answer)
        for key, why in strangers.items():
            kind = rules.MISSION_SIGNED_IN
            own = first_tap or replace(tap, entry_id=uuid.uuid5(tap.entry_id, str(key)))
            keep_unmatched(book, kind, key, mission_id, why, tap=own, answer=answer, is_early=True)
            first_tap = None
    return answer


def _locked_outings(person_ids: list[uuid.UUID], mission_id: uuid.UUID | None) -> list[PartyMember]:
    """Open outings of these people; their missions are locked first, always in the same order."""
    rows = PartyMember.objects.filter(person_id__in=person_ids, state=MemberState.OUT)
    if mission_id is not None:
        rows = rows.filter(mission_id=mission_id)
    missions = sorted(set(rows.values_list("mission_id", flat=True)))
    list(Mission.objects.select_for_update().filter(pk__in=missions).order_by("pk"))
    return list(
        rows.select_for_update(of=("self",)).select_related("person", "mission").order_by("pk")
    )


def _why_unmatched(person_ids: list[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Of each who is not out, why the sign-in fits nothing."""
    names = people.names(person_ids) if person_ids else {}
    return {key: _("%s was not signed out.") % names.get(key, _("Somebody")) for key in person_ids}


def _may_hear(
    by: Viewer,
    mission_id: uuid.UUID | None,
    missions: Iterable[uuid.UUID],
    strangers: Iterable[uuid.UUID],
    comes_too: bool,
) -> bool:
    """Who comes along is greeted; who tells of another, whose mission she does not say, hears the
    same whoever that is, and wherever."""
    if mission_id is not None:
        return queries.may_hear(by, [mission_id])
    if not by.keeps_watch and set(strangers) - {by.person_id}:
        return False
    return queries.may_hear(by, missions) and (comes_too or not home.parts(by, missions))


def _sign_in_one(  # noqa: PLR0913 - one mission of a sign-in
    book: Book,
    mission_id: uuid.UUID,
    coming: list[PartyMember],
    at: AtGate,
    happened_at: dt.datetime,
    answer: str,
    tap: Tap | None,
) -> None:
    mission = locked(mission_id)
    actor = book.by
    assert actor is not None, "a person signs in"
    page = book.entry(
        rules.MISSION_SIGNED_IN,
        subject=mission.ref,
        person=coming[0].person_id if len(coming) == 1 else None,
        facts={"people": [m.person_id for m in coming], "gate": at.gate_id, "how": at.how},
        tap=tap,
        answer=answer,
    )
    for member in coming:
        page.change(
            member,
            state=MemberState.BACK,
            back_at=max(happened_at, member.out_at or happened_at),
            back_gate_id=at.gate_id,
            back_how=at.how,
            back_by_id=actor,
        )
    members = members_locked(mission)
    state = rules.state_of([MemberState(m.state) for m in members])
    back_at = max(m.back_at for m in members if m.back_at is not None)
    subject = describe(page, mission, members)
    kin_news.back(page, subject, [m.person_id for m in coming])
    if state is not MissionState.BACK:
        page.change(mission, heard_at=max(back_at, mission.heard_at or back_at))
        alone.change(page, mission, members, now=book.now)
        return
    if mission.alone_at is not None:
        alone.over(book, mission)
    young.over(book, mission)
    organisation = people.organisation()
    rest = dt.timedelta(hours=organisation.rest_hours if organisation else 11)
    page.change(mission, state=MissionState.BACK, back_at=back_at, debrief_due_at=book.now + rest)
    for member in members:
        if member.state == MemberState.PLANNED:
            page.change(member, state=MemberState.STAYED)
    zone, now = mission.zone, book.now
    how = said_anew(lambda: _("Signed in at %(at)s.") % {"at": instants.wall(back_at, zone, now)})
    if at.is_coerced:
        duress.look_settled(book, mission, members, how=how)
        book.entry(rules.MISSION_BACK, subject=mission.ref, facts={"back_at": back_at})
        return
    party = [m.person_id for m in members]
    subjects.settle(book, mission.ref, party=party, by=actor, how=how)
    page = book.entry(rules.MISSION_BACK, subject=mission.ref, facts={"back_at": back_at})
    subjects.tell_the_rest(page, mission.ref, party=party, how=how)
