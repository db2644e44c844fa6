"""What of missions is a person's own, taken out where she is erased."""

from __future__ import annotations

import uuid

from homeby.logbook.actions import Page
from homeby.logbook.forgetting import Words, blank_words
from homeby.missions.models import (
    Extension,
    FirstReport,
    Lesson,
    MinorApproval,
    PartyMember,
    Unmatched,
)
from homeby.missions.models.sealed import ReaderWrap, SealedText

#: How she looked, what she answered, asked for and reported, what she said or was said of her that
#: fitted nothing, and why a party with her in it might go against a limit of minors; what she
#: sealed, and by what her own key was opened.
WORDS = (
    Words(table=PartyMember, blank={"description": "", "acceptance_note": ""}),
    Words(
        table=FirstReport, blank={"urgent": "", "still_out": "", "kit_missing": "", "danger": ""}
    ),
    Words(table=Lesson, blank={"text": ""}),
    Words(table=Extension, of="asked_by_id", blank={"why": "", "decided_why": ""}),
    Words(table=MinorApproval, of="mission__party__person_id", blank={"reason": ""}),
    Words(table=Unmatched, blank={"settled_how": "", "why": ""}),
    Words(table=ReaderWrap, of="key__person_id", blank={"label": "", "wrapped": ""}),
    Words(table=SealedText, of="debrief__author_id", blank={"content": b""}),
)


def forget_person(page: Page, person_id: uuid.UUID) -> None:
    """Blank, as part of an entry, the words that are hers."""
    blank_words(page, WORDS, person_id)


def help_refs(person_id: uuid.UUID) -> list[str]:
    """By which references the watch knows HELP of hers that fitted no mission. One query."""
    rows = Unmatched.objects.filter(person_id=person_id).exclude(help_ref="")
    return sorted(set(rows.values_list("help_ref", flat=True)))
