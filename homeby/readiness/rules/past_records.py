"""What an organisation recorded of its people elsewhere: what is wrong with a row of it. Pure.

A row of the past is judged by the same rules as an act of today, but for two things that old
records do not tell: whether the signer had done it lately, and who was named for certifying then.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from homeby import instants
from homeby.logbook.rules import Audience, Erasure, declare
from homeby.readiness.rules import currency, signing
from homeby.readiness.rules.currency import Validity
from homeby.readiness.rules.qualifications import (
    Holding,
    Qualification,
    QualificationKind,
    SignOff,
    Stage,
)
from homeby.sentences import gettext as _

PAPER_MAX = 200
#: What somebody may be examined for.
EXAMINED = (QualificationKind.RANK, QualificationKind.POSITION)

RECORD_IMPORTED = declare(
    "RECORD_IMPORTED",
    "A record of hers was brought in from a file",
    seen_by=Audience.PERSON,
    erase=Erasure.ERASE_BODY,
)


class RecordKind(StrEnum):
    """What a row records."""

    HELD = "HELD"  # a qualification, a course, a paper, from a day on
    OPENED = "OPENED"  # a task book was opened
    SHOWN = "SHOWN"  # a task of it was signed
    FINAL = "FINAL"  # the final evaluation
    CERTIFIED = "CERTIFIED"
    EXAMINED = "EXAMINED"
    DONE = "DONE"  # somebody was it on a mission that is over


STAGES = {
    RecordKind.OPENED: Stage.INITIATE,
    RecordKind.SHOWN: Stage.EVALUATE,
    RecordKind.FINAL: Stage.FINAL,
    RecordKind.CERTIFIED: Stage.CERTIFY,
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A row once it is known whom and what it means."""

    kind: RecordKind
    person: uuid.UUID
    what: Qualification
    day: dt.date
    until: dt.date | None = None
    paper: str = ""
    by: uuid.UUID | None = None
    task: int | None = None
    passed: bool | None = None
    real: bool = False
    led_her: bool = False

    @property
    def holding(self) -> Holding:
        """What is held by it."""
        return Holding(key=self.what.key, from_date=self.day, expires_date=self.until)

    @property
    def gives(self) -> bool:
        """Whether somebody holds something by it."""
        return self.kind in (RecordKind.HELD, RecordKind.CERTIFIED) or self.passed is True

    def sign_off(self) -> SignOff:
        """The signature that it is."""
        assert self.by is not None, "asked before"
        return SignOff(
            key=self.what.key,
            stage=STAGES[self.kind],
            by=self.by,
            learner=self.person,
            on_date=self.day,
            task=self.task,
            real=self.real,
            led_her=self.led_her,
        )


def held_on(held: Sequence[Holding], own: Qualification, day: dt.date) -> Validity:
    """How somebody stood on a day by papers alone: whether she had done it lately is not known of
    years whose missions are not here."""
    plain = replace(own, current_months=None)
    mine = [one for one in held if one.key == own.key]
    return currency.best(
        currency.standing(one, currency.through_date(one, plain, ()), day=day) for one in mine
    )


def problems_with_record(
    said: Said,
    *,
    signed: Sequence[SignOff] | None,
    signer: Validity,
    mentors: Collection[uuid.UUID],
    today: dt.date,
) -> list[str]:
    """What is wrong with a row. `signed`: what stands in her open task book (None: none is open);
    `signer`: how whoever signed or examined stood to it on that day."""
    problems = signing.problems_with_holding(said.holding) if said.gives else []
    if said.day > today:
        problems.append(
            _("{day} is still to come; check the year.").format(day=instants.day(said.day))
        )
    if len(said.paper) > PAPER_MAX:
        problems.append(_("What stands on the paper is longer than 200 characters."))
    if said.kind is RecordKind.HELD:
        return problems + _with_paper(said)
    if said.kind is RecordKind.DONE:
        return problems if said.real else [*problems, _("It does not say on which mission.")]
    if said.by is None:
        return [*problems, _("It does not say who signed it.")]
    if said.kind is RecordKind.EXAMINED:
        return problems + _with_examination(said, said.by, signer, mentors)
    return problems + _with_signature(said, signed, signer, mentors, today=today)


def _with_paper(said: Said) -> list[str]:
    if said.by == said.person:
        return [_("Nobody records her own paper; name another who has seen it.")]
    return []


def _with_examination(
    said: Said, by: uuid.UUID, signer: Validity, mentors: Collection[uuid.UUID]
) -> list[str]:
    if said.what.kind not in EXAMINED:
        return [_("Only positions and ranks are examined; record what she holds.")]
    if said.passed is None:
        return [_("It does not say whether the examination was passed.")]
    return signing.problems_with_board(
        candidate=said.person, examiners=[by], mentors=mentors, standings={by: signer}
    )


def _with_signature(
    said: Said,
    signed: Sequence[SignOff] | None,
    signer: Validity,
    mentors: Collection[uuid.UUID],
    *,
    today: dt.date,
) -> list[str]:
    new = said.sign_off()
    if new.stage is Stage.INITIATE and signed is not None:
        return [_("A task book for this is open already.")]
    if any(one.stage is new.stage and one.task == new.task for one in signed or ()):
        return [_("This is signed already.")]
    book = signing.Book(
        qualification=said.what, signed=tuple(signed or ()), mentors=frozenset(mentors)
    )
    found = signing.problems_with_sign_off(
        new, book, signer=signer, may_certify=True, today=max(today, said.day)
    )
    return list(found)
