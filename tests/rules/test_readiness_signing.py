"""Who may sign, examine, approve; dates of a qualification."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.qualifications import (
    Evaluator,
    Holding,
    Qualification,
    QualificationKind,
    SignOff,
    Stage,
    Task,
    Where,
)
from homeby.readiness.rules.signing import (
    Book,
    problems_with_board,
    problems_with_decider,
    problems_with_holding,
    problems_with_sign_off,
    range_said,
)
from tests.rules.readiness_samples import BEAR, FOX, HARE, OWL

TODAY = dt.date(2026, 11, 27)
HOLDS, LAPSED, NONE = (
    Validity(standing=one) for one in (Standing.CURRENT, Standing.LAPSED, Standing.NOT_HELD)
)
LEAD = Qualification(
    key="lead",
    name="Lead",
    kind=QualificationKind.POSITION,
    tasks=(
        Task(what="Leads a party"),
        Task(what="Turns back", where=Where.REAL_ONLY),
        Task(what="Reports", evaluated_by=Evaluator.SUPERVISOR),
    ),
)


def sign(stage: Stage, by: uuid.UUID = OWL, task: int | None = None, **said: Any) -> SignOff:
    """The fox is the learner, the owl a holder, unless it is said."""
    return SignOff(
        **{
            "key": "lead",
            "stage": stage,
            "by": by,
            "learner": FOX,
            "on_date": TODAY,
            "task": task,
            **said,
        }
    )


OPENED = (sign(Stage.INITIATE),)
SHOWN = (*OPENED, *(sign(Stage.EVALUATE, task=number) for number in (1, 2, 3)))
JUDGED = (*SHOWN, sign(Stage.FINAL))


def problems(
    new: SignOff,
    signed: tuple[SignOff, ...] = OPENED,
    signer: Validity = HOLDS,
    mentors: frozenset[uuid.UUID] = frozenset(),
    may_certify: bool = True,
) -> list[str]:
    book = Book(qualification=LEAD, signed=signed, mentors=mentors)
    return problems_with_sign_off(new, book, signer=signer, may_certify=may_certify, today=TODAY)


@pytest.mark.parametrize(
    ("new", "signed", "signer"),
    [
        (sign(Stage.INITIATE), (), NONE),  # whoever opens a book need not hold it
        (sign(Stage.EVALUATE, task=1), OPENED, HOLDS),
        (sign(Stage.EVALUATE, task=2, real=True), OPENED, HOLDS),
        (sign(Stage.EVALUATE, task=3, led_her=True), OPENED, NONE),
        (sign(Stage.FINAL), SHOWN, HOLDS),
        (sign(Stage.CERTIFY, by=BEAR), JUDGED, NONE),
    ],
)
def test_what_is_in_order_stands(
    new: SignOff, signed: tuple[SignOff, ...], signer: Validity
) -> None:
    assert problems(new, signed, signer) == []


@pytest.mark.parametrize(
    ("new", "signed", "signer", "said"),
    [
        (sign(Stage.EVALUATE, by=FOX, task=1), OPENED, HOLDS, "Nobody signs off herself"),
        (sign(Stage.INITIATE, by=FOX), (), HOLDS, "Nobody signs off herself"),
        (sign(Stage.CERTIFY, by=FOX), JUDGED, HOLDS, "Nobody signs off herself"),
        (sign(Stage.EVALUATE, task=1), OPENED, NONE, "only by somebody who held it on that day"),
        (sign(Stage.EVALUATE, task=1), OPENED, LAPSED, "only by somebody who held it on that day"),
        (sign(Stage.EVALUATE, task=1, led_her=True), OPENED, NONE, "only by somebody who held it"),
        (sign(Stage.EVALUATE, task=3), OPENED, NONE, "only by somebody who held it"),
        (sign(Stage.EVALUATE, task=2), OPENED, HOLDS, "counts on a real mission only: Turns back."),
        (sign(Stage.EVALUATE, task=4), OPENED, HOLDS, "Say which task was shown; there are 3"),
        (sign(Stage.EVALUATE), OPENED, HOLDS, "Say which task was shown"),
        (sign(Stage.EVALUATE, task=1), (), HOLDS, "was not opened yet"),
        (
            sign(Stage.EVALUATE, task=1, on_date=dt.date(2026, 11, 28)),
            OPENED,
            HOLDS,
            "28 Nov 2026 is still to come",
        ),
        (sign(Stage.FINAL), SHOWN, LAPSED, "only by somebody who held it"),
        (sign(Stage.FINAL), SHOWN[:-1], HOLDS, "Not signed off yet (1): Reports."),
        (sign(Stage.CERTIFY, by=OWL), JUDGED, HOLDS, "another person does"),
        (sign(Stage.CERTIFY, by=BEAR), SHOWN, HOLDS, "The final evaluation comes first"),
    ],
)
def test_what_is_not_gets_a_sentence(
    new: SignOff, signed: tuple[SignOff, ...], signer: Validity, said: str
) -> None:
    assert any(said in one for one in problems(new, signed, signer))


def test_certifying_is_for_those_who_were_named_and_no_mentor_does_it_alone() -> None:
    certify = sign(Stage.CERTIFY, by=BEAR)
    (named,) = problems(certify, JUDGED, may_certify=False)
    assert "whom the organisation named" in named
    assert problems(certify, JUDGED, mentors=frozenset({BEAR})) == []  # the owl judged, no mentor
    (alone,) = problems(certify, JUDGED, mentors=frozenset({BEAR, OWL}))
    assert "A mentor does not approve alone" in alone


@pytest.mark.parametrize(
    ("examiners", "mentors", "holders", "said"),
    [
        ([OWL], [], [OWL], ""),
        ([OWL, BEAR], [OWL], [BEAR], ""),
        ([OWL], [OWL], [OWL], "A mentor does not examine alone"),
        ([OWL, BEAR], [OWL, BEAR], [OWL], "A mentor does not examine alone"),
        ([OWL, FOX], [OWL], [OWL], "A mentor does not examine alone"),  # the learner is no second
        ([FOX, OWL], [], [OWL], "Nobody examines herself"),
        ([], [], [], "Name who examines"),
        ([OWL, BEAR], [], [FOX], "Nobody on the board holds what is examined"),
    ],
)
def test_the_board_of_an_examination(
    examiners: list[uuid.UUID], mentors: list[uuid.UUID], holders: list[uuid.UUID], said: str
) -> None:
    found = problems_with_board(
        candidate=FOX,
        examiners=examiners,
        mentors=mentors,
        standings=dict.fromkeys(holders, HOLDS),
    )
    assert any(said in one for one in found) if said else found == []


@pytest.mark.parametrize(
    ("decider", "also", "mentors", "refused_by", "said"),
    [
        (OWL, [], [], [], ""),
        (OWL, [BEAR], [OWL], [], ""),
        (BEAR, [], [], [OWL], ""),
        (OWL, [], [OWL], [], "A mentor does not approve alone"),
        (OWL, [BEAR], [OWL, BEAR], [], "A mentor does not approve alone"),
        (FOX, [], [], [], "Nobody decides on her own request"),
        (OWL, [FOX], [OWL], [], "Nobody decides on her own request"),
        (OWL, [], [], [OWL, HARE], "goes to a second person"),
    ],
)
def test_who_decides_on_a_request(
    decider: uuid.UUID,
    also: list[uuid.UUID],
    mentors: list[uuid.UUID],
    refused_by: list[uuid.UUID],
    said: str,
) -> None:
    found = problems_with_decider(
        candidate=FOX, decider=decider, also=also, mentors=mentors, refused_by=refused_by
    )
    assert any(said in one for one in found) if said else found == []


@pytest.mark.parametrize(
    ("begins", "expires", "withdrawn", "born", "said"),
    [
        (dt.date(2024, 2, 29), dt.date(2024, 2, 29), None, None, ""),
        (dt.date(2024, 2, 29), dt.date(2024, 2, 28), None, None, "It ends on 28 Feb 2024, before"),
        (dt.date(2024, 2, 29), None, dt.date(2023, 1, 1), None, "It ends on 1 Jan 2023, before"),
        (dt.date(1924, 2, 29), None, None, dt.date(2000, 1, 1), "before she was born"),
    ],
)
def test_a_qualification_that_ends_before_it_begins(
    begins: dt.date,
    expires: dt.date | None,
    withdrawn: dt.date | None,
    born: dt.date | None,
    said: str,
) -> None:
    held = Holding(key="lead", from_date=begins, expires_date=expires, withdrawn_date=withdrawn)
    found = problems_with_holding(held, born=born)
    assert any(said in one for one in found) if said else found == []


def test_how_long_others_took_tells_of_nobody() -> None:
    assert "nothing is said" in range_said([7, 9, 8, 12, 9, 9, 9])
    said = "At least half of the others took 6 to 12 months."
    assert range_said([9, 30, 7, 8, 8, 2, 9, 10]) == said, "nobody's own time"
    assert range_said([7] * 9) == "At least half of the others took 6 to 9 months."
