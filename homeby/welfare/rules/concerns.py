"""Concerns: why somebody looks after somebody, who learns of it, and how it ends. Pure.

A concern speaks of a person, never against one. Time alone ends none (`STORY.md` 15): a person
does, with an outcome, and then somebody asks again after weeks, months and a year (108).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from homeby.logbook.rules import PRIVATE_SUBJECT, Audience, Erasure, declare
from homeby.sentences import gettext as _

WORDS_MOST = 4000
#: Whoever speaks through the door has an answer by then; who takes it up may answer at once.
ANSWER_WITHIN = dt.timedelta(hours=48)
#: What its owner leaves lying so long is heard of by the other officers.
PASSED_ON_AFTER = dt.timedelta(days=1)


class ConcernKind(StrEnum):
    """Where a concern comes from."""

    MISSED_DUTY = "MISSED_DUTY"  # a duty began without her
    OWN_WORD = "OWN_WORD"  # "I am being left out", through the door
    WORRY_ABOUT = "WORRY_ABOUT"  # somebody is worried about her
    LEADERS_NOTE = "LEADERS_NOTE"  # "check on her"
    SIGNAL = "SIGNAL"  # the detector spoke
    CONTACT = "CONTACT"  # a companion of it: withdrawn, overused, out of touch


#: Of these she knows from the first moment; of the others once she was asked.
KNOWN_TO_HER = frozenset({ConcernKind.MISSED_DUTY, ConcernKind.OWN_WORD, ConcernKind.SIGNAL})
#: Said by somebody of another: nobody of either's team looks after it.
OF_BOTH = frozenset({ConcernKind.WORRY_ABOUT, ConcernKind.LEADERS_NOTE})
#: What a person said, who then reads her own words and the answer to them.
SPOKEN = frozenset({ConcernKind.OWN_WORD, ConcernKind.WORRY_ABOUT, ConcernKind.LEADERS_NOTE})


class ConcernState(StrEnum):
    """OPEN until a person ends it."""

    OPEN = "OPEN"
    ENDED = "ENDED"


class Outcome(StrEnum):
    """How a concern ended (`LEFTOUT.md` 5)."""

    TALKED = "TALKED"  # talked, nothing to do
    CHANGED = "CHANGED"  # talked, and something changed
    AGREED = "AGREED"  # known, and agreed
    RECORD_WRONG = "RECORD_WRONG"  # the record was wrong
    LEFT_TO_HER = "LEFT_TO_HER"  # she asks to leave it
    LEFT_OUT = "LEFT_OUT"  # she was left out: written once both sides were heard


class NoteKind(StrEnum):
    """What was done or said about a concern; a later note corrects nothing."""

    SAID = "SAID"  # the words with which it was opened
    ANSWER = "ANSWER"  # the answer to whoever spoke
    ASKED = "ASKED"  # she was asked
    HER_WORD = "HER_WORD"  # what she says to it
    ORGANISER_ASKED = "ORGANISER_ASKED"
    ORGANISER_SAID = "ORGANISER_SAID"
    STEP = "STEP"  # a next step was chosen
    TEAM = "TEAM"  # what changes for the team
    CALLED_HER = "CALLED_HER"
    CALLED_CONTACT = "CALLED_CONTACT"
    WENT = "WENT"
    FOUND = "FOUND"  # when, where, how she was, what was agreed
    FOLLOWED_UP = "FOLLOWED_UP"
    NOTE = "NOTE"  # for officers alone
    ENDED = "ENDED"


#: What she reads of a concern about herself once she knows of it, and what whoever spoke reads.
SHE_READS = frozenset(
    {
        *(NoteKind.ASKED, NoteKind.HER_WORD, NoteKind.STEP, NoteKind.TEAM, NoteKind.FOUND),
        *(NoteKind.FOLLOWED_UP, NoteKind.ENDED),
    }
)
SPEAKER_READS = frozenset({NoteKind.SAID, NoteKind.ANSWER})


class NextStep(StrEnum):
    """What may be done next. She chooses; several may follow one another."""

    TALK = "TALK"  # with the team
    INVITE = "INVITE"  # she is asked along, or asks them along
    HABIT = "HABIT"  # a habit of planning is changed
    MEDIATOR = "MEDIATOR"  # somebody between them
    TEAM_CHANGE = "TEAM_CHANGE"
    LEAVE = "LEAVE"  # she leaves for a time, or for good
    NOTHING = "NOTHING"


#: What brings her together with the team is begun by her alone (`STORY.md` 33).
BRINGS_TOGETHER = frozenset({NextStep.TALK, NextStep.INVITE, NextStep.MEDIATOR})
#: What she alone begins: an officer writes none of these for her.
HERS_ALONE = BRINGS_TOGETHER | {NextStep.LEAVE}
#: Where she was moved, what changes for the team is asked before it ends (`STORY.md` 103).
MOVES_HER = frozenset({NextStep.TEAM_CHANGE, NextStep.LEAVE})


class HowFound(StrEnum):
    """How she was when somebody found her."""

    WELL = "WELL"
    NOT_WELL = "NOT_WELL"  # somebody is with her, or comes
    HURT = "HURT"
    SPOKEN_TO = "SPOKEN_TO"  # reached, not seen


class Span(StrEnum):
    """Why a follow-up is due when it is."""

    CHOSEN = "CHOSEN"
    WEEKS = "WEEKS"
    MONTHS = "MONTHS"
    YEAR = "YEAR"


#: After the first follow-up come one after months and one after a year.
AFTER = {Span.MONTHS: dt.timedelta(days=91), Span.YEAR: dt.timedelta(days=365)}
FOLLOW_UP_MOST = dt.timedelta(days=730)


def next_span(span: Span) -> Span | None:
    """When somebody asks again after that; None after a year."""
    if span is Span.YEAR:
        return None
    return Span.YEAR if span is Span.MONTHS else Span.MONTHS


@dataclass(frozen=True, kw_only=True)
class Known:
    """What was done about a concern, as far as its end and what others are asked go by it."""

    kind: ConcernKind
    done: frozenset[NoteKind]
    steps: frozenset[NextStep]
    may_ask: bool
    is_waited_for: bool = False  # whoever plans was asked and may still answer


def problem_with_note(kind: NoteKind, step: NextStep | None, known: Known) -> str:
    """Why an officer does not write this yet; "" where she may. She is asked first, an organiser
    with her consent alone, and what brings her together with the team she begins herself."""
    if kind in (NoteKind.ORGANISER_ASKED, NoteKind.ORGANISER_SAID) and not known.may_ask:
        return _("She is asked first: an organiser is asked once she has said that you may.")
    if kind is NoteKind.STEP and step is None:
        return _("Choose a step.")
    if kind is NoteKind.STEP and step in BRINGS_TOGETHER:
        return _("What brings her together with the team is begun by her alone, on her own page.")
    if kind is NoteKind.STEP and step in HERS_ALONE:
        return _("Leave is begun by her alone, on her own page.")
    return ""


def problem_with_end(outcome: Outcome, known: Known) -> str:
    """Why a concern does not end yet; "" where it may."""
    asked = known.done & {NoteKind.ASKED, NoteKind.HER_WORD, NoteKind.FOUND}
    if not asked and outcome is not Outcome.RECORD_WRONG:
        return _("Ask her first.")
    if known.steps & MOVES_HER and NoteKind.TEAM not in known.done:
        return _("She moved: write down first what changes for the team.")
    return _problem_with_left_out(known) if outcome is Outcome.LEFT_OUT else ""


def _problem_with_left_out(known: Known) -> str:
    """Why it is not written yet that she was left out; "" where it may be (`STORY.md` 104)."""
    if not known.done & {NoteKind.ASKED, NoteKind.HER_WORD}:
        return _("Ask her first.")
    if not known.done & {NoteKind.ORGANISER_ASKED, NoteKind.ORGANISER_SAID}:
        return _("Both sides are heard first: nobody who plans for the team was asked yet.")
    if known.is_waited_for:
        return _("Both sides are heard first: whoever plans was asked and may still answer.")
    return ""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A concern about to be opened. `key` tells it from every other: opened again, it is the same.
    `words` are sealed; `by_id` is who spoke (None: the station); `not_to` are people who must not
    read it, such as those who decided what it is about, beside everybody of the team."""

    person_id: uuid.UUID
    kind: ConcernKind
    key: str
    team_id: uuid.UUID | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    by_id: uuid.UUID | None = None
    answer_by: dt.datetime | None = None
    not_to: Collection[uuid.UUID] = ()


def problem_with_next(at: dt.datetime, *, now: dt.datetime) -> str:
    """What is wrong with the day on which somebody asks again; "" where nothing is."""
    if at <= now:
        return _("That lies behind us; choose a later day.")
    return _("Choose a day within the next two years.") if at > now + FOLLOW_UP_MOST else ""


def problem_with_words(text: str, *, needed: bool = True) -> str:
    """What is wrong with what was typed, in a sentence; "" where nothing is."""
    if needed and not text.strip():
        return _("Write a few words; one sentence is enough.")
    if len(text) > WORDS_MOST:
        return _("This has {length} characters; {most} fit.").format(
            length=len(text), most=WORDS_MOST
        )
    return ""


def ref_of(concern_id: uuid.UUID) -> str:
    """The subject of a concern's entries and messages, which no list shows to anybody else."""
    return f"{PRIVATE_SUBJECT}{concern_id}"


def _kind(name: str, label: str, erase: Erasure = Erasure.NOTHING_PERSONAL) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=erase)


CONCERN_OPENED = _kind("CONCERN_OPENED", "A concern was opened", Erasure.SHRED_KEY)
CONCERN_TAKEN = _kind("CONCERN_TAKEN", "A concern was taken up")
CONCERN_HANDED_ON = _kind("CONCERN_HANDED_ON", "A concern was handed on")
CONCERN_NOTED = _kind("CONCERN_NOTED", "Something was written about a concern", Erasure.SHRED_KEY)
CONCERN_ENDED = _kind("CONCERN_ENDED", "A concern ended, with an outcome", Erasure.SHRED_KEY)
CONCERN_REOPENED = _kind("CONCERN_REOPENED", "A concern was opened again")
FOLLOW_UP_ASKED = _kind("FOLLOW_UP_ASKED", "A welfare officer was reminded")
FOLLOW_UP_SET = _kind("FOLLOW_UP_SET", "A follow-up was set")
FOLLOW_UP_DONE = _kind("FOLLOW_UP_DONE", "A follow-up was done", Erasure.SHRED_KEY)
WELFARE_CHECK_OPENED = _kind("WELFARE_CHECK_OPENED", "A welfare check was opened")
WELFARE_CHECK_SETTLED = _kind("WELFARE_CHECK_SETTLED", "Who looks for somebody was settled anew")
WELFARE_CHECK_STEP = _kind(
    "WELFARE_CHECK_STEP", "A step of a welfare check was made", Erasure.SHRED_KEY
)
WELFARE_CHECK_FOUND = _kind(
    "WELFARE_CHECK_FOUND", "Somebody was found in a welfare check", Erasure.SHRED_KEY
)
WHERE_OPENED = _kind("WHERE_OPENED", "Where she would be was opened for a welfare check")
OWN_GRACE_SET = _kind("OWN_GRACE_SET", "Somebody set after how long she is looked for")
