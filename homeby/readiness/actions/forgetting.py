"""What of readiness is a person's own, taken out where she is erased."""

from __future__ import annotations

import uuid

from homeby.logbook.actions import Page
from homeby.logbook.forgetting import Words, blank_words, remove_rows
from homeby.logbook.models import StateRow
from homeby.readiness.actions.units_handed import end_places
from homeby.readiness.models import (
    BusyFeed,
    CalendarLink,
    DecisionGroup,
    DutyApproval,
    DutyPerson,
    DutySwap,
    Examination,
    ExaminationMove,
    ExaminationPart,
    Holding,
    Injury,
    InjuryNote,
    MentorAim,
    MentorSession,
    OwnTime,
    PairWish,
    PlanStep,
    RestOverride,
    SignOff,
    SleepTold,
    SpecialUnitPlace,
)
from homeby.readiness.rules.special_units import Reason

#: Her plan, her papers, and what was written of her: why something was withdrawn, certified all the
#: same, refused or allowed; what she noted, and what she is called in a special unit.
WORDS = (
    Words(table=PlanStep, blank={"aim": ""}),
    Words(table=Holding, blank={"paper": "", "withdrawn_why": ""}),
    Words(table=SignOff, of="book__person_id", blank={"why": ""}),
    Words(table=MentorAim, of="mentorship__learner_id", blank={"level": ""}),
    Words(table=MentorSession, of="mentorship__learner_id", blank={"practised": ""}),
    Words(
        table=Examination,
        blank={"decided_why": "", "board_why": "", "appeal_text": "", "appeal_why": ""},
    ),
    Words(table=ExaminationMove, of="examination__person_id", blank={"why": ""}),
    Words(table=ExaminationPart, of="examination__person_id", blank={"note": ""}),
    Words(table=DutyPerson, blank={"note": ""}),
    Words(table=DecisionGroup, of="begun_by_id", blank={"name": ""}),
    Words(table=DutyApproval, blank={"reason": ""}),
    Words(table=DutySwap, of="from_person_id", blank={"note": ""}),
    Words(table=DutySwap, of="to_person_id", blank={"note": ""}),
    Words(table=RestOverride, blank={"reason": ""}),
    Words(table=SpecialUnitPlace, blank={"callsign": ""}),
)
#: Rows of which nothing is left, by whose they are: what she said of her time, her sleep and her
#: health, and the addresses of her calendars.
GONE: dict[type[StateRow], str] = {
    InjuryNote: "injury__person_id",
    Injury: "person_id",
    OwnTime: "person_id",
    SleepTold: "person_id",
    BusyFeed: "person_id",
    CalendarLink: "person_id",
    PairWish: "person_id",
}


def forget_person(page: Page, person_id: uuid.UUID) -> None:
    """Blank, as part of an entry, the words that are hers, end her places in special units, remove
    what she said of herself. That something was held, decided or done stays."""
    blank_words(page, WORDS, person_id)
    end_places(page, person_id, reason=Reason.OWN_WISH)
    remove_rows(page, GONE, person_id)
    remove_rows(page, {PairWish: "other_id"}, person_id)
