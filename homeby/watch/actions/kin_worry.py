""" "I am worried", said on a kin page: it reaches whoever holds the watch at once and is logged as
information. What kin ask is not shown to the member they worry about (`STORY.md` 38, 39)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError
from django.utils.translation import gettext as _

from homeby.comms.actions.tell import cancel_queued, tell
from homeby.comms.rules import MessageKind, Order
from homeby.comms.rules.words import worry_about
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import KIN_PAGE, Viewer
from homeby.people.texts import each_hears
from homeby.watch import texts
from homeby.watch.actions import recipients
from homeby.watch.models import Alarm, KinWorry, Subject
from homeby.watch.queries import kin as queries
from homeby.watch.rules import AlarmState
from homeby.watch.rules import kin as rules
from homeby.watch.rules.kinds import KIN_ANSWERED, KIN_WORRIED

SAID_MOST = 300


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
    try:
        return _worried(worry, now=now, tap=tap)
    except IntegrityError:  # the same person on two devices: the other one was first
        return _worried(worry, now=now, tap=tap)


def _worried(worry: Worry, *, now: dt.datetime, tap: Tap) -> str:
    answer = _("The watch has been told that you are worried.")
    said = " ".join(worry.said.split())[:SAID_MOST]
    with logbook.writing(now=now, by=None, device=KIN_PAGE) as book:
        rows = KinWorry.objects.select_for_update()
        row = rows.filter(kin_id=worry.kin_id, answered_at__isnull=True).first()
        rings = rules.rings(row.told_at if row is not None else None, now=now)
        if row is not None and not rings and not rules.is_kept(row.count):
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
            words = {"said": said or row.said, "subject_ref": worry.ref, "last_at": now}
            told = {"told_at": now, "count": 1} if rings else {"count": row.count + 1}
            page.change(row, **words, **told)
        if rings:
            _ring(page, worry, said)
    return answer


def _ring(page: Page, worry: Worry, said: str) -> None:
    """To whoever holds the watch and is not the one it is about, nor with her; no limit holds the
    message back."""
    now = page.book.now
    subject = Subject.objects.filter(ref=worry.ref).first() if worry.ref else None
    without = [worry.person_id, *map(uuid.UUID, subject.party if subject is not None else ())]
    found = people.recipients(recipients.deciders(now=now, without=without))
    words = each_hears(partial(_words, worry, subject, said, now=now))
    orders = [
        Order(
            key=f"{worry_about(worry.person_id)}/{page.entry.entry_id}/{one.person_id}",
            about=worry_about(worry.person_id),
            recipient=one,
            kind=MessageKind.ALARM,
            subject=words(one)[0],
            text=words(one)[1],
            in_danger=True,
            is_first=True,
        )
        for one in found.values()
    ]
    tell(page, orders, now=now)


def _words(
    worry: Worry, subject: Subject | None, said: str, *, now: dt.datetime
) -> tuple[str, str]:
    who = people.names([worry.person_id]).get(worry.person_id, "?")
    lines = [_("Somebody who waits for %s says on their page: I am worried.") % who]
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
