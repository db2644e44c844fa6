"""What people hear of duties: each in her language, and nobody is named to anybody."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook.actions import Page
from homeby.people.texts import Words
from homeby.readiness.models import Duty
from homeby.readiness.rules.duty_planning import NotPicked, StoodDown
from homeby.watch.actions.notices import notify, notify_of_hours

Times = tuple[dt.datetime, dt.datetime]


def said_reason(reason: str) -> str:
    """Why somebody was not picked, or does not go, in a sentence for her."""
    sentences: dict[str, str] = {
        NotPicked.SEATS_FULL: _("All seats are taken."),
        NotPicked.TURN_OF_OTHERS: _("It is the turn of others."),
        NotPicked.NOT_NEEDED: _("Nobody with this role is needed this time."),
        NotPicked.TOO_HARD: _("It asks for more experience."),
        StoodDown.TOO_EASY: _("Fewer people are enough for it."),
        StoodDown.NOT_BEFORE: _("It is too early for you to go again."),
        StoodDown.LAPSED: _("A qualification that it needs has lapsed."),
        StoodDown.OWN_WISH: _("As you wished."),
    }
    return sentences.get(reason, _("Ask whoever plans it for the reason."))


def time_said(duty: Duty, times: Times, now: dt.datetime) -> str:
    """From when to when, as the house says times."""
    begins, ends = (instants.wall(one, duty.zone, now) for one in times)
    return _("%(from)s to %(to)s") % {"from": begins, "to": ends}


#: What changes her hours, or needs somebody now; it goes to her whoever says it.
_OF_HOURS = ("moved", "off", "stood-down", "handed-over")


def _tell(
    page: Page, duty: Duty, to: Iterable[uuid.UUID], words: Callable[[str, str], Words], tail: str
) -> None:
    times = (duty.starts_at, duty.ends_at)

    def said() -> Words:
        return words(duty.what, time_said(duty, times, page.book.now))

    key = f"duty:{page.entry.entry_id}/{duty.pk}/{tail}"
    if tail in _OF_HOURS:
        notify_of_hours(page, to, said, key=key, about=duty.ref)
    else:
        notify(page, to, said, key=key, about=duty.ref, in_danger=False)


def tell_asked(page: Page, duty: Duty, to: Iterable[uuid.UUID]) -> None:
    """They are asked whether they come; who blocked whoever asks reads it under My duties only."""
    _tell(
        page,
        duty,
        to,
        lambda what, when: (
            _("Can you come? %s") % what,
            _("%(what)s, %(when)s. Say yes or no under My duties.") % {"what": what, "when": when},
        ),
        "asked",
    )


def tell_moved(page: Page, duty: Duty, to: Iterable[uuid.UUID], *, before: Times, why: str) -> None:
    """The time is another one; an answer to the old one no longer holds."""

    def words(what: str, when: str) -> Words:
        said = {"when": when, "before": time_said(duty, before, page.book.now), "why": why}
        text = _(
            "It is now %(when)s; before it was %(before)s. Say under My duties whether you come. "
            "%(why)s"
        )
        return _("New time: %s") % what, (text % said).strip()

    _tell(page, duty, to, words, "moved")


def tell_off(page: Page, duty: Duty, to: Iterable[uuid.UUID], *, why: str) -> None:
    """It does not take place."""
    _tell(
        page,
        duty,
        to,
        lambda what, when: (
            _("Called off: %s") % what,
            _("%(when)s: it does not take place. %(why)s") % {"when": when, "why": why},
        ),
        "off",
    )


def tell_on(page: Page, duty: Duty, to: Iterable[uuid.UUID]) -> None:
    """They go."""
    _tell(
        page,
        duty,
        to,
        lambda what, when: (_("You are on: %s") % what, _("%s. Say here if you cannot.") % when),
        "on",
    )


def tell_not_picked(page: Page, duty: Duty, to: Iterable[uuid.UUID], *, reason: str) -> None:
    """Others go this time, and why."""
    _tell(
        page,
        duty,
        to,
        lambda what, when: (
            _("Others go this time: %s") % what,
            _("You could have come %(when)s; thank you. %(why)s")
            % {"when": when, "why": said_reason(reason)},
        ),
        "others",
    )


def tell_stood_down(page: Page, duty: Duty, to: Iterable[uuid.UUID], *, reason: str) -> None:
    """She need not come."""
    _tell(
        page,
        duty,
        to,
        lambda what, when: (
            _("You need not come: %s") % what,
            f"{when}. {said_reason(reason)}",
        ),
        "stood-down",
    )


def tell_planner(page: Page, duty: Duty) -> None:
    """Whoever plans it hears that a seat is free again, or that somebody else comes; never who."""
    if duty.planned_by_id is None or duty.planned_by_id == page.book.by:
        return
    _tell(
        page,
        duty,
        [duty.planned_by_id],
        lambda what, when: (
            _("Look at who comes: %s") % what,
            _("%s: somebody who was on it cannot come, or has passed it on.") % when,
        ),
        "planner",
    )


def tell_offered(
    page: Page, duty: Duty, to: uuid.UUID, *, by_name: str, is_hand_over: bool
) -> None:
    """Somebody offers her duty, or hands it over: that a shift passes on arrives from whoever."""

    def words(what: str, when: str) -> Words:
        said = {"who": by_name, "what": what, "when": when}
        if is_hand_over:
            return (
                _("Hand-over: %s") % what,
                _("%(who)s hands over to you. Read the note under My duties and take over.") % said,
            )
        text = _("%(who)s asks whether you take %(what)s, %(when)s. Answer under My duties.")
        return _("Would you take it? %s") % what, text % said

    _tell(page, duty, [to], words, "handed-over" if is_hand_over else "offered")


def tell_settled(page: Page, duty: Duty, to: uuid.UUID, *, is_taken: bool) -> None:
    """What became of an offer."""

    def words(what: str, when: str) -> Words:
        if is_taken:
            return _("It was taken: %s") % what, _("%s: you need do nothing more.") % when
        return _("It was not taken: %s") % what, _("%s: you are still on it.") % when

    _tell(page, duty, [to], words, "settled")
