"""Noting that the watch was blind, and what follows from it: who is told, what waits, what is
counted. The rules are those of `watch.rules.outage` (promise P7)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial

from django.db.models import Case, IntegerField, Q, Value, When

from homeby.comms import queries as comms
from homeby.comms.actions.tell import drop_late, tell
from homeby.comms.rules import MessageKind, Order
from homeby.database.turns import take_turn
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.people import queries as people
from homeby.people.rules import Recipient
from homeby.people.texts import spoken_to
from homeby.steady import Clocks
from homeby.watch import rules, texts_outage
from homeby.watch.actions import recipients
from homeby.watch.actions.notices import notify
from homeby.watch.actions.partners import marks
from homeby.watch.models import Deadline, Outage, Subject
from homeby.watch.queries import outages as queries
from homeby.watch.rules import AlarmKind, DeadlineKind, Phase
from homeby.watch.rules.outage import CATCH_UP, STALE, blind_seconds, outage

ABOUT = "outage"
_DROPPED = "reminders dropped"
_ALONE = (DeadlineKind.CANARY, DeadlineKind.KIN)  # no missed hour of a party


def mind(
    *,
    seen: Clocks,
    real_now: dt.datetime,
    now: dt.datetime,
    own_seconds: float | None,
    pace: float,
) -> rules.Outage | None:
    """Note the outage that ends now, once, whoever notes it first. Gives the one that is not caught
    up with yet. `own_seconds` is the machine's count at which this process judged last. Two
    queries."""
    last = queries.newest_outage(now=now)
    age = blind_seconds(
        queries.stored_looks(), seen=seen, real_now=real_now, own_seconds=own_seconds
    )
    found = outage(age, now=now, pace=pace, last=last)
    if found is not None:
        last = _note(found)
    return last if last is not None and now < last.to_at + CATCH_UP * pace else None


def _note(found: rules.Outage) -> rules.Outage | None:
    """One entry "blind from .. to ..", the row, and a message to whoever holds the watch; reminders
    that never left are too old now. Whoever watched nobody heard no partner station either."""
    row = Outage(
        id=uuid.uuid4(),
        from_at=found.from_at,
        to_at=found.to_at,
        doors_until_at=found.doors_until_at,
    )
    with logbook.writing(now=found.to_at, by=None, device="watchkeeper") as book:
        take_turn(ABOUT)
        last = queries.newest_outage(now=found.to_at)
        if last is not None and last.to_at > found.from_at:  # another watchkeeper was quicker
            return last
        facts = {"from_at": found.from_at, "to_at": found.to_at}
        page = book.entry(rules.WATCH_BLIND, subject=ABOUT, facts=facts)
        row.reminders_dropped = drop_late(page, before=found.to_at - STALE)
        marks.listen_anew(now=found.to_at)
        page.add(row)
        _tell_officers(page, row.pk, found)
    return queries.outage_facts(row)


def _tell_officers(page: Page, key: uuid.UUID, found: rules.Outage) -> None:
    """Whoever holds the watch and every administrator: somebody has to find out why."""
    now = page.book.now
    words = partial(texts_outage.to_officers, found, zone=_zone(), now=now)
    notify(page, recipients.operators(now=now), words, key=f"{ABOUT}:{key}", about=ABOUT)


def _zone() -> str:
    return people.zone()


def _order(key: uuid.UUID, to: Recipient, head: str, text: str) -> Order:
    return Order(
        key=f"{ABOUT}:{key}/{to.person_id}",
        about=ABOUT,
        recipient=to,
        kind=MessageKind.NOTICE,
        subject=head,
        text=text,
    )


def tell_those_out(found: rules.Outage, *, now: dt.datetime) -> bool:
    """Once the missed have been told, everybody else who was out hears of the blind period, once.
    Says whether it was this call that told them."""
    assert found.id is not None, "an outage that was noted"
    with logbook.writing(now=now, by=None, device="watchkeeper", bulk=True) as book:
        untold = Outage.objects.select_for_update().filter(pk=found.id, told_at__isnull=True)
        row = untold.first()
        if row is None:
            return False
        subjects = list(
            Subject.objects.exclude(ref=rules.CANARY_REF).exclude(party=[]).filter(wanted="")
        )
        known = comms.told_once(since=found.to_at)
        page = book.entry(rules.WATCH_BLIND_TOLD, subject=ABOUT)
        orders = _orders_to_those_out(found, row.pk, subjects, without=known, now=now)
        tell(page, orders, now=now)
        page.state(told=len(orders))
        page.change(row, told_at=now)
    return True


def _orders_to_those_out(
    found: rules.Outage,
    key: uuid.UUID,
    subjects: Sequence[Subject],
    *,
    without: set[uuid.UUID],
    now: dt.datetime,
) -> list[Order]:
    of_whom = {uuid.UUID(one): subject for subject in subjects for one in subject.party}
    wanted = [one for one in of_whom if one not in without]
    written = comms.keys_written(f"{ABOUT}:{key}/{one}" for one in wanted)
    orders = []
    for one in people.recipients(wanted).values():
        subject = of_whom[one.person_id]
        due_at, zone = subject.due_at, subject.zone
        with spoken_to(one):
            words = texts_outage.to_those_out(found, due_at=due_at, zone=zone, now=now)
        orders.append(_order(key, one, *words))
    return [order for order in orders if order.key not in written]


# --- what the tick asks --------------------------------------------------------------------------


def through_the_doors(now: dt.datetime, found: rules.Outage | None) -> Q:
    """What does not wait for the doors: DISTRESS, what is past its call-out time, the canary."""
    if found is None or not found.doors_first(now):
        return Q()
    past = Q(call_out_at__lte=now) & exercises_wait(now, found)
    return past | Q(kind=AlarmKind.CANARY)


def exercises_wait(now: dt.datetime, found: rules.Outage | None) -> Q:
    """While the doors have their minute no exercise goes on: what is in earnest comes first."""
    if found is None or not found.doors_first(now):
        return Q()
    return ~Q(kind__in=rules.EXERCISES)


def gravest(now: dt.datetime) -> Case:
    """Past the call-out time, then overdue, then what only reminds; exercises after all."""
    return Case(
        When(kind__in=rules.EXERCISES, then=Value(3)),
        When(call_out_at__lte=now, then=Value(0)),
        When(due_at__lte=now, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def together(
    deadlines: Sequence[Deadline], found: rules.Outage | None, *, now: dt.datetime
) -> list[list[Deadline]]:
    """Deadlines as they are judged: one by one; after an outage those of a subject that were missed
    in it together, the return first, and the gravest before all others."""
    if found is None:
        return [[one] for one in deadlines]
    groups: dict[object, list[Deadline]] = {}
    for one in deadlines:
        missed = one.due_at <= now and found.missed(one.act_at) and one.kind not in _ALONE
        groups.setdefault(one.subject_id if missed else one.pk, []).append(one)
    for group in groups.values():
        group.sort(key=lambda one: one.kind != DeadlineKind.RETURN)
    return sorted(groups.values(), key=lambda group: min(_rank(one, now) for one in group))


def _rank(one: Deadline, now: dt.datetime) -> tuple[int, dt.datetime]:
    phase = Phase.ALERT if one.call_out_at <= now else Phase.UNCERTAINTY
    grave, due_at = rules.most_urgent_first(phase, AlarmKind.OVERDUE, one.due_at)
    return grave + (one.due_at > now), due_at


def dropped(page: Page, count: int) -> None:
    """So many reminders of a subject were not sent."""
    if count:
        page.state(dropped=count)
        page.book.scratch(_DROPPED, list[int]).append(count)


def count_dropped(book: Book, found: rules.Outage | None) -> None:
    """Add the reminders that this commit drops to those of the outage."""
    count = sum(book.scratch(_DROPPED, list[int]))
    if found is None or found.id is None or not count:
        return
    row = Outage.objects.select_for_update().get(pk=found.id)
    page = book.entry(rules.REMINDER_DROPPED, subject=ABOUT, facts={"count": count})
    page.change(row, reminders_dropped=row.reminders_dropped + count)
