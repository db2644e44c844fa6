"""Pausing the whole watch, and letting it go on.

One person asks, with a reason and an end; a second one agrees, signed in as herself. Or one asks
with a day's notice, of which everybody hears at once. It ends by itself, and any one of those who
keep the watch ends it sooner. All who are out, and all who keep the watch, hear of each of it.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.db import IntegrityError
from django.utils.translation import gettext as _

from homeby import settings
from homeby.database import trouble
from homeby.database.asked import Asked
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Role, Viewer
from homeby.people.texts import Words
from homeby.watch import pause_texts, queries, rules, texts
from homeby.watch.actions.notices import concerned, keepers, notify_naming
from homeby.watch.models import Pause
from homeby.watch.queries import pauses
from homeby.watch.rules import PauseState, Turn

log = logging.getLogger("homeby.watch")
ABOUT = "pause"
#: The words of a pause for a reader, who calls people so.
Naming = Callable[[Mapping[uuid.UUID, str]], Words]
#: Whoever may ask for a pause, agree to one, or end it.
MAY_PAUSE = (Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A pause as it is asked for: why, until when, whether by one with a day's notice."""

    reason: str
    until_at: dt.datetime
    with_notice: bool = False


def _may(by: Viewer, *, now: dt.datetime) -> uuid.UUID:
    if by.person_id is None:
        raise Refused(_("Log in first: a pause needs two people, each with their own account."))
    if not by.has(*MAY_PAUSE) and not queries.holds_watch(by, now=now):
        raise Refused(_("Only a duty officer, a leader or an administrator does this."))
    return by.person_id


def _no_alarm_is_open(*, now: dt.datetime) -> None:
    alarm = pauses.first_open_alarm()
    if alarm is not None:
        raise Refused(
            _("%s is open. See it through first: the watch is not paused over an open alarm.")
            % texts.alarm_name(alarm)
        )
    overdue = pauses.first_overdue(now=now)
    if overdue is not None:
        raise Refused(
            _("%s is overdue, and the alarm is about to open: the watch is not paused over it.")
            % overdue.subject.title
        )


@logbook.once
def ask_pause(*, wish: Wish, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Ask to pause the watch; the pause's id is the tap's. With a day's notice everybody who is out
    hears of it now; without, those who may agree do, and nothing changes before one has."""
    asker = _may(by, now=now)
    problems = rules.problems_with_pause(
        reason=wish.reason,
        until_at=wish.until_at,
        with_notice=wish.with_notice,
        hours_max=settings.current().pause_hours_max,
        now=now,
    )
    if problems:
        raise Refused(**problems)
    if pauses.open_pauses():
        raise Refused(_("A pause is asked for or under way already. End that one first."))
    if not wish.with_notice:
        _no_alarm_is_open(now=now)
    answer = (
        _("Announced. Everybody who is out was told; the watch pauses in 24 hours.")
        if wish.with_notice
        else _("Asked. The watch goes on until a second person agrees.")
    )
    pause = Pause(
        id=tap.entry_id,
        state=PauseState.NOTICE if wish.with_notice else PauseState.ASKED,
        reason=wish.reason.strip(),
        asked_by_id=asker,
        asked_at=now,
        with_notice=wish.with_notice,
        from_at=rules.begins_at(with_notice=wish.with_notice, now=now),
        until_at=wish.until_at,
    )
    try:
        with logbook.writing(now=now, by=asker, bulk=True) as book:
            page = book.entry(
                rules.PAUSE_ASKED, subject=ABOUT, person=asker, tap=tap, answer=answer
            )
            page.state(reason=pause.reason, until_at=pause.until_at, notice=wish.with_notice)
            page.add(pause)
            if wish.with_notice:
                _tell_all(page, pause, partial(pause_texts.announced, pause, now=now))
            else:
                to = [key for key in keepers(now=now) if key != asker]
                _tell(page, pause, to, partial(pause_texts.asked, pause, now=now))
    except IntegrityError as error:  # somebody else asked in the same instant
        raise Refused(_("A pause is asked for or under way already.")) from error
    return answer


@logbook.once
def agree(*, pause_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """The second person's yes: the watch is paused from now on. Refused to whoever asked, while an
    alarm is open, and where the end has come."""
    second = _may(by, now=now)
    with logbook.writing(now=now, by=second, bulk=True) as book:
        pause = _open(pause_id)
        if pause.asked_by_id == second:
            raise Refused(_("You asked for it yourself: a second person must agree."))
        if pause.state == PauseState.PAUSED:
            raise Refused(_("The watch is paused already."))
        if now >= pause.until_at:
            raise Refused(_("Its end has come; ask anew."))
        if pause.with_notice:
            raise Refused(_("Everybody was told when it begins; it begins then, and not before."))
        _no_alarm_is_open(now=now)
        answer = _("The watch is paused. Any duty officer can end it at once.")
        page = book.entry(rules.PAUSE_AGREED, subject=ABOUT, person=second, tap=tap, answer=answer)
        page.change(pause, state=PauseState.PAUSED, agreed_by_id=second, from_at=now)
        _tell_all(page, pause, partial(pause_texts.began, pause, now=now))
    return answer


@logbook.once
def end_pause(*, pause_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """End a pause at once, or take back one that has not begun; one person is enough."""
    person = _may(by, now=now)
    with logbook.writing(now=now, by=person, bulk=True) as book:
        pause = _open(pause_id)
        answer = (
            _("The watch goes on. Whoever is overdue is missed now.")
            if pause.state == PauseState.PAUSED
            else _("Called off. Nothing changes.")
        )
        page = book.entry(rules.PAUSE_ENDED, subject=ABOUT, person=person, tap=tap, answer=answer)
        _end(page, pause, by=person)
    return answer


def _open(pause_id: uuid.UUID) -> Pause:
    pause = Pause.objects.select_for_update().filter(pk=pause_id).first()
    if pause is None:
        raise Refused(_("There is no such pause."))
    if pause.state == PauseState.OVER:
        raise Refused(_("This pause is over already."))
    return pause


def _end(page: Page, pause: Pause, *, by: uuid.UUID | None) -> None:
    now, was = page.book.now, pause.state
    page.change(pause, state=PauseState.OVER, ended_at=now, ended_by_id=by)
    page.state(began=was == PauseState.PAUSED)
    if was == PauseState.PAUSED:
        _tell_all(page, pause, partial(pause_texts.ended, pause, now=now))
    elif was == PauseState.NOTICE:
        _tell_all(page, pause, partial(pause_texts.withdrawn, pause, now=now))
    else:
        _tell(page, pause, keepers(now=now), partial(pause_texts.withdrawn, pause, now=now))


def _tell_all(page: Page, pause: Pause, words: Naming) -> None:
    """Everybody who is out, with their leaders and buddies, and all who keep the watch."""
    everybody = [*concerned(pauses.watched()), *keepers(now=page.book.now)]
    _tell(page, pause, everybody, words)


def _tell(page: Page, pause: Pause, to: list[uuid.UUID], words: Naming) -> None:
    key = f"pause:{pause.pk}/{page.entry.kind}"
    naming = (pause.asked_by_id, pause.agreed_by_id, pause.ended_by_id)
    page.state(told=notify_naming(page, to, words, naming=naming, key=key, about=ABOUT))


# --- by the clock --------------------------------------------------------------------------------


_ANY_PAUSE = Asked(
    lambda: Pause.objects.exclude(state=PauseState.OVER).order_by().values_list("pk")[:1]
)


def follow(*, now: dt.datetime) -> bool:
    """Let pauses begin and end by the clock, and say whether the watch is paused. What goes wrong
    with a pause never keeps it going: then the watch watches. Raises trouble of the database."""
    if not _ANY_PAUSE.any():
        return False
    try:
        found = pauses.open_pauses()
        for row in found:
            _turn(row, now=now)
        return pauses.paused_until(now=now) is not None if found else False
    except Exception as error:
        if trouble.is_of_all_rows(error=error):
            raise
        log.exception("a pause could not be followed; the watch goes on")
        return False


def _turn(row: Pause, *, now: dt.datetime) -> None:
    wanted = _wanted(row, now)
    if wanted is None:
        return
    with logbook.writing(now=now, by=None, device="watchkeeper", bulk=True) as book:
        pause = Pause.objects.select_for_update().get(pk=row.pk)
        if pause.state == PauseState.OVER or _wanted(pause, now) is not wanted:
            return  # another watchkeeper was quicker, or a person
        kind = rules.PAUSE_BEGAN if wanted is Turn.BEGIN else rules.PAUSE_ENDED
        page = book.entry(kind, subject=ABOUT)
        if wanted is Turn.BEGIN:
            page.change(pause, state=PauseState.PAUSED, from_at=now)
            _tell_all(page, pause, partial(pause_texts.began, pause, now=now))
        else:
            _end(page, pause, by=None)


def _wanted(pause: Pause, now: dt.datetime) -> Turn | None:
    is_announced = pause.state == PauseState.NOTICE and now >= pause.from_at
    is_missed = is_announced and (pauses.first_open_alarm() or pauses.first_overdue(now=now))
    return rules.turn_of(pauses.facts_of(pause), is_alarm_open=bool(is_missed), now=now)
