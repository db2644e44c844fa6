"""The words of concerns, as forms and pages show them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from homeby.archive.words import NOTED
from homeby.web.words import Words, word
from homeby.welfare.rules.concerns import ConcernKind, HowFound, NextStep, Outcome
from homeby.welfare.rules.switch import Unasked

KINDS: Words = {
    ConcernKind.MISSED_DUTY: gettext_lazy("a duty began without her"),
    ConcernKind.OWN_WORD: gettext_lazy("she says that she is left out"),
    ConcernKind.WORRY_ABOUT: gettext_lazy("somebody is worried about her"),
    ConcernKind.LEADERS_NOTE: gettext_lazy("a leader asks to check on her"),
    ConcernKind.SIGNAL: gettext_lazy("she was asked less than an even hand would have"),
    ConcernKind.CONTACT: gettext_lazy(
        "she is out of touch, says no more often, or is asked very much"
    ),
}
#: What the station noticed, to whoever asks after her.
NOTICED: Words = {
    Unasked.CONTACT: gettext_lazy("She has done nothing with any of her team for long."),
    Unasked.WITHDRAWN: gettext_lazy("She says no to her team far more often than she used to."),
    Unasked.OVERUSED: gettext_lazy("She is picked far more often than an even share would be."),
}
SPOKEN: Words = {
    ConcernKind.OWN_WORD: gettext_lazy("I am being left out"),
    ConcernKind.WORRY_ABOUT: gettext_lazy("I am worried about somebody"),
    ConcernKind.LEADERS_NOTE: gettext_lazy("Check on somebody, by a day"),
}
NOTES: Words = NOTED
STEPS: Words = {
    NextStep.TALK: gettext_lazy("talk with the team"),
    NextStep.INVITE: gettext_lazy("be asked along, or ask them along"),
    NextStep.HABIT: gettext_lazy("a habit of planning changes"),
    NextStep.MEDIATOR: gettext_lazy("somebody between us"),
    NextStep.TEAM_CHANGE: gettext_lazy("change of team"),
    NextStep.LEAVE: gettext_lazy("leave for a time"),
    NextStep.NOTHING: gettext_lazy("nothing for now"),
}
OUTCOMES: Words = {
    Outcome.TALKED: gettext_lazy("talked, nothing to do"),
    Outcome.CHANGED: gettext_lazy("talked, and something changed"),
    Outcome.AGREED: gettext_lazy("known, and agreed"),
    Outcome.RECORD_WRONG: gettext_lazy("the record was wrong"),
    Outcome.LEFT_TO_HER: gettext_lazy("she asks to leave it"),
    Outcome.LEFT_OUT: gettext_lazy("she was left out; both sides were heard"),
}
HOW: Words = {
    HowFound.WELL: pgettext_lazy("how she was found", "well"),
    HowFound.NOT_WELL: pgettext_lazy("how she was found", "not well; somebody is with her"),
    HowFound.HURT: pgettext_lazy("how she was found", "hurt; a medic is told"),
    HowFound.SPOKEN_TO: pgettext_lazy("how she was found", "spoken to, not seen"),
}


def kind_of(row: Any) -> str:
    """What a concern is. A worry about somebody whom the speaker may not see lies with herself."""
    if row.kind == ConcernKind.WORRY_ABOUT and row.person_id == row.opened_by_id:
        return gettext("a worry about somebody whom the words name")
    return word(KINDS, row.kind)
