"""The watch bill: who holds the watch when, always with a deputy, and "not fit to watch"."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from homeby.comms.actions.tell import tell
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.actions.organisation import require
from homeby.people.queries.apart import read_as
from homeby.people.rules import Recipient, Role, Viewer
from homeby.people.texts import Words, each_reads
from homeby.watch import queries, rules, texts
from homeby.watch.actions.notices import notify_naming, watch_planned
from homeby.watch.actions.recipients import away_from_any, deciders
from homeby.watch.actions.stepping import alarm_order
from homeby.watch.models import UNTAKEN, Alarm, BillRow
from homeby.watch.rules import AlarmState, Watch


@logbook.once
def plan_watch(*, watch: Watch, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Enter a watch; without an end it is the standing watch, which counts when no other does."""
    require(by, Role.ADMINISTRATOR, Role.DUTY_OFFICER, Role.LEADER)
    if watch.deputy_id is None:
        raise Refused(deputy=_("Every watch has a deputy; choose one."))
    if watch.deputy_id == watch.person_id:
        raise Refused(deputy=_("The deputy must be somebody else."))
    if watch.to_at is not None and watch.to_at <= watch.from_at:
        raise Refused(to_at=_("The watch ends before it begins."))
    if problems := _not_available(watch, by=by, now=now):
        raise Refused(**problems)
    with logbook.writing(now=now, by=by.person_id) as book:
        held = queries.officers_now(now=now)
        page = book.entry(
            rules.WATCH_PLANNED,
            subject="watch bill",
            person=watch.person_id,
            facts={"deputy": watch.deputy_id, "from_at": watch.from_at, "to_at": watch.to_at},
            tap=tap,
            answer=_("Entered in the watch bill."),
        )
        page.add(
            BillRow(
                id=tap.entry_id,
                person_id=watch.person_id,
                deputy_id=watch.deputy_id,
                from_at=watch.from_at,
                to_at=watch.to_at,
            )
        )
        watch_planned(page, watch, _no_longer(held, now=now), by=by)
    return _("Entered in the watch bill.")


def _not_available(watch: Watch, *, by: Viewer, now: dt.datetime) -> dict[str, str]:
    """Who of the two cannot have this watch, a sentence each: she is no longer with us, cannot be
    reached, or is kept away from somebody who has it with her. Which it is, nobody is told."""
    named = {"duty": watch.person_id, "deputy": watch.deputy_id}
    beside = {key for key in named.values() if key is not None} | _beside(watch, now=now)
    reached = people.recipients(key for key in named.values() if key is not None)
    names = people.names(reached, to=by)
    found = {}
    for field, key in named.items():
        one = reached.get(key) if key is not None else None
        heard = one is not None and bool(one.reaches_ever(in_danger=True))
        if key in away_from_any(beside) or not (heard or by.is_station):
            name = names.get(key, "?") if key is not None else "?"
            found[field] = _("%s is not available; choose somebody else.") % name
    return found


def _beside(watch: Watch, *, now: dt.datetime) -> set[uuid.UUID]:
    """Whoever stands in the bill at the same time. The standing watch counts when no other does.
    Nor does a watch that runs and is taken over from now to its end: it is taken from the bill
    after the new one is entered, for nobody should have to open a gap first."""
    if watch.to_at is None:
        return set()
    rows = BillRow.objects.filter(from_at__lt=watch.to_at, to_at__gt=watch.from_at)
    if watch.from_at <= now:
        rows = rows.exclude(from_at__lte=now, to_at__lte=watch.to_at)
    pairs = rows.values_list("person_id", "deputy_id")
    return {key for pair in pairs for key in pair}


def _no_longer(held: list[uuid.UUID], *, now: dt.datetime) -> list[uuid.UUID]:
    """Who held the watch and holds it no more."""
    holding = queries.officers_now(now=now)
    return [key for key in held if key not in holding]


@logbook.once
def remove_watch(*, row_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take a watch from the bill; both people of it are told if it has begun or begins today."""
    require(by, Role.ADMINISTRATOR, Role.DUTY_OFFICER)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = BillRow.objects.select_for_update().get(pk=row_id)
        page = book.entry(
            rules.WATCH_REMOVED,
            subject="watch bill",
            person=row.person_id,
            tap=tap,
            answer=_("Taken from the watch bill."),
        )

        def words(names: Mapping[uuid.UUID, str]) -> Words:
            who = names.get(by.person_id, by.name) if by.person_id else by.name
            return _("A watch was taken from the watch bill"), _("By %s.") % who

        to, key = [row.person_id, row.deputy_id], f"bill:{row.pk}/removed"
        notify_naming(page, to, words, naming=[by.person_id], key=key, about="watch bill")
        page.remove(row)
    return _("Taken from the watch bill.")


@logbook.once
def not_fit(*, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """ "Not fit to watch", in one tap and without a reason: the deputy has the watch at once, and
    with it the alarms that the person held. A deputy who has it may say so too: then it goes to the
    standing watch, or to every duty officer, leader, administrator."""
    if by.person_id is None:
        raise Refused(_("Log in first."))
    with logbook.writing(now=now, by=by.person_id) as book:
        mine = _held_now(by.person_id, now=now)
        if not mine:
            raise Refused(_("You do not hold the watch now."))
        after = [_aside(row, by.person_id, now) for row in mine]
        to = _next_holders(after, without=by.person_id, now=now)
        answer = _("The watch is with %s now. Rest well.") % ", ".join(
            people.names(to, to=by).values()
        )
        page = book.entry(
            rules.WATCH_PASSED_ON,
            subject="watch bill",
            person=by.person_id,
            facts={"to": to},
            tap=tap,
            answer=answer,
        )
        for row in mine:
            column = "aside_at" if row.person_id == by.person_id else "deputy_aside_at"
            page.change(row, **{column: now})

        giver = by.person_id

        def words(names: Mapping[uuid.UUID, str]) -> Words:
            text = _("%s has passed the watch to you, at once and until its end.")
            return _("You have the watch now"), text % names.get(giver, by.name)

        key = f"bill:{tap.entry_id}/passed"
        notify_naming(page, to, words, naming=[giver], key=key, about="watch bill")
        _pass_alarms(page, by.person_id, to)
    return answer


def _held_now(person_id: uuid.UUID, *, now: dt.datetime) -> list[BillRow]:
    """The watches this person holds now, as its officer or as the deputy of one who is not fit."""
    rows = BillRow.objects.select_for_update().filter(from_at__lte=now).order_by("pk")
    rows = rows.filter(Q(person_id=person_id) | Q(deputy_id=person_id))
    rows = rows.filter(Q(to_at__isnull=True) | Q(to_at__gt=now))
    return [row for row in rows if queries.watch_of(row).holder_id == person_id]


def _aside(row: BillRow, person_id: uuid.UUID, now: dt.datetime) -> Watch:
    """A watch as it stands once this person is set aside."""
    if row.person_id == person_id:
        return replace(queries.watch_of(row), aside_at=now)
    return replace(queries.watch_of(row), deputy_aside_at=now)


def _next_holders(after: list[Watch], *, without: uuid.UUID, now: dt.datetime) -> list[uuid.UUID]:
    """Who has these watches now; where nobody is left, whoever the bill or the roles name next."""
    named = [watch.holder_id for watch in after if watch.holder_id is not None]
    fit = people.recipients(named)
    found = [key for key in named if key != without and key in fit and _reached(fit[key], now)]
    if not found:
        elsewhere = [row for row in queries.bill(now=now) if row.holder_id != without]
        named = rules.officers(elsewhere, now=now)
        fit = people.recipients(named)
        found = [key for key in named if key != without and key in fit and _reached(fit[key], now)]
    found = found or deciders(now=now, without=[without])
    return list(dict.fromkeys(found))


def _reached(one: Recipient, now: dt.datetime) -> bool:
    return bool(one.reaches_now(now=now, in_danger=True))


def _offered(
    alarm: Alarm, holder: uuid.UUID, now: dt.datetime, names: Mapping[uuid.UUID, str]
) -> Words:
    return texts.offer(alarm, names.get(holder, "?"), now=now)


def _pass_alarms(page: logbook.Page, holder: uuid.UUID, to: list[uuid.UUID]) -> None:
    """Alarms she held go on at once, and whoever has the watch now is asked to take them; and also
    those that nobody has taken, of which until now perhaps only she knew."""
    now = page.book.now
    hers = Q(holder_id=holder) | Q(co_holder_id=holder) | Q(holder_id__isnull=True)
    found = Alarm.objects.select_for_update(of=("self",)).filter(hers, state=AlarmState.OPEN)
    called = read_as([holder])
    for alarm in found.select_related("subject").order_by("pk"):
        words = each_reads(called.to, partial(_offered, alarm, holder, now))
        round_ = alarm.round + 1
        away = away_from_any(uuid.UUID(one) for one in alarm.subject.spoken_of)
        asked = [
            one
            for one in people.recipients(to).values()
            if str(one.person_id) not in alarm.subject.party and one.person_id not in alarm.takers
        ]
        asked = [one for one in asked if one.person_id not in away] or asked
        orders = [
            alarm_order(alarm, one, words(one), round_=round_, may_take=True) for one in asked
        ]
        reached = tell(page, orders, now=now)
        wait = rules.HOLDER_WAIT_MINUTES if reached else 0  # an empty step waits for nothing
        act_at = now + dt.timedelta(minutes=wait)
        left = _without(alarm, holder)
        if alarm.holder_id is None:
            act_at = min(alarm.act_at or act_at, act_at)
            page.change(alarm, **left, round=round_, act_at=act_at)
            continue
        if alarm.phase == rules.Phase.UNCERTAINTY:
            act_at = max(now, min(act_at, alarm.call_out_at))
        page.change(
            alarm,
            **left,
            offered_to_id=to[0] if to else None,
            offered_by_id=None,
            round=round_,
            ran_at=None,
            act_at=act_at,
        )


def _without(alarm: Alarm, person_id: uuid.UUID) -> dict[str, Any]:
    """The columns of an alarm that she has no more: where two had it, the other keeps it, alone."""
    if alarm.holder_id in (None, person_id):
        other, until = alarm.co_holder_id, alarm.co_expires_at
    else:
        other, until = alarm.holder_id, alarm.expires_at
    if other == person_id:
        return UNTAKEN
    return UNTAKEN | {"co_holder_id": other, "co_expires_at": until}
