"""What a station does by itself every hour, beside the watch: it asks for kit that is due, makes up
positions of missions that are back, keeps who could have gone on those that are planned, warns of
what ends soon, says once more what was not read, clears injuries by their set time, carries out
changes of team, gives callsigns of a season to whoever has come home, offers support after hard
missions, opens the checks of missed duties, asks for follow-ups, looks through kin for whoever is
kept away, asks for sealed debriefs that nobody opened and for keys that are to be tried, looks for
who is left out where that is switched on, counts the looks for the logbook, reads outside
calendars, takes sessions away whose time is over, and once a day erases what is no longer kept.

It is a process of its own that comes and goes, and stays while a change of team or the start of a
duty is due within the hour: these count in their minute. Whatever goes wrong in it delays no alarm,
is said in its lines, and is tried again an hour later. A copy does nothing of it.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import threading

from homeby import clock, output
from homeby.logbook.queries import is_quarantined
from homeby.missions.actions import callsigns, key_trials, sealing
from homeby.people.actions import apart
from homeby.people.actions.ways_in import forget_ended
from homeby.readiness.actions import (
    currency,
    injury_times,
    kit_reminding,
    mission_decisions,
    own_times,
    support,
    team_changes,
    unread,
)
from homeby.readiness.queries.team_changes import waiting as team_changes_waiting
from homeby.retention import daily
from homeby.station import checkpoints, lifeline, searching
from homeby.welfare.actions import check_starts, follow_ups
from homeby.welfare.queries.checks import checks_near

log = logging.getLogger("homeby.hourly")

#: Whoever keeps the watch goes first: on SQLite one writes at a time.
REST_SECONDS = 0.2
_GENTLE = 10
#: Between two looks for a change of team that is due, and how long after the begin of a round
#: there are any: the supervisor ends it after an hour.
LOOK_SECONDS = 15.0
STAY_SECONDS = 57 * 60.0


def run() -> int:
    """What the supervisor starts every hour, behind everybody else. It may be ended at any instant;
    1 when something stood in its way."""
    if os.environ.get(lifeline.VARIABLE):
        lifeline.hold_if_asked()
        output.catch_all()
        os.nice(_GENTLE)
    ends = clock.boot_seconds() + STAY_SECONDS
    well = go_round(now=clock.now())
    see_to_changes(stop=threading.Event(), ends=ends)
    return 0 if well else 1


def see_to_changes(*, stop: threading.Event, ends: float) -> None:
    """Stay while a change of team or a start is due within the hour, and see to it then: whoever
    leaves a team is not seen by it for the rest of the hour. The next round takes over from here;
    `ends` is by the seconds since the machine started. What fails is tried again at the next look.
    """
    if is_quarantined():
        return
    while clock.boot_seconds() < ends and _is_change_near(now=clock.now()):
        if clock.wait(seconds=LOOK_SECONDS, stop=stop):
            return
        _change_teams(now=clock.now())
        _care(now=clock.now())


def _is_change_near(*, now: dt.datetime) -> bool:
    try:
        return team_changes_waiting(now=now) or checks_near(now=now)
    except Exception:
        log.exception("what is due within the hour could not be read; it is tried again soon")
        return True


def go_round(*, now: dt.datetime) -> bool:
    """Do what is due, each for itself; says whether all of it went well."""
    if is_quarantined():
        return True
    well = [
        _keep_decided(now=now),
        _remind(now=now),
        _say_again(now=now),
        _clear(now=now),
        _call_anew(now=now),
        _make_up(now=now),
        _change_teams(now=now),
        _offer_support(now=now),
        _care(now=now),
        _look_through(now=now),
        _look_for_left_out(now=now),
        _count_looks(now=now),
        _forget_sessions(),
        _read(now=now),
    ]
    return daily.apply_if_due(now=now, rest=_rest) and all(well)


def _remind(*, now: dt.datetime) -> bool:
    try:
        count = kit_reminding.remind(now=now)
    except Exception:
        log.exception("kit could not be asked for; it is tried again in an hour")
        return False
    if count:
        log.info("kit was asked for: %(count)d", {"count": count})
    return True


def _say_again(*, now: dt.datetime) -> bool:
    count = unread.remind(now=now)
    if count:
        log.info("what nobody had read was said once more: %(count)d", {"count": count})
    return True


def _clear(*, now: dt.datetime) -> bool:
    count = injury_times.clear_due(now=now)
    if count:
        log.info("injuries were cleared by a set time: %(count)d", {"count": count})
    return True


def _change_teams(*, now: dt.datetime) -> bool:
    try:
        count = team_changes.carry_out_due(now=now)
    except Exception:
        log.exception("a change of team could not be carried out; it is tried again")
        return False
    if count:
        log.info("changes of team were carried out: %(count)d", {"count": count})
    return True


def _call_anew(*, now: dt.datetime) -> bool:
    try:
        count = callsigns.give_due(now=now)
    except Exception:
        log.exception("callsigns could not be given; it is tried again in an hour")
        return False
    if count:
        log.info("callsigns of the season were given: %(count)d", {"count": count})
    return True


def _offer_support(*, now: dt.datetime) -> bool:
    try:
        count = support.offer_due(now=now)
    except Exception:
        log.exception("support could not be offered; it is tried again in an hour")
        return False
    if count:
        log.info("support was offered after hard missions: %(count)d", {"count": count})
    return True


def _care(*, now: dt.datetime) -> bool:
    try:
        check_starts.settle_officers(now=now)
        count = check_starts.open_missed(now=now)
        follow_ups.ask_due(now=now)
        sealing.ask_unopened(now=now)
        key_trials.ask_trials(now=now)
    except Exception:
        log.exception("checks and follow-ups could not be seen to; it is tried again in an hour")
        return False
    if count:  # whom else this asks for is nobody's business
        log.info("checks opened: %(count)d", {"count": count})
    return True


def _make_up(*, now: dt.datetime) -> bool:
    """What was done on missions counts first, so that nobody is warned of what it has put off."""
    try:
        count, told = currency.count_done(now=now), currency.warn(now=now)
    except Exception:
        log.exception("qualifications could not be made up; it is tried again in an hour")
        return False
    if count or told:
        log.info("positions counted: %(count)d, warned: %(told)d", {"count": count, "told": told})
    return True


def _keep_decided(*, now: dt.datetime) -> bool:
    """What was known when a party was named, while it is known."""
    try:
        count = mission_decisions.keep_decided(now=now, rest=_rest)
    except Exception:
        log.exception("what a plan saw could not be kept; it is tried again in an hour")
        return False
    if count:
        log.info("parties of missions were kept: %(count)d", {"count": count})
    return True


def _look_through(*, now: dt.datetime) -> bool:
    try:
        count = apart.look_through(now=now)
    except Exception:
        log.exception("kin could not be looked through; it is tried again in an hour")
        return False
    if count:
        log.info("kin were looked through: %(count)d", {"count": count})
    return True


def _look_for_left_out(*, now: dt.datetime) -> bool:
    """Nobody outside learns from these lines that anything was found."""
    try:
        looked = searching.go_round(now=now, rest=_rest)
    except Exception:
        log.exception("who is left out could not be looked for; it is tried again in an hour")
        return False
    if looked.decisions:
        log.info("decisions were looked at: %(count)d", {"count": looked.decisions})
    return True


def _count_looks(*, now: dt.datetime) -> bool:
    try:
        count = checkpoints.count_looks(now=now)
    except Exception:
        log.exception("looks could not be counted; it is tried again in an hour")
        return False
    if count:
        log.info("looks were counted: %(count)d", {"count": count})
    return True


def _read(*, now: dt.datetime) -> bool:
    try:
        count = own_times.read_feeds(now=now)
    except Exception:
        log.exception("outside calendars could not be read; it is tried again in an hour")
        return False
    if count:
        log.info("outside calendars were read: %(count)d", {"count": count})
    return True


def _forget_sessions() -> bool:
    try:
        forget_ended(real_now=clock.real_now())
    except Exception:
        log.exception("ended sessions could not be taken away; it is tried again in an hour")
        return False
    return True


def _rest() -> None:
    clock.wait(seconds=REST_SECONDS, stop=threading.Event())
