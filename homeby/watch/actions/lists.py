"""Taking all the alarms of a list in one act. Opening the list takes nothing (promise P4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeby import instants
from homeby.comms import queries as comms
from homeby.comms.actions.tell import count_wrong_code, list_code_typed, settle_taken
from homeby.comms.queries import Listed
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.watch import queries, rules
from homeby.watch.actions.alarms import give, lapses_at, taking, tell_others
from homeby.watch.actions.stepping import about
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmState


@logbook.once
def acknowledge_list(*, token: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Take every alarm of a list that is still open, from a signed-in device: the person's own, or
    that of somebody who may take them. Refused where none is left."""
    listed = _list_of_alarms(token)
    if by.person_id is None:
        raise Refused(_("Log in, or type the code from your message."))
    own = by.person_id == listed.person_id
    with logbook.writing(now=now, by=by.person_id, bulk=True) as book:
        may = lambda alarm: own or queries.may_take(by, alarm)  # noqa: E731
        return _take_all(book, listed, by.person_id, may=may, tap=tap)


@logbook.once
def acknowledge_list_by_code(*, token: str, code: str, now: dt.datetime, tap: Tap) -> str:
    """Take every alarm of a list that is still open, by the code in it. Five wrong codes close that
    way; logging in stays open."""
    listed = _list_of_alarms(token)
    wrong: Refused | None = None
    with logbook.writing(now=now, by=listed.person_id, bulk=True) as book:
        typed = list_code_typed(token, code)
        if typed.tries_left <= 0:
            raise Refused(
                code=_("Too many wrong codes for this message. Log in to take the alarms, or call.")
            )
        if typed.right:
            return _take_all(book, listed, listed.person_id, may=lambda _alarm: True, tap=tap)
        page = book.entry(rules.CODE_REFUSED, subject=typed.about, person=typed.person_id)
        count_wrong_code(page, typed)
        wrong = Refused(code=_("That is not the code of this message. It has six digits."))
    raise wrong


def _list_of_alarms(token: str) -> Listed:
    listed = comms.list_by_token(token)
    if listed is None:
        raise Refused(_("This link belongs to no message. Open the newest message again."))
    if not listed.may_take:
        raise Refused(_("This message is for your information; there is nothing to take."))
    return listed


def _take_all(
    book: logbook.Book,
    listed: Listed,
    person_id: uuid.UUID,
    *,
    may: Callable[[Alarm], bool],
    tap: Tap,
) -> str:
    keys = {uuid.UUID(one.about.partition(":")[2]) for one in listed.items}
    rows = Alarm.objects.select_for_update(of=("self",)).filter(pk__in=keys, state=AlarmState.OPEN)
    found = list(rows.select_related("subject", "plan").order_by("pk"))
    mine = [one for one in found if str(person_id) not in one.subject.party and may(one)]
    if not mine:
        raise Refused(_("Nothing is left to take: these alarms are over, or about you."))
    taken = {alarm.pk: taking(book, alarm, person_id) for alarm in mine}
    halves = [alarm for alarm in mine if not taken[alarm.pk].is_taken]
    answer = _answer(book, len(mine), len(halves))
    page = book.entry(
        rules.ALARM_LIST_ACKNOWLEDGED,
        subject=f"list:{listed.id}",
        person=person_id,
        facts={"alarms": sorted(one.number for one in mine)},
        tap=tap,
        answer=answer,
    )
    new = [alarm for alarm in mine if person_id not in alarm.takers]
    for alarm in mine:
        give(book, alarm, taken[alarm.pk])
    party = {uuid.UUID(key) for alarm in mine for key in alarm.subject.party}
    refs = [about(alarm) for alarm in mine if taken[alarm.pk].is_taken]
    settle_taken(page, about=refs, person_id=person_id, keep_people=party)
    if halves:  # the others are still told of these
        refs = [about(alarm) for alarm in halves]
        others = comms.people_told(refs) - {person_id}
        settle_taken(page, about=refs, person_id=person_id, keep_people=others)
    for alarm in new:
        tell_others(page, alarm, taken[alarm.pk])
    return answer


def _answer(book: logbook.Book, count: int, half: int) -> str:
    zone = people.zone()
    answer = ngettext(
        "%(count)d alarm is yours until %(at)s. If you fall silent it comes back.",
        "%(count)d alarms are yours until %(at)s. If you fall silent they come back.",
        count,
    ) % {"count": count, "at": instants.wall(lapses_at(book.now), zone, book.now)}
    if half:
        answer += " " + ngettext(
            "A second person must take %(count)d of them too; until then the others are told.",
            "A second person must take %(count)d of them too; until then the others are told.",
            half,
        ) % {"count": half}
    return answer
