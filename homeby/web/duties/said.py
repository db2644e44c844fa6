"""The words of duties for pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from homeby.readiness.rules.duty_planning import (
    Against,
    Attended,
    DutyAnswer,
    DutyType,
    NotPicked,
    StoodDown,
)
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.web import words

KINDS: words.Words = {
    DutyType.SHIFT: gettext_lazy("shift"),
    DutyType.TRAINING: gettext_lazy("training"),
    DutyType.ACTIVITY: gettext_lazy("activity"),
    DutyType.TRAVEL: gettext_lazy("travel"),
    DutyType.STAND_BY: gettext_lazy("stand-by at the station"),
}
ANSWERS: words.Words = {
    DutyAnswer.YES: gettext_lazy("can come"),
    DutyAnswer.NO: gettext_lazy("cannot come"),
}
NOT_PICKED: words.Words = {
    NotPicked.SEATS_FULL: gettext_lazy("all seats are taken"),
    NotPicked.TURN_OF_OTHERS: gettext_lazy("it is the turn of others"),
    NotPicked.NOT_NEEDED: gettext_lazy("nobody with this role is needed"),
    NotPicked.TOO_HARD: gettext_lazy("it asks for more experience"),
    NotPicked.OTHER: gettext_lazy("another reason, which I tell them"),
}
STOOD_DOWN: words.Words = {
    StoodDown.OWN_WISH: gettext_lazy("she asked for it"),
    StoodDown.NOT_BEFORE: gettext_lazy("too early for her to go again"),
    StoodDown.LAPSED: gettext_lazy("a qualification has lapsed"),
    StoodDown.NOT_NEEDED: gettext_lazy("nobody with this role is needed"),
    StoodDown.TOO_EASY: gettext_lazy("fewer people are enough"),
    StoodDown.OTHER: gettext_lazy("another reason, which I tell them"),
}
ATTENDED: words.Words = {
    Attended.CAME: gettext_lazy("came"),
    Attended.EXCUSED: gettext_lazy("excused"),
    Attended.NOT_THERE: gettext_lazy("not there"),
}
#: What somebody has at a time already, as others read it: nobody reads why somebody is away.
AGAINST: words.Words = {
    Against.DUTY: gettext_lazy("has another duty"),
    Against.MISSION: gettext_lazy("on a mission"),
    Against.EXAMINATION: gettext_lazy("has an examination"),
    Against.BUSY: gettext_lazy("busy elsewhere"),
    Against.LEAVE: gettext_lazy("not available"),
}
#: The same as she herself reads it.
OWN_AGAINST: words.Words = {**AGAINST, Against.LEAVE: gettext_lazy("on leave")}
OWN_TIMES: words.Words = {
    OwnTimeKind.LEAVE: gettext_lazy("leave"),
    OwnTimeKind.AVAILABLE: gettext_lazy("available"),
    OwnTimeKind.BUSY: gettext_lazy("busy elsewhere"),
}
