"""What people do with an alarm: take it, renew, hand over, raise, stand down. None of these is done
by opening a link (promise P4): they need a signed-in device or the code from the message."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.comms.actions.tell import (
    answered,
    cancel_queued,
    code_typed,
    count_wrong_code,
    tell,
)
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.watch import queries, rules, texts
from homeby.watch.actions import proofs, subjects
from homeby.watch.actions.notices import stood_down_over
from homeby.watch.actions.partners import judging
from homeby.watch.actions.stepping import about, alarm_order, marked
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmState, Ending


def _open_alarm(alarm_id: uuid.UUID) -> Alarm:
    alarm = (
        Alarm.objects.select_for_update(of=("self",))
        .select_related("subject")
        .filter(pk=alarm_id)
        .exclude(kind=rules.AlarmKind.CANARY)
        .first()
    )
    if alarm is None:
        raise Refused(_("There is no such alarm."))
    if alarm.state != AlarmState.OPEN:
        raise Refused(_("%s is over already.") % texts.alarm_name(alarm))
    return alarm


def lapses_at(now: dt.datetime) -> dt.datetime:
    """When an acknowledgement given now runs out."""
    limits = people.organisation()
    minutes = limits.acknowledge_minutes if limits else 20
    minutes = max(rules.EXPIRY_MINUTES_MIN, min(minutes, rules.EXPIRY_MINUTES_MAX))
    return now + dt.timedelta(minutes=minutes)


@logbook.once
def acknowledge(*, alarm_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take an alarm (or renew it): "I have it". It lapses by itself; it ends nothing."""
    if by.person_id is None:
        raise Refused(_("Log in, or type the code from your message."))
    with logbook.writing(now=now, by=by.person_id) as book:
        alarm = _open_alarm(alarm_id)
        if not queries.may_take(by, alarm) and not _was_told(alarm, by.person_id):
            raise Refused(_("This alarm is for the duty officer and those who were told."))
        return _take(book, alarm, by.person_id, tap=tap)


def _was_told(alarm: Alarm, person_id: uuid.UUID) -> bool:
    return person_id in comms.people_told([about(alarm)])


def _take(book: logbook.Book, alarm: Alarm, person_id: uuid.UUID, *, tap: Tap) -> str:
    if str(person_id) in alarm.subject.party:
        raise Refused(_("This alarm is about you. Sign in, or ask for more time."))
    before = alarm.holder_id
    until = taken_until(book, alarm, person_id)
    answer = _("%(name)s is yours until %(at)s. If you fall silent it comes back.") % {
        "name": texts.alarm_name(alarm),
        "at": texts.clock_text(until, alarm.subject, book.now),
    }
    if until < lapses_at(book.now):
        answer += " " + _("You had it before: passed round, its time does not begin anew.")
    answer = texts.answer_about(alarm, answer)
    page = give(book, alarm, person_id, tap=tap, answer=answer)
    answered(page, about=about(alarm), person_id=person_id)
    if before != person_id:  # else an offer that is still on its way stays on its way
        party = {uuid.UUID(key) for key in alarm.subject.party}
        cancel_queued(book, about=about(alarm), why="acknowledged", keep_people=party)
        tell_displaced(page, alarm, before, by=person_id)
    return answer


def taken_until(book: logbook.Book, alarm: Alarm, person_id: uuid.UUID) -> dt.datetime:
    """Until when the alarm is this person's who takes it now."""
    return rules.taken_until(
        person_id,
        fresh_at=book.scratch("lapses at", lambda: lapses_at(book.now)),
        holder_id=alarm.holder_id,
        expires_at=alarm.expires_at,
        held_by=alarm.held_by,
    )


def give(
    book: logbook.Book,
    alarm: Alarm,
    person_id: uuid.UUID,
    *,
    tap: Tap | None = None,
    answer: str | None = None,
) -> logbook.Page:
    """Write down that somebody has an open, locked alarm from now on; the outbox is the caller's to
    settle. Without `tap` where one act takes several."""
    now = book.now
    expires_at = taken_until(book, alarm, person_id)
    renewed = alarm.holder_id == person_id
    earlier = alarm.held_by if alarm.holder_id is not None else []
    page = book.entry(
        rules.ALARM_RENEWED if renewed else rules.ALARM_ACKNOWLEDGED,
        subject=alarm.subject.ref,
        person=person_id,
        facts={"alarm": alarm.number, "until": expires_at},
        tap=tap,
        answer=answer,
    )
    act_at = expires_at
    if alarm.phase == rules.Phase.UNCERTAINTY:
        act_at = min(act_at, alarm.call_out_at)
    page.change(
        alarm,
        holder_id=person_id,
        taken_at=alarm.taken_at if renewed and alarm.taken_at else now,
        expires_at=expires_at,
        offered_to_id=None,
        held_by=list(dict.fromkeys([*earlier, str(person_id)])),
        lapsed=False,
        act_at=max(act_at, now),
    )
    proofs.note(page, alarm, person_id)
    return page


def tell_displaced(
    page: logbook.Page, alarm: Alarm, before: uuid.UUID | None, *, by: uuid.UUID
) -> None:
    """Whoever had the alarm `before` hears that somebody else has it now."""
    if before is None or before == by:
        return
    now, recipient = page.book.now, people.recipients([before]).get(before)
    if recipient is None:
        return
    words = texts.taken_over(alarm, people.names([by]).get(by, ""))
    order = Order(
        key=f"{about(alarm)}/taken-over/{page.entry.entry_id}/{before}",
        about=about(alarm),
        recipient=recipient,
        kind=MessageKind.NOTICE,
        subject=words[0],
        text=words[1],
        in_danger=True,
    )
    tell(page, [marked(alarm, order)], now=now)


@logbook.once
def acknowledge_by_code(*, token: str, code: str, now: dt.datetime, tap: Tap) -> str:
    """Take an alarm from a message: the link names the message, the code in it proves that it was
    read. Five wrong codes close that way; logging in stays open."""
    message = comms.message_by_token(token)
    if message is None or not message.about.startswith("alarm:"):
        raise Refused(_("This link belongs to no message. Open the newest message again."))
    if not message.code:
        raise Refused(_("This message is for your information; there is nothing to take."))
    alarm_id = uuid.UUID(message.about.partition(":")[2])
    wrong: Refused | None = None
    with logbook.writing(now=now, by=message.person_id) as book:
        alarm = _open_alarm(alarm_id)
        if message.person_id not in people.recipients([message.person_id]):
            raise Refused(code=_("Whoever this message was for is not on the list any more."))
        typed = code_typed(token, code)
        if typed.tries_left <= 0:
            raise Refused(
                code=_("Too many wrong codes for this message. Log in to take the alarm, or call.")
            )
        if typed.right:
            return _take(book, alarm, typed.person_id, tap=tap)
        page = book.entry(rules.CODE_REFUSED, subject=typed.about, person=typed.person_id, tap=tap)
        page.entry.actor_id = None  # whoever typed a wrong code has not shown who they are
        count_wrong_code(page, typed)
        wrong = page.refuse(code=_("That is not the code of this message. It has six digits."))
    raise wrong


@logbook.once
def hand_over(*, alarm_id: uuid.UUID, to: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Offer an alarm to somebody else. Until they take it, it stays where it is."""
    with logbook.writing(now=now, by=by.person_id) as book:
        alarm = _open_alarm(alarm_id)
        if alarm.holder_id != by.person_id and not by.has(Role.DUTY_OFFICER, Role.ADMINISTRATOR):
            raise Refused(_("Only whoever has the alarm, or a duty officer, hands it over."))
        recipient = people.recipients([to]).get(to)
        if recipient is None:
            raise Refused(to=_("Choose a person."))
        if str(to) in alarm.subject.party:
            raise Refused(to=_("%s is one of those this alarm is about.") % recipient.name)
        if not recipient.reaches_now(now=now, in_danger=True):
            raise Refused(
                to=_("%s has no verified contact point and would not hear of it.") % recipient.name
            )
        answer = _("Offered to %s. It stays with you until they take it.") % recipient.name
        answer = texts.answer_about(alarm, answer)
        page = book.entry(
            rules.ALARM_OFFERED,
            subject=alarm.subject.ref,
            person=to,
            facts={"alarm": alarm.number},
            tap=tap,
            answer=answer,
        )
        words = texts.offer(alarm, by.name, now=now)
        order = alarm_order(alarm, recipient, words, round_=alarm.round + 1, may_take=True)
        tell(page, [order], now=now)
        page.change(alarm, offered_to_id=to, round=alarm.round + 1)
    return answer


@logbook.once
def raise_to_distress(
    *, alarm_id: uuid.UUID, why: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A person says it is distress: every step from now on comes without waiting for its hour."""
    if not by.keeps_watch:
        raise Refused(_("Only whoever keeps the watch raises an alarm."))
    if not why.strip():
        raise Refused(reason=_("Say why in a few words; those who search will read it."))
    with logbook.writing(now=now, by=by.person_id) as book:
        alarm = _open_alarm(alarm_id)
        answer = texts.answer_about(alarm, _("Raised to DISTRESS."))
        book.entry(
            rules.ALARM_RAISED,
            subject=alarm.subject.ref,
            facts={"alarm": alarm.number, "why": why},
            tap=tap,
            answer=answer,
        )
        subjects.raise_alarm(book, alarm, why=why, kind=rules.AlarmKind(alarm.kind))
    return answer


@logbook.once
def stand_down(
    *,
    alarm_id: uuid.UUID,
    reason: str,
    again_at: dt.datetime | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """End an alarm with a reason. If somebody is still out, the watch asks again at `again_at`
    (an hour from now if not given): nobody is out without a deadline."""
    if by.person_id is None or not by.has(Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR):
        raise Refused(_("Only a duty officer, a leader or an administrator stands an alarm down."))
    if len(reason.strip()) < 3:
        raise Refused(reason=_("Give a reason; everybody who was told will read it."))
    with logbook.writing(now=now, by=by.person_id) as book:
        subjects.lock_behind(alarm_id)
        alarm = _open_alarm(alarm_id)
        party = alarm.subject.party
        if str(by.person_id) in party:
            raise Refused(
                _("You are one of those this alarm is about. Sign in, or ask the duty officer.")
            )
        answer = _("%s is over. Everybody who was told will hear your reason.") % (
            texts.alarm_name(alarm)
        )
        answer = texts.answer_about(alarm, answer)
        page = book.entry(
            rules.ALARM_ENDED,
            subject=about(alarm),
            facts={"reason": reason},
            tap=tap,
            answer=answer,
        )
        subjects.end(book, alarm, ending=Ending.STOOD_DOWN, by=by.person_id, reason=reason.strip())
        subjects.ask_again(page, alarm, again_at=again_at)
        stood_down_over(page, alarm, reason=reason.strip(), by=by)
        judging.ask_again(page, alarm, again_at=again_at)
    return answer
