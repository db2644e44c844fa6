"""Released: a leader or duty officer asks three things before anybody goes, and from then on she
rests, and nobody keeps where she is (`STORY.md` 28 to 31, 57 to 59)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions.rules import Hurt
from homeby.people import queries as people
from homeby.people.actions.rests import let_rest
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Role, Viewer
from homeby.people.texts import spoken_to
from homeby.readiness.actions import injuries
from homeby.readiness.actions.breaking_rest import DEBRIEF
from homeby.readiness.models import Release, SleepTold
from homeby.readiness.queries import days
from homeby.readiness.queries import rest as queries
from homeby.readiness.queries.packs import pack_in_use
from homeby.readiness.queries.releases import ToRelease, may_be_released
from homeby.readiness.queries.rest_known import Released, known_of
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.duties import Duty, RestFacts
from homeby.readiness.rules.injuries import ToldAs
from homeby.readiness.rules.kinds_of_rest import PackUse, Standing
from homeby.readiness.rules.rest import Block, rest_until, resting
from homeby.watch.actions.notices import notify_at_once
from homeby.watch.actions.recipients import officers_about

#: Messages are held back for so long at most, three whole days off and the rest of the one before:
#: a rule that lets rest for weeks is to keep her from duties, not from every word.
HELD_MOST = dt.timedelta(hours=96)
#: An appointment where no rule gives a rest.
NEXT_DAY = dt.timedelta(hours=11)
AWAKE_HOURS_MOST = 72


@dataclass(frozen=True, kw_only=True)
class ReleaseFields:
    """What was asked: fit for the way home (None: not asked), awake for how many hours (None: she
    does not know), hurt, how she stands from now on, whether the debrief waits for tomorrow."""

    is_fit: bool | None
    hurt: Hurt | None
    awake_hours: int | None = None
    stands: Standing = Standing.RESTING
    tomorrow: bool = True


def _problems(fields: ReleaseFields) -> dict[str, str]:
    problems = {}
    if fields.is_fit is None:
        problems["is_fit"] = _("Ask whether they are fit for the way home, and say the answer.")
    if fields.hurt is None:
        problems["hurt"] = _("Ask, and say the answer. Whoever would not say it is kept as that.")
    if fields.awake_hours is not None and not 0 <= fields.awake_hours <= AWAKE_HOURS_MOST:
        problems["awake_hours"] = _("From 0 to %d hours; leave it empty if nobody knows.") % (
            AWAKE_HOURS_MOST
        )
    return problems


@logbook.once
def release(
    *,
    from_id: uuid.UUID,
    person_id: uuid.UUID,
    fields: ReleaseFields,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Release somebody who is back from a mission, whose shift is over or who goes early from it
    (`from_id`): her rest begins now, by the rules in use. "Yes, hurt" tells a medic and opens the
    injury, "not fit" tells a medic and whoever holds the watch; "tomorrow" makes the debrief of a
    mission an appointment after the rest. Raises Refused."""
    if problems := _problems(fields):
        raise Refused(**problems)
    if by.person_id == person_id:
        raise Refused(_("Nobody releases herself; another leader or the duty officer does."))
    if by.person_id is None:
        raise Refused(_("Nobody of that name waits here to be released by you."))
    with logbook.writing(now=now, by=by.person_id) as book:
        done = Release.objects.filter(Q(mission_id=from_id) | Q(duty_id=from_id))
        if done.filter(person_id=person_id).exists():
            raise Refused(_("Released already."))
        waiting = may_be_released(by, now=now)
        back = [one for one in waiting if (one.person_id, one.from_id) == (person_id, from_id)]
        if not back:
            raise Refused(_("Nobody of that name waits here to be released by you."))
        blocks, zone = _rest(back[0], now=now)
        until_at = rest_until(blocks)
        to = None if fields.is_fit else _who_sees_home(person_id, by=by.person_id, now=now)
        answer = _answer(back[0].callsign, to)
        page = book.entry(
            kinds.RELEASED,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"mission": from_id} if back[0].mission_id else {"duty": from_id},
            tap=tap,
            answer=answer,
        )
        row = _row(back[0], fields, blocks, by=by.person_id, now=now)
        page.add(row)
        if fields.awake_hours:
            page.add(_awake(person_id, fields.awake_hours, now=now))
        if until_at is not None and fields.stands is Standing.RESTING:
            let_rest(page, person_id, until_at=min(until_at, now + HELD_MOST))
        _tell_not_fit(page, back[0], to or [])
        _care(page, back[0], fields, until_at, by=by.person_id)
        _appoint(page, row, back[0], zone=zone)
    return answer


def _rest(back: ToRelease, *, now: dt.datetime) -> tuple[list[Block], str]:
    zone = days.zone()
    known = known_of([back.person_id], now=now)[back.person_id]
    # A shift that goes on ends with the release, too.
    shifts = tuple(
        (key, begins, min(ends, now), kind)
        for key, begins, ends, kind in known.shifts
        if begins < now
    )
    # From whatever else she is back she is released with it: nobody is on duty and rests.
    own_release = Released(back.mission_id, back.duty_id, now)
    known = replace(known, shifts=shifts, releases=(*known.releases, own_release))
    facts = queries.rest_facts(known, zone=zone, now=now)
    others = [one for one in facts.duties if one.began_at != back.out_at]
    own = Duty(began_at=back.out_at, released_at=now)
    facts = RestFacts(duties=(*others, own), zone=zone)
    return resting(facts, pack_in_use(PackUse.REST), now=now), zone


def _row(
    back: ToRelease, fields: ReleaseFields, blocks: list[Block], *, by: uuid.UUID, now: dt.datetime
) -> Release:
    until_at = rest_until(blocks)
    last = next((one for one in blocks if one.until == until_at and one.rule), None)
    rule = f"{last.rule.name}, {last.pack.name}" if last and last.rule and last.pack else ""
    return Release(
        id=uuid.uuid4(),
        person_id=back.person_id,
        mission_id=back.mission_id,
        duty_id=back.duty_id,
        began_at=back.out_at,
        released_at=now,
        released_by_id=by,
        is_fit=bool(fields.is_fit),
        refused_hurt=fields.hurt is Hurt.WILL_NOT_SAY,
        stands=fields.stands,
        rest_until_at=until_at,
        rule=rule[:300],
        debrief_at=(until_at or now + NEXT_DAY) if fields.tomorrow and back.mission_id else None,
    )


def _awake(person_id: uuid.UUID, hours: int, *, now: dt.datetime) -> SleepTold:
    return SleepTold(
        id=uuid.uuid4(),
        person_id=person_id,
        from_at=now - dt.timedelta(hours=hours),
        to_at=now,
        slept=False,
        told_at=now,
    )


def _care(
    page: Page,
    back: ToRelease,
    fields: ReleaseFields,
    until_at: dt.datetime | None,
    *,
    by: uuid.UUID,
) -> None:
    """Who is hurt is looked at; whoever was long overdue says how she is after sleeping."""
    now = page.book.now
    wake_at = max(until_at or now, now + injuries.FIRST_SLEEP)
    if fields.hurt is Hurt.YES:
        injuries.opened(
            page,
            injuries.Told(
                person_id=back.person_id,
                facts={},
                told_as=ToldAs.COLLEAGUE,
                by_id=by,
                mission_id=back.mission_id,
            ),
            wake_at=wake_at,
        )
    elif back.is_hard:
        injuries.await_waking(page, back.person_id, by=by, due_at=wake_at)


def _who_sees_home(person_id: uuid.UUID, *, by: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Who hears that somebody is not fit for the way home: her medics, whoever holds the watch, and
    where both are only whoever says it, who leads her; nobody who is kept away from her."""
    barred = {person_id, by} | apart_from([person_id]).get(person_id, frozenset())
    to = [
        *people.holders_over(person_id, Role.MEDIC, now=now),
        *officers_about([person_id], now=now, knows=[by]),
    ]
    found = [key for key in to if key not in barred]
    if not _reached(found):
        leaders = people.holders_over(person_id, Role.LEADER, now=now)
        found += [key for key in leaders if key not in barred]
    return list(dict.fromkeys(found))


def _reached(to: list[uuid.UUID]) -> bool:
    return any(one.reaches for one in people.recipients(to).values())


def _answer(who: str, to: list[uuid.UUID] | None) -> str:
    """What whoever releases reads; `to` hears that she is not fit (None: she is)."""
    answer = _("%s is released, and rests from now on.") % who
    if to is None:
        return answer
    if _reached(to):
        said = _("Others are told that they are not fit for the way home; stay until one is there.")
    else:
        said = _("Nobody else can be told: see yourself that somebody brings them home.")
    return f"{answer} {said}"


def _tell_not_fit(page: Page, back: ToRelease, to: list[uuid.UUID]) -> None:
    """At once and at any hour; why she is not fit is nobody's business, and is not kept."""
    person_id = back.person_id

    def words(names: Mapping[uuid.UUID, str]) -> tuple[str, str]:
        who = names.get(person_id, "?")
        text = _("See now that somebody brings them home, or that they sleep where they are.")
        return _("%s is released and not fit for the way home") % who, text

    key, about = f"not-fit:{page.entry.entry_id}", f"person:{person_id}"
    notify_at_once(page, to, words, naming=[person_id], key=key, about=about)


def _appoint(page: Page, row: Release, back: ToRelease, *, zone: str) -> None:
    """The rest of the debrief, after the rest: said then, and not before."""
    if row.debrief_at is None:
        return
    for one in people.recipients([row.person_id]).values():
        with spoken_to(one):
            head = _("%s: the debrief, now that you have rested") % back.what
            text = _("It waited for today. Give it on the page of the mission.")
        order = Order(
            key=f"{DEBRIEF}{row.pk}/{one.person_id}",
            about=f"mission:{back.mission_id}",
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=head,
            text=text,
            not_before=row.debrief_at,
        )
        tell(page, [order], now=page.book.now)
