"""What kin hear of a worry, from the first word to "back": each word names the hour of the next
one, and that one comes, even if nothing is new (`STORY.md` 35 to 37).

The promised hours are rows, and one deadline of the subject (kind KIN) acts when the first of them
comes; so nothing hangs on a process, and the auditor sees an hour that passed. It is no missed
hour of a party: it opens no alarm and is never ended by the watch. While a named person speaks with
the family nothing is said here at all; the promised hour then reminds the officers.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from homeby.comms.actions.tell import cancel_queued, tell
from homeby.comms.rules import MessageKind, Order
from homeby.database import bell
from homeby.logbook.actions import Book, Page
from homeby.people import queries as people
from homeby.people.rules import Reach, Recipient
from homeby.people.texts import Words, spoken_to
from homeby.watch import queries, texts, texts_kin, texts_outage
from homeby.watch import rules as watch_rules
from homeby.watch.actions import notices, recipients
from homeby.watch.models import Alarm, Deadline, KinCare, KinNews, Subject
from homeby.watch.rules import AlarmState, DeadlineKind, DeadlineState
from homeby.watch.rules import kin as rules
from homeby.watch.rules.kinds import KIN_BACK_TOLD, KIN_TOLD

#: Reminders of a plan are none of this deadline's.
NO_REMINDERS = watch_rules.STEPS_MAX


def about(subject: Subject) -> str:
    """The reference by which the outbox knows what was said to kin beside an alarm."""
    return f"kin:{subject.pk}"


def care_of(subject: Subject) -> KinCare:
    """What a person says to the kin of a subject; an empty row where nobody said anything."""
    return KinCare.objects.filter(subject=subject).first() or KinCare(subject=subject)


def _open_news(subject: Subject) -> QuerySet[KinNews]:
    return KinNews.objects.filter(subject=subject, ended_at__isnull=True).order_by("next_at", "pk")


def _deadline(subject: Subject) -> Deadline | None:
    waiting = Deadline.objects.filter(subject=subject, kind=DeadlineKind.KIN)
    return waiting.filter(state=DeadlineState.OPEN).first()


def _hours(
    subject: Subject, kin: Iterable[Recipient], *, now: dt.datetime
) -> dict[uuid.UUID, dt.datetime]:
    """The hour to name to each of them: the one promised already, else that of the deadline which
    waits, else a fresh one."""
    promised = {row.kin_id: row.next_at for row in _open_news(subject)}
    waiting = _deadline(subject)
    found = {}
    for one in kin:
        hour = promised.get(one.person_id)
        if hour is None and waiting is not None:
            hour = waiting.due_at + rules.AHEAD
        found[one.person_id] = hour or rules.next_hour(0, reach=_reach(one), now=now)
    return found


def _reach(one: Recipient) -> Reach | None:
    return one.reaches[0] if one.reaches else None


# --- the first word, which a step of the plan says -----------------------------------------------


def first_words(
    alarm: Alarm, kin: Sequence[Recipient], *, now: dt.datetime
) -> list[tuple[Recipient, Words]]:
    """What a step says to kin, with the hour of the next word. Nobody while a person speaks with
    them."""
    subject = alarm.subject
    if not kin or care_of(subject).is_held:
        return []
    hours = _hours(subject, kin, now=now)
    found = []
    for one in kin:
        with spoken_to(one):
            head, text = texts.to_kin(alarm, one, now=now)
            end = next_hour(subject, hours[one.person_id], now=now)
        found.append((one, (head, f"{text}\n{end}")))
    return found


def next_hour(subject: Subject, hour: dt.datetime, *, now: dt.datetime) -> str:
    """The line that names the hour of the next word, and where it is read."""
    line = texts_kin.next_hour_line(texts.clock_text(hour, subject, now))
    return f"{line} {texts_kin.zone_line(subject.zone)}"


def promise(page: Page, alarm: Alarm, orders: Iterable[Order]) -> None:
    """These messages of a step tell kin: the hour that they name is a promise from now on. Kin who
    are asked to look in are promised none."""
    kin = [order.recipient for order in orders if order.recipient.kin_of is not None]
    if not kin or alarm.subject.is_gentle:
        return
    subject, now = alarm.subject, page.book.now
    hours = _hours(subject, kin, now=now)
    known = {row.kin_id: row for row in KinNews.objects.filter(subject=subject)}
    for one in kin:
        row, hour = known.get(one.person_id), hours[one.person_id]
        if row is None:
            page.add(_row(subject, one, hour=hour, now=now))
        elif row.ended_at is not None:
            page.change(row, next_at=hour, ended_at=None, count=0)
    if _deadline(subject) is None:
        _expect(page, subject, alarm.plan_id, min(hours.values()))


def _row(subject: Subject, one: Recipient, *, hour: dt.datetime, now: dt.datetime) -> KinNews:
    assert one.kin_of is not None, "kin belong to somebody"
    return KinNews(
        id=uuid.uuid4(),
        subject=subject,
        kin_id=one.person_id,
        person_id=one.kin_of,
        told_at=now,
        next_at=hour,
    )


def _expect(page: Page, subject: Subject, plan_id: uuid.UUID, hour: dt.datetime) -> None:
    at = rules.acts_at(hour)
    if queries.is_nearer(at, now=page.book.now):
        bell.ring()
    page.add(
        Deadline(
            id=uuid.uuid4(),
            subject=subject,
            kind=DeadlineKind.KIN,
            plan_id=plan_id,
            due_at=at,
            call_out_at=at,
            state=DeadlineState.OPEN,
            next_step=NO_REMINDERS,
            act_at=at,
        )
    )


# --- the promised hour ---------------------------------------------------------------------------


def fall_due(
    book: Book, deadline: Deadline, alarm: Alarm | None, outage: watch_rules.Outage | None
) -> bool:
    """A promised hour has come: a word to each whose hour it is, and the hour of the next one. No
    alarm is opened by it (False)."""
    subject, now = deadline.subject, book.now
    rows, care = list(_open_news(subject)), care_of(subject)
    due = [row for row in rows if row.next_at is not None and rules.acts_at(row.next_at) <= now]
    kin = {one.person_id: one for one in people.kin_by_id([row.kin_id for row in due])}
    page = book.entry(KIN_TOLD, subject=subject.ref)
    orders = []
    for row in due:
        one = kin.get(row.kin_id)
        if one is None:  # removed, or may be told nothing any more
            page.change(row, next_at=None, ended_at=now)
            continue
        hour = _following(subject, alarm, row, one, now=now)
        words = _still(alarm, care, one, hour, mistaken=row.said_back, now=now)
        page.change(row, next_at=hour, count=row.count + 1)
        if not care.is_held:
            page.change(row, said_back=False)
            orders.append(order_for(row, one, words))
    tell(page, [_why_late(order, subject, outage, now=now) for order in orders], now=now)
    if care.is_held and due:
        _remind_officers(page, subject, care)
    page.state(told=len(orders), held=care.is_held)
    _look_again(page, deadline, rows)
    return False


def _following(
    subject: Subject, alarm: Alarm | None, row: KinNews, one: Recipient, *, now: dt.datetime
) -> dt.datetime:
    """The hour of the word after this one. Where they were given more time and nobody worries just
    now, it counts from their new hour: until then there is nothing that kin could wait for."""
    due_at = subject.due_at
    if alarm is None and due_at is not None and due_at > now:
        return rules.next_hour(0, reach=_reach(one), now=due_at)
    return rules.next_hour(row.count + 1, reach=_reach(one), now=now)


def _look_again(page: Page, deadline: Deadline, rows: Sequence[KinNews]) -> None:
    """The deadline acts at the first promised hour; where nobody is left to be told it stays, for
    only a person ends it, and asks for nothing."""
    hours = [row.next_at for row in rows if row.next_at is not None]
    fresh = rules.next_hour(0, reach=None, now=page.book.now)
    at = rules.acts_at(min(hours, default=fresh))
    page.change(deadline, due_at=at, call_out_at=at, act_at=at)


def put_off(book: Book, row: Alarm | Deadline) -> bool:
    """A word to kin that could not be said is tried again in a minute, well before the hour that
    was named. Says whether it was one."""
    if row.kind != DeadlineKind.KIN:
        return False
    page = book.entry(watch_rules.ALARM_WAITS, subject=row.subject.ref)
    page.change(row, act_at=book.now + dt.timedelta(minutes=1))
    return True


def order_for(row: KinNews, one: Recipient, words: Words, *, part: str = "") -> Order:
    """Words to one of the kin who were told; `part` names what is said beside a promised hour."""
    return Order(
        key=f"{about(row.subject)}/{part or row.count}/{one.person_id}",
        about=about(row.subject),
        recipient=one,
        kind=MessageKind.NOTICE,
        subject=words[0],
        text=words[1],
        in_danger=True,  # their hours were kept when the hour was named
    )


def _why_late(
    order: Order, subject: Subject, outage: watch_rules.Outage | None, *, now: dt.datetime
) -> Order:
    if outage is None:
        return order
    with spoken_to(order.recipient):
        words = texts_outage.why_late(outage, zone=subject.zone, now=now)
    return replace(order, said_once=words)


def _still(
    alarm: Alarm | None,
    care: KinCare,
    one: Recipient,
    hour: dt.datetime,
    *,
    mistaken: bool,
    now: dt.datetime,
) -> Words:
    """The word at a promised hour, by how it stands now."""
    subject = care.subject
    phase = watch_rules.Phase(alarm.phase) if alarm is not None else None
    due_at = subject.due_at
    late = due_at is not None and due_at <= now
    with spoken_to(one):
        lines = texts_kin.still(late=late, phase=phase, mistaken=mistaken)
        if due_at is not None and rules.knows_due(one.may_know):
            lines.append(_("Expected back: %s.") % texts.clock_text(due_at, subject, now))
        if late and care.step:
            lines.append(texts_kin.step_words(rules.SearchStep(care.step)))
        lines.append(next_hour(subject, hour, now=now))
        return _("A message from the watch"), "\n".join(lines)


def _remind_officers(page: Page, subject: Subject, care: KinCare) -> None:
    """The machine says nothing while a person speaks with the family; whoever has the watch hears
    that an hour has come which was promised to them."""

    def words() -> tuple[str, str]:
        text = _("%s speaks with them, so no message goes out: see that they hear something now.")
        return _("%s: an hour that was promised to kin") % subject.title, text % care.speaker

    to = recipients.officers_about([uuid.UUID(key) for key in subject.party], now=page.book.now)
    key = f"{about(subject)}/held/{page.entry.entry_id}"
    notices.notify(page, to, words, key=key, about=about(subject))


# --- back, and back after all not ----------------------------------------------------------------


def back(page: Page, subject: Subject, person_ids: Iterable[uuid.UUID]) -> None:
    """These people were signed in by a person: their kin who were told hear so at once, and nothing
    after it. Not where a person speaks, or spoke, with the family: what they said stands. One query
    where no kin were told."""
    rows = [row for row in _open_news(subject) if row.person_id in set(person_ids)]
    if not rows:
        return
    now, book = page.book.now, page.book
    waiting = _locked_deadline(subject)
    kin = {one.person_id: one for one in people.kin_by_id([row.kin_id for row in rows])}
    by_person = care_of(subject).held_at is not None
    told = book.entry(KIN_BACK_TOLD, subject=subject.ref)
    orders = []
    for row in rows:
        one = kin.get(row.kin_id)
        if one is not None and not by_person and not row.said_back:
            with spoken_to(one):
                words = texts.good_news_to_kin(back=True)
            orders.append(order_for(row, one, words, part=f"back/{told.entry.entry_id}"))
        said = row.said_back or (one is not None and not by_person)
        told.change(row, next_at=None, ended_at=now, said_back=said)
    left = _open_news(subject).exists()
    if not left:
        cancel_queued(book, about=about(subject), why="back")
        if waiting is not None:
            state = DeadlineState.MET
            told.change(waiting, state=state, act_at=None, ended_at=now)
    tell(told, orders, now=now)


def _locked_deadline(subject: Subject) -> Deadline | None:
    """The deadline of a subject, locked; the watch may be judging it."""
    rows = Deadline.objects.select_for_update(of=("self",))
    return rows.filter(subject=subject, kind=DeadlineKind.KIN, state=DeadlineState.OPEN).first()


def not_back(page: Page, subject: Subject, person_id: uuid.UUID) -> None:
    """A sign-in was taken back: kin who read that they are back hear soon that it was a mistake,
    unless they come in before."""
    ended = KinNews.objects.filter(subject=subject, person_id=person_id, ended_at__isnull=False)
    rows, now = list(ended), page.book.now
    if not rows:
        return
    waiting, hour = _locked_deadline(subject), now + 2 * rules.AHEAD
    for row in rows:
        page.change(row, next_at=hour, ended_at=None, count=row.count + 1)
    newest = Deadline.objects.filter(subject=subject).order_by("-due_at").first()
    if waiting is not None:
        at = min(waiting.due_at, rules.acts_at(hour))
        page.change(waiting, due_at=at, call_out_at=at, act_at=at)
    elif newest is not None:
        _expect(page, subject, newest.plan_id, hour)


def go_on(page: Page, subject: Subject) -> None:
    """Nobody speaks with the family any more: those who were told hear again within the hour, for
    what was promised before has passed or was answered by a person. So do those whom a step would
    have told meanwhile, while an alarm is open."""
    now, waiting = page.book.now, _locked_deadline(subject)
    rows = list(_open_news(subject))
    hour = rules.next_hour(0, reach=None, now=now)
    for row in rows:
        page.change(row, next_at=hour)
    alarm = Alarm.objects.filter(subject=subject, state=AlarmState.OPEN).first()
    if alarm is not None:
        known = set(KinNews.objects.filter(subject=subject).values_list("kin_id", flat=True))
        for one in people.kin_recipients(uuid.UUID(key) for key in subject.party):
            if one.person_id not in known:
                rows.append(_row(subject, one, hour=hour, now=now))
                page.add(rows[-1])
    if rows and waiting is not None:
        at = rules.acts_at(hour)
        page.change(waiting, due_at=at, call_out_at=at, act_at=at)
    elif rows and alarm is not None:
        _expect(page, subject, alarm.plan_id, hour)


# --- what ends an alarm --------------------------------------------------------------------------


def at_the_end(
    subject: Subject, orders: list[Order], *, back: bool, now: dt.datetime
) -> list[Order]:
    """The news of an alarm's end as kin hear it: not twice that somebody is back, with the hour of
    the next word while somebody is not, and nothing where a person speaks with them."""
    to_kin = {order.recipient.person_id for order in orders if order.recipient.kin_of is not None}
    if not to_kin:
        return orders
    care = care_of(subject)
    news = {row.kin_id: row for row in KinNews.objects.filter(subject=subject, kin_id__in=to_kin)}
    found = []
    for order in orders:
        key = order.recipient.person_id
        if key not in to_kin:
            found.append(order)
        elif care.is_held or (back and (key in news or care.held_at is not None)):
            continue
        else:
            row = news.get(key)
            hour = row.next_at if row is not None else None
            found.append(order if hour is None else _with_hour(order, subject, hour, now=now))
    return found


def _with_hour(order: Order, subject: Subject, hour: dt.datetime, *, now: dt.datetime) -> Order:
    with spoken_to(order.recipient):
        return replace(order, text=f"{order.text}\n{next_hour(subject, hour, now=now)}")
