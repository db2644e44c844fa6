"""What people do with an alarm: take it, renew, hand over, raise, stand down. None of these is done
by opening a link (promise P4): they need a signed-in device or the code from the message."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

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
from homeby.people.queries.apart import apart_from, read_as
from homeby.people.rules import Recipient, Role, Viewer
from homeby.people.texts import Words, each_reads, spoken_to
from homeby.watch import queries, rules, texts
from homeby.watch.actions import proofs, subjects
from homeby.watch.actions.notices import stood_down_over
from homeby.watch.actions.partners import judging
from homeby.watch.actions.stepping import about, alarm_order, marked
from homeby.watch.models import UNTAKEN, Alarm
from homeby.watch.rules import AlarmState, Ending


def _open_alarm(alarm_id: uuid.UUID) -> Alarm:
    alarm = (
        Alarm.objects.select_for_update(of=("self",))
        .select_related("subject", "plan")
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
    taken, renewed = taking(book, alarm, person_id), person_id in alarm.takers
    answer = _answer(book, alarm, taken)
    page = give(book, alarm, taken, tap=tap, answer=answer)
    answered(page, about=about(alarm), person_id=person_id)
    if not renewed:  # else an offer that is still on its way stays on its way
        party = {uuid.UUID(key) for key in alarm.subject.party}
        keep = party if taken.is_taken else comms.people_told([about(alarm)]) - {person_id}
        cancel_queued(book, about=about(alarm), why="acknowledged", keep_people=keep)
        tell_others(page, alarm, taken)
    return answer


def _answer(book: logbook.Book, alarm: Alarm, taken: rules.Taken) -> str:
    facts = {
        "name": texts.alarm_name(alarm),
        "at": texts.clock_text(taken.own.until, alarm.subject, book.now),
    }
    answer = _("%(name)s is yours until %(at)s. If you fall silent it comes back.") % facts
    if not taken.is_taken:
        answer += " " + _("A second person must take it too; until then the others are told.")
    if taken.own.until < lapses_at(book.now):
        answer += " " + _("You had it before: passed round, its time does not begin anew.")
    return texts.answer_about(alarm, answer)


def taking(book: logbook.Book, alarm: Alarm, person_id: uuid.UUID) -> rules.Taken:
    """What becomes of an open, locked alarm when this person takes it now."""
    holds = (
        (alarm.co_holder_id, alarm.co_expires_at),
        (alarm.holder_id, alarm.expires_at),
    )
    return rules.take(
        person_id,
        holds=[rules.Hold(person_id=who, until=at) for who, at in holds if who and at],
        fresh_at=book.scratch("lapses at", lambda: lapses_at(book.now)),
        held_by=alarm.held_by,
        two_must=alarm.plan.two_must_take and alarm.kind != rules.AlarmKind.TEST,  # of one phone
        giver_id=alarm.offered_by_id if alarm.offered_to_id == person_id else None,
        now=book.now,
    )


def give(
    book: logbook.Book,
    alarm: Alarm,
    taken: rules.Taken,
    *,
    tap: Tap | None = None,
    answer: str | None = None,
) -> logbook.Page:
    """Write down that somebody has an open, locked alarm from now on; the outbox is the caller's to
    settle. Without `tap` where one act takes several."""
    person_id, renewed = taken.own.person_id, taken.own.person_id in alarm.takers
    lasts = any(at and at > book.now for at in (alarm.expires_at, alarm.co_expires_at))
    earlier = alarm.held_by if lasts else []  # else it is taken from nobody
    page = book.entry(
        rules.ALARM_RENEWED if renewed else rules.ALARM_ACKNOWLEDGED,
        subject=alarm.subject.ref,
        person=person_id,
        facts={"alarm": alarm.number, "until": taken.own.until},
        tap=tap,
        answer=answer,
    )
    held = _held(alarm, taken, now=book.now, renewed=renewed)
    page.change(
        alarm,
        **held,
        offered_to_id=None,
        offered_by_id=None,
        held_by=list(dict.fromkeys([*earlier, str(person_id)])),
    )
    proofs.note(page, alarm, person_id)
    return page


def _held(alarm: Alarm, taken: rules.Taken, *, now: dt.datetime, renewed: bool) -> dict[str, Any]:
    """The columns of who has it. While a second is missing the alarm goes on as if nobody had."""
    if not taken.is_taken:
        goes_on_at = now if alarm.holder_id else min(alarm.act_at or now, taken.until)
        return UNTAKEN | {
            "co_holder_id": taken.own.person_id,
            "co_expires_at": taken.own.until,
            "act_at": max(goes_on_at, now),
        }
    act_at = taken.until
    if alarm.phase == rules.Phase.UNCERTAINTY:
        act_at = min(act_at, alarm.call_out_at)
    return {
        "holder_id": taken.own.person_id,
        "taken_at": alarm.taken_at if renewed and alarm.taken_at else now,
        "expires_at": taken.own.until,
        "co_holder_id": taken.other.person_id if taken.other else None,
        "co_expires_at": taken.other.until if taken.other else None,
        "lapsed": False,
        "act_at": max(act_at, now),
    }


def tell_others(page: logbook.Page, alarm: Alarm, taken: rules.Taken) -> None:
    """Whoever had the alarm before hears that somebody else has it now; whoever has it with them,
    that it is taken by two. Not told on where somebody only took it once more."""
    by = taken.own.person_id
    others = {*taken.displaced, *([taken.other.person_id] if taken.other else [])}
    if not others:
        return
    called = read_as([by])

    def hears(said: Callable[..., Words]) -> Callable[[Recipient], Words]:
        return each_reads(called.to, lambda names: said(alarm, names.get(by, "")))

    words = dict.fromkeys(taken.displaced, hears(texts.taken_over))
    if taken.other is not None:
        words[taken.other.person_id] = hears(texts.taken_too)
    orders = [
        Order(
            key=f"{about(alarm)}/taken-over/{page.entry.entry_id}/{one.person_id}",
            about=about(alarm),
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=words[one.person_id](one)[0],
            text=words[one.person_id](one)[1],
            in_danger=True,
        )
        for one in people.recipients(words).values()
    ]
    tell(page, [marked(alarm, one) for one in orders], now=page.book.now)


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
        has_it = by.person_id in alarm.takers
        if not has_it and not by.has_for(alarm.subject.team_id, Role.DUTY_OFFICER):
            raise Refused(_("Only whoever has the alarm, or a duty officer, hands it over."))
        recipient = people.recipients([to]).get(to)
        if recipient is None:
            raise Refused(to=_("Choose a person."))
        if str(to) in alarm.subject.party:
            raise Refused(to=_("%s is one of those this alarm is about.") % recipient.name)
        if alarm.co_holder_id is not None and to in alarm.takers:
            raise Refused(to=_("%s has it already; choose somebody else.") % recipient.name)
        spoken_of = map(uuid.UUID, alarm.subject.spoken_of)
        away = by.apart.union(*apart_from(spoken_of).values())
        if to in away or not recipient.reaches_now(now=now, in_danger=True):
            raise Refused(to=_("%s is not available; choose somebody else.") % recipient.name)
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
        with spoken_to(recipient):
            words = texts.offer(alarm, by.name, now=now)
        order = alarm_order(alarm, recipient, words, round_=alarm.round + 1, may_take=True)
        tell(page, [order], now=now)
        giver = by.person_id if has_it else None
        page.change(alarm, offered_to_id=to, offered_by_id=giver, round=alarm.round + 1)
    return answer


@logbook.once
def raise_to_distress(
    *, alarm_id: uuid.UUID, why: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A person says it is distress: every step from now on comes without waiting for its hour."""
    if not why.strip():
        raise Refused(reason=_("Say why in a few words; those who search will read it."))
    with logbook.writing(now=now, by=by.person_id) as book:
        alarm = _open_alarm(alarm_id)
        if not (by.watches(alarm.subject.team_id) or by.person_id in alarm.takers):
            raise Refused(_("Only whoever keeps the watch raises an alarm."))
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
    with logbook.writing(now=now, by=by.person_id) as book:
        return end_with(book, alarm_id, reason=reason, again_at=again_at, by=by, tap=tap)


def end_with(
    book: logbook.Book,
    alarm_id: uuid.UUID,
    *,
    reason: str,
    again_at: dt.datetime | None = None,
    by: Viewer,
    tap: Tap,
) -> str:
    """The same inside an open book, for a room above that has more to end."""
    if len(reason.strip()) < 3:
        raise Refused(reason=_("Give a reason; everybody who was told will read it."))
    subjects.lock_behind(alarm_id)
    alarm = _open_alarm(alarm_id)
    if by.person_id is None or not queries.may_stand_down(by, alarm):
        raise Refused(_("Only a duty officer, a leader or an administrator stands an alarm down."))
    if str(by.person_id) in alarm.subject.party:
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
