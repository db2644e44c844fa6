"""The weekly test of each duty phone: an alarm about nobody, to one person of the watch bill, which
she must take as she takes every other.

One deadline of the station stands for all of them: when it is due, whoever is due by her own hour
is sent a test, and the next look is written down, all in one commit. So nothing hangs on a timer,
and who was asked when survives every restart.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import partial

from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms.actions.tell import tell
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book
from homeby.logbook.queries import visible_checkpoints
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import STATION, Recipient, Role, Viewer
from homeby.people.texts import each_hears
from homeby.watch import rules, texts
from homeby.watch.actions import exercises, own_deadlines
from homeby.watch.actions.opening import new_alarm
from homeby.watch.actions.stepping import alarm_order
from homeby.watch.models import Alarm, Deadline, DutyPhone, Subject
from homeby.watch.queries import exercises as tested
from homeby.watch.rules import AlarmKind, AlarmState, DeadlineKind

PLAN_NAME = "Weekly test of duty phones"
MOST = 50  # tests in one look


def set_out(*, now: dt.datetime) -> bool:
    """Let the watch look through the weekly tests from now on. Says whether it did not before."""
    return own_deadlines.set_out(
        DeadlineKind.TEST,
        entry=rules.TESTS_PLANNED,
        ref=rules.TESTS_REF,
        plan_name=PLAN_NAME,
        title=PLAN_NAME,
        now=now,
    )


def fall_due(book: Book, deadline: Deadline) -> bool:
    """Look through the watch bill: send the tests that are due, note whoever is new, write down
    when to look again. Says whether a test was sent."""
    now = book.now
    page = book.entry(rules.TESTS_PLANNED, subject=rules.TESTS_REF)
    phones = _phones(page)
    zone = people.zone()
    due_at = {
        phone.person_id: rules.test_due_at(tested.phone_facts(phone), zone=zone, now=now)
        for phone in phones
    }
    put_off, is_on = _put_off(book), settings.current().weekly_tests
    may = is_on and not put_off
    due = [phone for phone in phones if may and due_at[phone.person_id] <= now]
    sent = _send(book, deadline, due[:MOST])
    next_at = rules.next_test_look(due_at.values(), now=now)
    if is_on and put_off:
        next_at = now + rules.PUT_OFF
    if len(due) > MOST:
        next_at = now + dt.timedelta(minutes=1)
    page.change(deadline, due_at=next_at, call_out_at=next_at, act_at=next_at)
    return bool(sent)


def _phones(page: logbook.Page) -> list[DutyPhone]:
    """A row for each person on the watch bill, those new to it included."""
    now = page.book.now
    on_bill = rules.on_the_bill(tested.bill_ahead(now=now), now=now)
    known = {row.person_id: row for row in DutyPhone.objects.filter(person_id__in=on_bill)}
    for key in on_bill:
        if key not in known:
            known[key] = DutyPhone(id=uuid.uuid4(), person_id=key, since_at=now)
            page.add(known[key])
    return sorted(known.values(), key=lambda row: str(row.person_id))


def _put_off(book: Book) -> bool:
    """No test is sent while an alarm in earnest is open, or while a drill is on."""
    if book.scratch("in earnest", exercises.in_earnest):
        return True
    on = Alarm.objects.filter(kind=AlarmKind.EXERCISE, state=AlarmState.OPEN)
    return on.exists()


def _send(book: Book, deadline: Deadline, phones: Sequence[DutyPhone]) -> int:
    """Send a test to each who has a verified contact point and no test open. The others stay what
    they are, unproven in the end."""
    refs = {phone.person_id: f"{rules.EXERCISE_REF}test:{phone.person_id}" for phone in phones}
    subjects = {row.ref: row for row in Subject.objects.filter(ref__in=refs.values())}
    still = Alarm.objects.filter(subject__ref__in=refs.values(), state=AlarmState.OPEN)
    open_ones = set(still.values_list("subject__ref", flat=True))
    reached = people.recipients(refs)
    sent = 0
    for phone in phones:
        one, ref = reached.get(phone.person_id), refs[phone.person_id]
        if one is None or ref in open_ones or not one.reaches_ever(in_danger=True):
            continue
        _send_one(book, deadline, phone, one, subjects.get(ref))
        sent += 1
    return sent


def _send_one(
    book: Book, deadline: Deadline, phone: DutyPhone, one: Recipient, subject: Subject | None
) -> None:
    page = book.entry(
        rules.TEST_SENT,
        subject=f"{rules.EXERCISE_REF}test:{phone.person_id}",
        person=phone.person_id,
    )
    if subject is None:
        subject = Subject(
            id=uuid.uuid4(), ref=page.entry.subject, title=_("Weekly test"), zone=_zone()
        )
        page.add(subject)
    alarm = new_alarm(book, deadline, AlarmKind.TEST)
    alarm.subject, alarm.round = subject, 1
    alarm.due_at = alarm.call_out_at = book.now
    alarm.act_at = book.now + rules.REMIND_AFTER
    page.add(alarm)
    page.change(phone, asked_at=book.now)
    _tell(page, alarm, one, again=False)


def _zone() -> str:
    return people.zone()


def _tell(page: logbook.Page, alarm: Alarm, one: Recipient, *, again: bool) -> None:
    kept = visible_checkpoints(STATION).order_by("-size").values_list("note", flat=True).first()
    checkpoint = " ".join((kept or "").split()[:3])  # its lines; a signature is too long for an SMS
    words = each_hears(partial(texts.weekly_test, alarm, again=again, checkpoint=checkpoint))
    order = alarm_order(alarm, one, words(one), round_=2 if again else 1, may_take=True)
    tell(page, [order], now=page.book.now)


def judge(book: Book, alarm: Alarm) -> bool:
    """Look at an open test: it ends when it was taken, when its time is over, and when something in
    earnest is open; within it, it is repeated once. Says whether somebody was told."""
    now = book.now
    yields = exercises.yields(book, began_at=alarm.opened_at)
    is_over = not alarm.opened_at <= now + rules.SKEW or now >= alarm.opened_at + rules.TEST_LASTS
    if alarm.holder_id is not None or yields or is_over:
        if exercises.may_end(book):
            _end(book, alarm, put_off=yields and alarm.holder_id is None)
        return False
    if alarm.act_at is None or alarm.act_at > now:
        return False
    person_id = person_tested(alarm)
    page = book.entry(rules.TEST_SENT, subject=alarm.subject.ref, person=person_id)
    one = people.recipients([person_id]).get(person_id)
    if one is not None:
        _tell(page, alarm, one, again=True)
    page.change(alarm, round=2, act_at=alarm.opened_at + rules.TEST_LASTS)
    return one is not None


def person_tested(alarm: Alarm) -> uuid.UUID:
    """Whose duty phone a test is for."""
    return uuid.UUID(alarm.subject.ref.rpartition(":")[2])


def _end(book: Book, alarm: Alarm, *, put_off: bool) -> None:
    taken = alarm.holder_id is not None
    why = _("Taken: this phone works.") if taken else _("Not taken.")
    if put_off:
        why = _("Put off: an alarm in earnest is open.")
    person_id = person_tested(alarm)
    facts = {"alarm": alarm.number, "taken": taken, "put_off": put_off}
    page = book.entry(rules.TEST_ENDED, subject=alarm.subject.ref, person=person_id, facts=facts)
    exercises.end(page, alarm, why=why)
    phone = DutyPhone.objects.select_for_update().filter(person_id=person_id).first()
    if put_off and phone is not None:
        page.change(phone, asked_at=None)  # she is asked again as soon as it is over


@logbook.once
def set_hour(
    *, person_id: uuid.UUID, hour: int | None, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Choose the local hour of one's weekly test, None for office hours; for others only by an
    administrator or a duty officer."""
    if by.person_id != person_id and not by.has(Role.ADMINISTRATOR, Role.DUTY_OFFICER):
        raise Refused(_("Only she herself, a duty officer or an administrator chooses the hour."))
    if problem := rules.problem_with_hour(hour):
        raise Refused(hour=problem)
    answer = _("The hour of the weekly test is set.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.TEST_HOUR_SET,
            subject=f"person:{person_id}",
            person=person_id,
            facts={"hour": hour},
            tap=tap,
            answer=answer,
        )
        phone = DutyPhone.objects.select_for_update().filter(person_id=person_id).first()
        if phone is None:
            page.add(DutyPhone(id=uuid.uuid4(), person_id=person_id, since_at=now, hour=hour))
        else:
            page.change(phone, hour=hour)
    return answer
