"""Whoever plans for a team was asked to explain. The words are notes of the concern."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from homeby.logbook.models import StateRow
from homeby.welfare.models.concerns import Concern


class Asked(StateRow):
    """A welfare officer asked whoever plans, by her consent whom it is about: whom, until when an
    answer is waited for, whether she was named, and which notes hold question and answer."""

    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="asked")
    person = models.ForeignKey(
        "people.Person", on_delete=models.PROTECT, related_name="+", help_text="who plans"
    )
    asked_at = models.DateTimeField()
    asked_by_id = models.UUIDField()
    answer_by = models.DateTimeField()
    names_her = models.BooleanField(help_text="whether she was told whom it is about")
    question_id = models.UUIDField(help_text="the note that asks")
    answered_at = models.DateTimeField(null=True)
    answer_id = models.UUIDField(null=True, help_text="the note that answers")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["concern", "person"],
                condition=Q(answered_at__isnull=True),
                name="asked_once_at_a_time",
            ),
            models.CheckConstraint(
                name="answered_by_a_note",
                condition=Q(answered_at__isnull=True, answer_id__isnull=True)
                | Q(answered_at__isnull=False, answer_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} asked of {self.concern_id}"
