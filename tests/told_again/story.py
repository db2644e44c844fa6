"""What happens in the story, week by week: as data, so that a test and a page of the demonstration
tell the same. Weeks before 1 are ordinary ones; from then on she is left out, step by step."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

ZONE = "Asia/Tokyo"
#: A Monday, at midnight in the village.
BEGIN = dt.datetime(2024, 1, 7, 15, 0, tzinfo=dt.UTC)
WEEK, DAY, HOUR = dt.timedelta(weeks=1), dt.timedelta(days=1), dt.timedelta(hours=1)
ORDINARY = 16
MISSED = 21
LAST = 25
HER = "sakura"
LEADER = "kakashi"
MATES = ("naruto", "sasuke")
OFFICER = "iruka"
HEAD = "tsunade"
OFFICE = "shizune"

#: log-in, name, callsign
PEOPLE = (
    ("tsunade", "Tsunade Senju", "Head"),
    ("shizune", "Shizune Kato", "Needle"),
    ("iruka", "Iruka Umino", "Chalk"),
    ("kakashi", "Kakashi Hatake", "Hound"),
    ("sakura", "Sakura Haruno", "Fox"),
    ("naruto", "Naruto Uzumaki", "Toad"),
    ("sasuke", "Sasuke Uchiha", "Hawk"),
)


class Happened(StrEnum):
    """What was done in a week."""

    ON_HER_SHIFT = "ON_HER_SHIFT"  # the training is set on her shift
    NOT_ASKED = "NOT_ASKED"  # the others are asked to a training, and she is not
    TOLD_LATE = "TOLD_LATE"  # she is told hours before, the others days before
    NO_MEDIC = "NO_MEDIC"  # she said yes to a mission: "we do not need a medic"
    TOO_EASY = "TOO_EASY"  # she was on it: "it is too easy for you"
    NO_TIME_OFF = "NO_TIME_OFF"  # "you need take no time off": nobody asked her
    SHRUGGED = "SHRUGGED"  # asked how it is, she says that it is nothing
    MISSED_SHIFT = "MISSED_SHIFT"
    FOUND = "FOUND"
    SAYS_SO = "SAYS_SO"  # she says how it is, and that others may be asked
    TEAM_ASKED = "TEAM_ASKED"  # whoever leads the team is asked, and answers
    MOVES = "MOVES"  # she goes to another team, and the team changes something, too
    ASKED_AGAIN = "ASKED_AGAIN"  # weeks later somebody asks again


@dataclass(frozen=True)
class Week:
    """A week of the team: on which day (0: Monday) it trains, who goes on its mission, and what
    else is done to her."""

    number: int
    training: int
    goes: tuple[str, ...]
    happened: tuple[Happened, ...] = ()


#: Every other week on a Tuesday or a Thursday; her shift is on Wednesdays.
TUESDAY, WEDNESDAY, THURSDAY = 1, 2, 3
#: Of the ordinary weeks: a Wednesday now and then, by chance.
BY_CHANCE = (-13, -8, -3)
_H = Happened
STEPS: dict[int, tuple[Happened, ...]] = {
    1: (_H.ON_HER_SHIFT,),
    3: (_H.ON_HER_SHIFT,),
    4: (_H.ON_HER_SHIFT,),
    6: (_H.ON_HER_SHIFT,),
    7: (_H.ON_HER_SHIFT,),
    8: (_H.ON_HER_SHIFT,),
    9: (_H.NOT_ASKED,),
    10: (_H.ON_HER_SHIFT, _H.NO_MEDIC),
    11: (_H.NOT_ASKED, _H.NO_MEDIC),
    12: (_H.ON_HER_SHIFT, _H.NO_MEDIC),
    13: (_H.TOLD_LATE, _H.TOO_EASY),
    14: (_H.ON_HER_SHIFT, _H.NO_MEDIC),
    15: (_H.NOT_ASKED, _H.NO_MEDIC),
    16: (_H.ON_HER_SHIFT, _H.NO_TIME_OFF),
    17: (_H.ON_HER_SHIFT, _H.NO_MEDIC),
    18: (_H.TOLD_LATE, _H.NO_MEDIC),
    19: (_H.ON_HER_SHIFT, _H.NO_TIME_OFF),
    20: (_H.ON_HER_SHIFT, _H.NO_MEDIC),
}
#: From here on missions go without her.
WITHOUT_HER = frozenset({_H.NO_MEDIC, _H.TOO_EASY, _H.NO_TIME_OFF})


def weeks() -> list[Week]:
    """The weeks up to the shift she misses, in their order."""
    found = []
    for number in range(1 - ORDINARY, MISSED):
        steps = STEPS.get(number, ())
        training = TUESDAY if number % 2 else THURSDAY
        if number in BY_CHANCE or Happened.ON_HER_SHIFT in steps:
            training = WEDNESDAY
        three = (HER, *MATES)
        goes = tuple(one for place, one in enumerate(three) if place != number % 3)
        found.append(Week(number, training, MATES if WITHOUT_HER & set(steps) else goes, steps))
    return found


def monday(number: int) -> dt.datetime:
    """When a week begins, in the village."""
    return BEGIN + (number - 1 + ORDINARY) * WEEK
