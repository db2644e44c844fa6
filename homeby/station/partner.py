"""`homeby partner`: pair with another station, and write to the partner stations once a minute. The
process that does so keeps the checkpoints of our own logbook, too."""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, close_old_connections, connection

from homeby import clock, instants, output
from homeby.keys import KeyProblem
from homeby.logbook.rules import Refused, new_tap
from homeby.missions import queries as missions
from homeby.people import queries as people
from homeby.people.rules import STATION
from homeby.settings import current
from homeby.station import lifeline, live, posting, start
from homeby.station.checkpoints import Keeper
from homeby.steady import so_far
from homeby.watch import queries as watch
from homeby.watch.actions.partners import ending, pairing
from homeby.watch.actions.partners.sending import Moment, Sender
from homeby.watch.queries import partners
from homeby.watch.queries.partners import PartnerSheet
from homeby.watch.rules import partners as rules

log = logging.getLogger("homeby.partner")
LOOK_SECONDS = 2.0
START_SECONDS = 60.0
_ONCE_AT_MOST = 15  # looks until what is written on PostgreSQL is settled

Say = Callable[[str], None]


def invite(*, say: Say) -> int:
    """Show a fresh pairing code; 1 with a sentence when there is none."""

    def act() -> str:
        code = pairing.invite(by=STATION, now=clock.now(), tap=new_tap("command"))
        minutes = int(rules.CODE_LASTS.total_seconds() // 60)
        return (
            f"{code}\n\nThis code lasts {minutes} minutes and serves one station. Hand it to a "
            "person you know there, not in public. There: homeby partner accept CODE"
        )

    return _said(act, say)


def accept(*, code: str, say: Say) -> int:
    """Become the partner of the station that made this code; 1 with a sentence when not."""
    tap = new_tap("command")
    return _said(lambda: pairing.accept(code=code, by=STATION, now=clock.now(), tap=tap), say)


def end(*, name: str, reason: str, say: Say) -> int:
    """End the partnership with the station of this name or id; 1 with a sentence when not."""

    def act() -> str:
        found = [one for one in partners.sheets(STATION) if name in (one.name, str(one.id))]
        if len(found) != 1:
            raise Refused(f"{len(found)} partner stations are called {name}: homeby partner list")
        tap = new_tap("command")
        return ending.end(
            partner_id=found[0].id, reason=reason, by=STATION, now=clock.now(), tap=tap
        )

    return _said(act, say)


def _said(act: Callable[[], str], say: Say) -> int:
    try:
        say(act())
    except (Refused, KeyProblem) as refused:
        say(str(refused))
        return 1
    return 0


def show(*, say: Say) -> int:
    """The partner stations, a few lines each; 1 while something is wrong with one of them."""
    found = partners.sheets(STATION)
    zone, now = people.zone(), clock.now()
    for one in found:
        for line in lines(one, zone=zone, now=now):
            say(line)
    if not found:
        say("There is no partner station. Make a code with: homeby partner invite")
    return 1 if any(one.troubles or silent(one, now=now) for one in found) else 0


def silent(one: PartnerSheet, *, now: dt.datetime) -> bool:
    """Whether it has not been heard for longer than five minutes."""
    return now - (so_far(one.heard_at, now) or one.paired_at) > rules.SILENT_AFTER


def lines(one: PartnerSheet, *, zone: str, now: dt.datetime) -> list[str]:
    """What is known of a partner station, in lines."""
    heard = "never" if one.heard_at is None else f"{_ago(one.heard_at, now)} ago"
    found = [f"{one.name} ({one.url}, key {one.fingerprint}): last heard {heard}"]
    found += [f"  It says that {rules.sentence(trouble)}." for trouble in one.troubles]
    if one.said is not None:
        due = one.said.next_act_at
        at = instants.wall(due, zone, now) if due else "none"
        point = one.said.point
        found.append(f"  {one.said.out} people out there; its next act: {at}")
        found.append(f"  Its checkpoint: {point.entries} {point.last} {point.digest}")
    answered = "never" if one.answered_at is None else f"{_ago(one.answered_at, now)} ago"
    return [*found, f"  It last answered us {answered} ({one.answer or 'nothing yet'})"]


def _ago(at: dt.datetime, now: dt.datetime) -> str:
    return instants.span(max(1.0, (now - at).total_seconds()))


def send(*, once: bool) -> None:
    """Write to the partner stations until told to stop, or orphaned. Raises CannotStart."""
    lifeline.hold_if_asked()
    output.catch_all()
    start.join(settings=current())
    stop = threading.Event()
    sender, here = Sender(), live.here()
    if once:
        for _look in range(_ONCE_AT_MOST):
            if sender.round(_moment(here)):
                return
            clock.wait(seconds=LOOK_SECONDS, stop=stop)
        return

    def leave(number: int, frame: object) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    posting.begin(stop)
    begun, keeper = Start(), Keeper()
    while not stop.is_set():
        try:
            if begun.is_over(seconds=clock.boot_seconds(), is_awake=_watch_is_awake()):
                sender.round(_moment(here))
        except (DatabaseError, KeyProblem):
            log.exception("the partner stations could not be written to; trying again")
            sender = Sender()
            connection.close()
        keeper = _kept_on(keeper)
        close_old_connections()
        clock.wait(seconds=LOOK_SECONDS, stop=stop)
    connection.close()


def _kept_on(keeper: Keeper) -> Keeper:
    """Keep the checkpoint that is due; whatever keeps us from it, the messages go on."""
    try:
        keeper.look(now=clock.now())
    except Exception:
        log.exception("no checkpoint of the logbook could be kept; trying again")
        connection.close()
        return Keeper()
    return keeper


@dataclass
class Start:
    """The first minute after a start, or after the machine slept: the watch has not looked yet, and
    a partner station is not rung for that. A watch that stays asleep is told of after it."""

    _began_seconds: float | None = None
    _last_seconds: float = 0.0

    def is_over(self, *, seconds: float, is_awake: bool) -> bool:
        """Whether partners may be written to; asked at each look. `seconds` count since boot."""
        if self._began_seconds is None or seconds - self._last_seconds > START_SECONDS:
            self._began_seconds = seconds
        self._last_seconds = seconds
        return is_awake or seconds - self._began_seconds > START_SECONDS


def _watch_is_awake() -> bool:
    return watch.is_fresh(watch.watch_age_seconds(real_now=clock.real_now()))


def _moment(here: str) -> Moment:
    return Moment(
        now=clock.now(),
        real_now=clock.real_now(),
        out=missions.status_figures(STATION)["people_out"],
        here=here,
    )
