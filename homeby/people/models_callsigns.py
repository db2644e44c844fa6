"""Seasons of callsigns: from when on everybody has a fresh one, and who still waits for hers."""

from __future__ import annotations

from django.db import models

from homeby.logbook.models import StateRow


class CallsignSeason(StateRow):
    """From its begin on people are called otherwise; the first makes random callsigns the rule."""

    number = models.PositiveIntegerField(unique=True)
    begun_at = models.DateTimeField()
    with_units = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.number)


class CallsignDue(StateRow):
    """Somebody who is to get the callsign of a season; whoever is out keeps hers until she is in.
    The row goes with it."""

    season = models.ForeignKey(CallsignSeason, on_delete=models.PROTECT, related_name="due")
    person = models.OneToOneField("people.Person", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.person_id} {self.season_id}"
