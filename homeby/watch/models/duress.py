"""What was done with a duress PIN: the words of a silent alarm."""

from __future__ import annotations

from django.db import models

from homeby.logbook.models import StateRow
from homeby.people.rules import Act


class Duress(StateRow):
    """One act by a duress PIN: who, what it looked like, where and when. For those who keep the
    watch and are not of that party; nobody else learns of it."""

    subject = models.ForeignKey("watch.Subject", on_delete=models.PROTECT, related_name="duress")
    person_id = models.UUIDField()
    who = models.CharField(max_length=200, help_text="as messages call them")
    act = models.CharField(max_length=20, choices=[(act, act) for act in Act])
    place = models.CharField(max_length=400, blank=True, help_text="the gate; empty: their phone")
    happened_at = models.DateTimeField()
    noted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"duress of {self.person_id}"
