"""What of qualifications and mentoring is a person's own words, taken out where she is erased."""

from __future__ import annotations

import uuid

from homeby.logbook.actions import Page
from homeby.readiness.models import Holding, MentorSession, PlanStep, SignOff


def forget_person(page: Page, person_id: uuid.UUID) -> None:
    """Blank, as part of an entry, her plan, what stood on her papers, why something was withdrawn
    or certified all the same, and what was practised with her. That it was held stays."""
    for step in PlanStep.objects.select_for_update().filter(person_id=person_id).order_by("pk"):
        page.change(step, aim="")
    for held in Holding.objects.select_for_update().filter(person_id=person_id).order_by("pk"):
        page.change(held, paper="", withdrawn_why="")
    signed = SignOff.objects.filter(book__person_id=person_id).exclude(why="")
    for sign in signed.order_by("pk"):
        page.change(sign, why="")
    sessions = MentorSession.objects.filter(mentorship__learner_id=person_id)
    for session in sessions.exclude(practised="").order_by("pk"):
        page.change(session, practised="")
