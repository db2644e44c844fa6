""" "I am worried", said on a kin page: it reaches whoever holds the watch at once and is logged as
information. What kin ask is not shown to the member they worry about (`STORY.md` 38, 39)."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.comms.actions.tell import cancel_queued, replace_older, tell
from homeby.comms.rules import MessageKind, Order
from homeby.comms.rules.words import worry_about
from homeby.database import trouble
from homeby.database.asked import Asked
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import KIN_PAGE, Viewer
from homeby.people.texts import each_hears
from homeby.watch import texts
from homeby.watch.actions import recipients
from homeby.watch.actions.due import BATCH
from homeby.watch.models import Alarm, KinWorry, Subject
from homeby.watch.queries import kin as queries
from homeby.watch.rules import AlarmState
from homeby.watch.rules import kin as rules
from homeby.watch.rules.kinds import KIN_ANSWERED, KIN_SPOKEN, KIN_WORRIED

log = logging.getLogger("homeby.watch")
SAID_MOST = 300


def open_ones() -> QuerySet[KinWorry, tuple[uuid.UUID]]:
    """The oldest worries that nobody has taken up, so many in one look."""
    rows = KinWorry.objects.filter(answered_at__isnull=True).order_by("first_at", "pk")
    return rows.values_list("pk")[:BATCH]


_OPEN = Asked(open_ones)


@dataclass(frozen=True, kw_only=True)
class Worry:
    """Who is worried about whom: one of the kin, whose; `ref` of the mission they are out on, ""
    where they are not out. `said` is what they added: how to reach them, what they know."""

    kin_id: uuid.UUID
    person_id: uuid.UUID
    ref: str = ""
    said: str = ""


@logbook.once
def worried(*, worry: Worry, now: dt.datetime, tap: Tap) -> str:
    """One of the kin is worried. The first word always rings the watch, further ones every half
    hour; between them they are written down, the first ten."""
    return _worried(worry, now=now, tap=tap)


@logbook.once
def telephoned(*, worry: Worry, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Somebody who waits called and is worried, and whoever keeps the watch writes it down: it goes
    the same way as a worry by the page. `worry.kin_id` is that of `by_phone`."""
    _refuse_others(worry, by)
    return _worried(worry, now=now, tap=tap, by=by.person_id)


@logbook.once
def spoken_with(*, worry: Worry, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Whoever keeps the watch called those who wait: what was said is kept. It takes up no worry,
    rings nobody, and is not shown to whom it is about."""
    _refuse_others(worry, by)
    said = _("Noted in the logbook: you have spoken with those who wait.")
    with logbook.writing(now=now, by=by.person_id) as book:
        facts = {"mission": worry.ref, "said": _short(worry.said)}
        about = worry_about(worry.person_id)
        book.entry(KIN_SPOKEN, subject=about, facts=facts, tap=tap, answer=said)
    return said


def by_phone(person_id: uuid.UUID) -> uuid.UUID:
    """In place of one of the kin, for whoever calls about this person: who that is stands in what
    was written down."""
    return uuid.uuid5(person_id, "by telephone")


def _refuse_others(worry: Worry, by: Viewer) -> None:
    if not by.keeps_watch or by.person_id is None or worry.person_id in {by.person_id, *by.apart}:
        raise Refused(_("This is for whoever keeps the watch."))
    if len(worry.said.strip()) < 3:
        raise Refused(said=_("Write who called, and what they said."))


def _short(said: str) -> str:
    return " ".join(said.split())[:SAID_MOST]


def _worried(worry: Worry, *, now: dt.datetime, tap: Tap, by: uuid.UUID | None = None) -> str:
    try:
        return _kept(worry, now=now, tap=tap, by=by)
    except IntegrityError:  # the same person on two devices: the other one was first
        return _kept(worry, now=now, tap=tap, by=by)


def _kept(worry: Worry, *, now: dt.datetime, tap: Tap, by: uuid.UUID | None) -> str:
    heard = recipients.rising_about(_party(worry), now=now)
    answer = _("The watch has been told that you are worried.")
    if by is not None and heard:
        answer = _("Noted. It is told on and on until somebody takes it up.")
    elif by is not None:
        answer = _("Noted, but nobody else can be told now: see to it yourself.")
    elif not heard:
        answer = _(
            "Call first. What you say here is kept, but may reach the watch late. The person who "
            "named you is not told that you asked."
        )
    said = _short(worry.said)
    with logbook.writing(now=now, by=by, device="station" if by else KIN_PAGE) as book:
        rows = KinWorry.objects.select_for_update()
        row = rows.filter(kin_id=worry.kin_id, answered_at__isnull=True).first()
        rings = rules.rings(row.told_at if row is not None else None, now=now)
        if row is not None and not rings and not by and not rules.is_kept(row.count):
            return answer
        page = book.entry(
            KIN_WORRIED,
            subject=worry_about(worry.person_id),
            facts={"kin": worry.kin_id, "mission": worry.ref, "said": said, "rings": rings},
            tap=tap,
            answer=answer,
        )
        if row is None:
            row = KinWorry(
                id=uuid.uuid4(),
                kin_id=worry.kin_id,
                person_id=worry.person_id,
                subject_ref=worry.ref,
                first_at=now,
                last_at=now,
                told_at=now,
                said=said,
            )
            page.add(row)
        else:
            both = _short(f"{said} / {row.said}") if by and row.said else said or row.said
            words = {"said": both, "subject_ref": worry.ref, "last_at": now}
            told = {"told_at": now, "count": 1} if rings else {"count": row.count + 1}
            page.change(row, **words, **told)
        if rings:
            before = {key for key, _lost, _at in comms.sent_for(cause_of(row.pk))}
            again = [key for level in heard for key in level if key in before]
            first = recipients.deciders(now=now, without=_party(worry))
            _ring(page, worry, said, to=[*first, *again], cause=cause_of(row.pk))
    return answer


def cause_of(worry_id: uuid.UUID) -> str:
    """What its messages name as their cause."""
    return f"worry:{worry_id}"


def _party(worry: Worry) -> list[uuid.UUID]:
    """The one it is about and whoever is out with her: none of them is told."""
    subject = Subject.objects.filter(ref=worry.ref).first() if worry.ref else None
    return [worry.person_id, *map(uuid.UUID, subject.party if subject is not None else ())]


def is_heard(worry: Worry, *, worry_id: uuid.UUID | None, now: dt.datetime) -> bool:
    """Whether such a worry reaches anybody now, and the one that is open (`worry_id`) is not known
    to have failed with everybody it was sent to: else kin must be told to call."""
    if worry_id is not None:
        sent = comms.sent_for(cause_of(worry_id))
        if sent:
            return not all(is_lost for _key, is_lost, _at in sent)
    return bool(recipients.rising_about(_party(worry), now=now))


def rise(*, now: dt.datetime) -> int:
    """Tell the next of every worry that nobody has taken up: the next level after ten minutes, or
    at once where no channel took the message for the last; then everybody again each hour. A worry
    that cannot be told stops no other, and the oldest come first. Gives how many rose. One query
    while there is none."""
    return sum(_rise_safely(key, now=now) for (key,) in _OPEN.rows())


def _rise_safely(key: uuid.UUID, *, now: dt.datetime) -> bool:
    try:
        return _rise(key, now=now)
    except Exception as error:
        if trouble.is_of_all_rows(error=error):
            raise
        log.exception("worry %s could not be told to the next; it is tried again", key)
        return False


def _rise(key: uuid.UUID, *, now: dt.datetime) -> bool:
    row = KinWorry.objects.filter(pk=key, answered_at__isnull=True).first()
    if row is None or not _next(row, now=now):
        return False
    with logbook.writing(now=now, by=None, device="watchkeeper") as book:
        rows = KinWorry.objects.select_for_update().filter(pk=key, answered_at__isnull=True)
        row = rows.first()
        to = _next(row, now=now) if row is not None else []
        if row is None or not to:  # somebody took it up, or another watchkeeper was quicker
            return False
        facts = {"kin": row.kin_id, "mission": row.subject_ref, "rises": True}
        page = book.entry(KIN_WORRIED, subject=worry_about(row.person_id), facts=facts)
        _ring(page, _of_row(row), row.said, to=to, cause=cause_of(key))
    return True


def _of_row(row: KinWorry) -> Worry:
    return Worry(kin_id=row.kin_id, person_id=row.person_id, ref=row.subject_ref, said=row.said)


def _next(row: KinWorry, *, now: dt.datetime) -> list[uuid.UUID]:
    """Whom the worry is told now; nobody while those who were told last have their time."""
    sent = comms.sent_for(cause_of(row.pk))
    last_at = max((at for _key, _lost, at in sent if at <= now), default=None)
    lost = all(is_lost for _key, is_lost, at in sent if at == last_at)
    if last_at is not None and not lost and now < last_at + rules.WORRY_RISES:
        return []
    levels = recipients.rising_about(_party(_of_row(row)), now=now)
    told = {key for key, _lost, _at in sent}
    for level in levels:
        fresh = [key for key in level if key not in told]
        if fresh:
            return fresh
    if last_at is not None and now < last_at + rules.WORRY_REPEATS:
        return []
    return [key for level in levels for key in level]


def _ring(page: Page, worry: Worry, said: str, *, to: Iterable[uuid.UUID], cause: str) -> None:
    """To these people; no limit holds the message back."""
    now = page.book.now
    subject = Subject.objects.filter(ref=worry.ref).first() if worry.ref else None
    found = people.recipients(dict.fromkeys(to))
    words = each_hears(partial(_words, worry, subject, said, now=now))
    orders = [
        Order(
            key=f"{worry_about(worry.person_id)}/{page.entry.entry_id}/{one.person_id}",
            about=worry_about(worry.person_id),
            recipient=one,
            kind=MessageKind.ALARM,
            subject=words(one)[0],
            text=words(one)[1],
            cause=cause,
            in_danger=True,
            is_first=True,
        )
        for one in found.values()
    ]
    replace_older(page, orders)
    tell(page, orders, now=now)


def _words(
    worry: Worry, subject: Subject | None, said: str, *, now: dt.datetime
) -> tuple[str, str]:
    who = people.names([worry.person_id]).get(worry.person_id, "?")
    lines = [_("Somebody who waits for %s says on their page: I am worried.") % who]
    if worry.kin_id == by_phone(worry.person_id):
        lines = [_("Somebody who waits for %s called the watch and is worried.") % who]
    if said:
        lines.append(_("They add: %s") % said)
    alarm = None
    if subject is not None:
        open_ones = Alarm.objects.filter(subject=subject, state=AlarmState.OPEN)
        alarm = open_ones.select_related("subject").first()
    if alarm is not None:
        lines.append(f"{texts.alarm_name(alarm)}: {texts.what_happened(alarm, now=now)}")
    elif subject is not None and subject.due_at is not None:
        due = texts.clock_text(subject.due_at, subject, now)
        lines.append(
            _("By our records %(who)s is out, expected back %(due)s.")
            % {
                "who": who,
                "due": due,
            }
        )
    else:
        lines.append(_("By our records %s is not out: find out what they know.") % who)
    lines.append(
        _("It counts as information. Call them back; %s is never shown that they asked.") % who
    )
    return _("Worried about %s: their kin") % who, "\n".join(lines)


@logbook.once
def answer(*, worry_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Somebody who keeps the watch has taken up a worry; the next word of these kin rings again at
    once."""
    said = _("Noted: you have taken up their worry.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = queries.visible_worries(by).select_for_update().filter(pk=worry_id).first()
        if row is None or by.person_id is None:
            raise Refused(_("There is no such worry."))
        if row.answered_at is not None:
            raise Refused(_("Somebody has taken it up already."))
        subject = worry_about(row.person_id)
        page = book.entry(KIN_ANSWERED, subject=subject, tap=tap, answer=said)
        page.change(row, answered_at=now, answered_by_id=by.person_id)
        cancel_queued(book, about=subject, why="somebody has taken it up")
    return said
