"""The words of the watch: phases, targets, kinds and states. Pure."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from homeby.steady import SKEW as SKEW


class Phase(StrEnum):
    """How worried we are (ICAO Annex 12)."""

    UNCERTAINTY = "UNCERTAINTY"  # overdue
    ALERT = "ALERT"  # the call-out time has passed
    DISTRESS = "DISTRESS"  # SOS, HELP, or a person says so


class Anchor(StrEnum):
    """What a step's offset counts from."""

    DUE = "DUE"
    CALL_OUT = "CALL_OUT"


class Target(StrEnum):
    """Whom a step tells; resolved when the step runs, never before."""

    PARTY = "PARTY"
    LEADER = "LEADER"
    DUTY_OFFICER = "DUTY_OFFICER"
    DEPUTY = "DEPUTY"
    TEAM_LEADERS = "TEAM_LEADERS"
    EVERY_LEADER = "EVERY_LEADER"
    KIN = "KIN"
    NAMED = "NAMED"
    RESPONSIBLE = "RESPONSIBLE"  # whom the subject itself names, by role or one by one


class DeadlineKind(StrEnum):
    """What we wait to hear."""

    RETURN = "RETURN"
    CHECK_IN = "CHECK_IN"
    CANARY = "CANARY"  # the station's own party, which is overdue every ten minutes
    PARTNER = "PARTNER"  # the next minute message of a partner station
    EXERCISE = "EXERCISE"  # the party of a drill
    TEST = "TEST"  # when the weekly tests are looked through next
    KIN = "KIN"  # the next word that was promised to kin
    DUTY = "DUTY"  # an act that somebody must have done by then: a shift begins
    CARE = "CARE"  # the same, gently: somebody is to look after a person


class DeadlineState(StrEnum):
    """OPEN deadlines have an `act_at`; the others never act again."""

    OPEN = "OPEN"
    MET = "MET"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


class AlarmKind(StrEnum):
    """Why an alarm was opened."""

    OVERDUE = "OVERDUE"
    MISSED_CHECK_IN = "MISSED_CHECK_IN"
    HELP = "HELP"
    NOT_JUDGED = "NOT_JUDGED"
    CANARY = "CANARY"  # proves the way from a deadline to a channel; about nobody
    PARTNER = "PARTNER"  # a partner station is silent, or contradicts itself
    EXERCISE = "EXERCISE"  # a drill: real steps, people and channels; about nobody
    TEST = "TEST"  # the weekly test of one duty phone; about nobody
    DURESS = "DURESS"  # somebody acted with their duress PIN; silent
    DUTY = "DUTY"  # an act was not done by its hour; nobody is missing
    CARE = "CARE"  # the same, gently: it never rises by itself, and no siren sounds


class AlarmState(StrEnum):
    """An open alarm always has a next act; only people end it."""

    OPEN = "OPEN"
    ENDED = "ENDED"


class Ending(StrEnum):
    """The ways an alarm ends, all by a human; the canary's own, and that of exercises."""

    SIGNED_IN = "SIGNED_IN"
    STOOD_DOWN = "STOOD_DOWN"
    DONE = "DONE"  # the act that was waited for was done
    CANARY = "CANARY"  # by the station key; the database allows it for the canary's alarms alone
    EXERCISE = "EXERCISE"  # by the station key, too: a drill's time is over, a test was taken


#: The alarms that people get and that are about nobody: marked, counted nowhere, after all others.
EXERCISES = frozenset({AlarmKind.EXERCISE, AlarmKind.TEST})
#: What is the station's own, and about nobody: on no board, in no figure.
OWN_ALARMS = EXERCISES | {AlarmKind.CANARY}
OWN_DEADLINES = frozenset({DeadlineKind.CANARY, DeadlineKind.EXERCISE, DeadlineKind.TEST})
#: What falls due without anybody being missed: that, and an hour that was promised to kin.
MISS_NOBODY = OWN_DEADLINES | {DeadlineKind.KIN}

#: Alarms about an act that was not done, and the deadlines behind them: their names agree.
OF_ACTS = frozenset({AlarmKind.DUTY, AlarmKind.CARE})
#: What falls due about somebody who is out.
OF_PARTIES = frozenset({DeadlineKind.RETURN, DeadlineKind.CHECK_IN})

#: What is judged in a pause of the watch too: a pause is of our own parties, not of a neighbour's,
#: nor of an hour that was promised to kin.
NEVER_PAUSED = frozenset({DeadlineKind.CANARY, DeadlineKind.PARTNER, DeadlineKind.KIN})


HOLD_MINUTES = 20  # how long "heard" holds the next step
HOLDER_WAIT_MINUTES = 5  # how long a lapsed holder has before the steps go on
REPEAT_FACTOR = 1.5  # the last step repeats, slower each time
PROMPTLY = dt.timedelta(seconds=5)  # handed within this counts as handed when the step ran
#: No watchkeeper sleeps longer, in the station's time: a second, at the fastest pace of a clock.
NEAR = dt.timedelta(minutes=10)
STEPS_MAX = 50
EXPIRY_MINUTES_MIN, EXPIRY_MINUTES_MAX = 5, 120
