"""Somebody of a party who is out alone: decided at every sign-out and sign-in by who really is out.

From then on the terms of one alone hold, whatever was planned. Nothing of it stops anybody from
leaving (promise 12): it is recorded, said, and told to whoever decides.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import instants
from homeby.comms.actions.tell import cancel_queued
from homeby.logbook.actions import Book, Page
from homeby.missions import queries, rules
from homeby.missions.actions import telling, young
from homeby.missions.actions.expecting import expect_check_in, expect_return
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import MemberState, MissionState
from homeby.missions.rules.alone import LEAVING_TOGETHER, alone, terms_alone
from homeby.people.rules import PersonKind
from homeby.people.texts import Words
from homeby.watch.actions import subjects
from homeby.watch.rules import DeadlineKind

Terms = dict[str, Any]

#: Said of one alone whom nobody approved; ticking "anyway" is the override, and is recorded.
WITHOUT_APPROVAL = gettext_lazy(
    "One person alone, and no second person has approved it. Ask a leader or duty officer; or tick "
    "“anyway”: it is recorded, and they are told."
)


def terms(
    mission: Mission,
    members: list[PartyMember],
    *,
    going: Collection[uuid.UUID] = (),
    now: dt.datetime,
) -> Terms:
    """The columns of a mission that change because one of its party is alone from now on, or is so
    no longer; empty when nothing changes. `going` are about to sign out."""
    out = [m for m in members if m.state == MemberState.OUT or m.person_id in going]
    facts = [(m.person_id, m.person.kind == PersonKind.UNIT) for m in out]
    planned_solo = mission.is_solo and mission.alone_at is None
    is_alone = alone(facts, planned_solo=planned_solo)
    if is_alone and not mission.is_solo:
        return _stricter(mission, now=now)
    if len(out) > 1 and mission.alone_at is not None:
        return _as_a_party(mission, now=now)
    return {}


def _stricter(mission: Mission, *, now: dt.datetime) -> Terms:
    assert mission.due_at is not None, "whoever is out has both times"
    assert mission.call_out_at is not None, "whoever is out has both times"
    found = terms_alone(
        due_at=mission.due_at,
        call_out_at=mission.call_out_at,
        check_in_minutes=mission.check_in_minutes,
        limits=queries.limits(),
        now=now,
    )
    return {
        "is_solo": True,
        "alone_at": now,
        "call_out_at": found.call_out_at,
        "party_call_out_at": mission.call_out_at,
        "check_in_minutes": found.check_in_minutes,
        "party_check_in_minutes": mission.check_in_minutes,
    }


def _as_a_party(mission: Mission, *, now: dt.datetime) -> Terms:
    """There are several again. Where they left together, one after the other at the gate, the plan
    holds as it was; later the call-out time that one was promised stays: earlier, never later."""
    assert mission.alone_at is not None, "somebody was alone"
    values: Terms = {
        "is_solo": False,
        "alone_at": None,
        "party_call_out_at": None,
        "party_check_in_minutes": None,
    }
    if now - mission.alone_at <= LEAVING_TOGETHER:
        values["check_in_minutes"] = mission.party_check_in_minutes
        if mission.party_call_out_at is not None and mission.call_out_at is not None:
            values["call_out_at"] = max(mission.call_out_at, mission.party_call_out_at)
    return values


@dataclass(frozen=True, kw_only=True)
class Leaving:
    """A sign-out about to be written: the columns that change with it, what stood in them, whether
    one goes alone whom nobody approved, and who leaves, by callsign."""

    terms: Terms
    before: Terms
    unapproved: bool
    who: str


def foresee(
    mission: Mission, members: list[PartyMember], going: list[PartyMember], *, now: dt.datetime
) -> Leaving:
    """What changes once these have left. The mission speaks of it at once, and so does the promise
    of the sign-out; whoever calls this writes the columns."""
    values = terms(mission, members, going=[m.person_id for m in going], now=now)
    before = {name: getattr(mission, name) for name in values}
    for name, value in values.items():
        setattr(mission, name, value)
    return Leaving(
        terms=values,
        before=before,
        unapproved=unapproved(mission) if values else leaves_unapproved(mission),
        who=", ".join(sorted(m.person.shown_as for m in going)),
    )


def left(
    page: Page, mission: Mission, members: list[PartyMember], leaving: Leaving, *, first: bool
) -> None:
    """After a sign-out is written: the watch in step, the buddy told, an override told."""
    now = page.book.now
    if first:
        tell_buddy(page, mission, leaving.who, now=now)
    if leaving.terms:
        enforce(page, mission, members, {} if first else leaving.before, now=now)
    elif leaving.unapproved:
        tell_without_approval(page, mission, leaving.who)


def unapproved(mission: Mission) -> bool:
    """Whether one is alone whom no second person has approved."""
    return rules.needs_approval(
        solo=mission.is_solo,
        approved_by=mission.approved_by_id,
        planned_by=mission.planned_by_id,
    )


def leaves_unapproved(mission: Mission) -> bool:
    """Whether a plan for one alone waits for its approval still."""
    return mission.state == MissionState.PLANNED and unapproved(mission)


def enforce(
    page: Page,
    mission: Mission,
    members: list[PartyMember],
    before: Terms,
    *,
    now: dt.datetime,
) -> None:
    """Bring the watch in step with changed terms, and say so. `before` holds what stood in the
    columns of the mission. While others may still follow or come in, the word waits ten minutes and
    is taken back when it is no longer true."""
    subject = subjects.known(mission.ref)
    if before.get("call_out_at", mission.call_out_at) != mission.call_out_at:
        expect_return(page, mission, subject, now=now)
    if before.get("check_in_minutes", mission.check_in_minutes) != mission.check_in_minutes:
        subjects.drop(page, mission.ref, kind=DeadlineKind.CHECK_IN, now=now)
        expect_check_in(page, mission, subject, heard_at=now, now=now)
    if mission.is_solo:
        _tell(page, mission, members, now=now)
    else:
        over(page.book, mission)


def change(page: Page, mission: Mission, members: list[PartyMember], *, now: dt.datetime) -> None:
    """Decide anew after somebody of a party that is out has come in, or is out again after all."""
    young.change(page, mission, members)
    values = terms(mission, members, now=now)
    if values:
        before = {name: getattr(mission, name) for name in values}
        page.change(mission, **values)
        enforce(page, mission, members, before, now=now)


def over(book: Book, mission: Mission) -> None:
    """Nobody is alone any more: what was not yet told needs no telling."""
    cancel_queued(book, about=_about(mission), why="not alone")


def _about(mission: Mission) -> str:
    return f"{mission.ref}/alone"


def _tell(page: Page, mission: Mission, members: list[PartyMember], *, now: dt.datetime) -> None:
    out = [m for m in members if m.state == MemberState.OUT]
    if not out:
        return
    who = out[0].person.shown_as

    def to_her() -> Words:
        return _("You are alone out there now"), said_of(mission, now=now)

    def to_others() -> Words:
        said = said_of(mission, now=now)
        if unapproved(mission):
            said += " " + _("No second person has approved that; you may, on the mission's page.")
        return _("%(who)s is out alone: %(what)s") % {"who": who, "what": mission.what}, said

    key = f"{_about(mission)}/{page.entry.entry_id}"
    begin = now + LEAVING_TOGETHER
    telling.tell_about(
        page,
        [out[0].person_id],
        to_her,
        key=key,
        mission=mission,
        in_danger=True,
        not_before=begin,
        about=_about(mission),
    )
    others = [one for one in telling.deciders(mission, now=now) if one != out[0].person_id]
    telling.tell_about(
        page,
        others,
        to_others,
        key=key,
        mission=mission,
        not_before=begin,
        about=_about(mission),
    )


def said_of(mission: Mission, *, now: dt.datetime) -> str:
    """What holds for one alone now, in a sentence."""
    assert mission.call_out_at is not None, "whoever is out has both times"
    called = instants.wall(mission.call_out_at, mission.zone, now)
    if mission.check_in_minutes is None:
        return _("One person alone: at %s help is called.") % called
    every = instants.span(mission.check_in_minutes * 60)
    return _("One person alone: a check-in every %(every)s; at %(called)s help is called.") % {
        "every": every,
        "called": called,
    }


def tell_without_approval(page: Page, mission: Mission, people_out: str) -> None:
    """Somebody left alone although nobody had approved it: an override, told to who decides."""

    def words() -> Words:
        text = _("Recorded. A second person may still approve it on the mission's page. %s")
        said = said_of(mission, now=page.book.now)
        return _("%s left alone without approval") % people_out, text % said

    key = f"{mission.ref}/unapproved/{page.entry.entry_id}"
    party = list(mission.party.values_list("person_id", flat=True))
    to = telling.approvers(mission, party, now=page.book.now)
    telling.tell_about(page, to, words, key=key, mission=mission)


def tell_buddy(page: Page, mission: Mission, who: str, *, now: dt.datetime) -> None:
    """The buddy hears at sign-out that somebody relies on them from now on."""
    due_at = mission.due_at
    assert due_at is not None, "whoever is out has both times"

    def words() -> Words:
        text = _(
            "Signed out just now: %(what)s. Expected back %(due)s. Check that they come; if they "
            "do not, you are asked together with them."
        )
        facts = {
            "what": ", ".join(part for part in (mission.what, mission.place) if part),
            "due": instants.wall(due_at, mission.zone, now),
        }
        return _("You are the buddy of %s") % who, text % facts

    if mission.buddy_id is not None:
        key = f"{mission.ref}/buddy/{page.entry.entry_id}"
        telling.tell_about(
            page, [mission.buddy_id], words, key=key, mission=mission, in_danger=True
        )
