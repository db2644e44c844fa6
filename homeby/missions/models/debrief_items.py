"""The table of what a debrief asks for, as an organisation writes it."""

from __future__ import annotations

from django.db import models

from homeby.logbook.models import StateRow


class DebriefItem(StateRow):
    """One thing that a debrief asks for beside its text, in the organisation's words. Where there
    is none the usual ones are asked, in the language of whoever writes."""

    text = models.CharField(max_length=200)
    place = models.PositiveSmallIntegerField(help_text="the lowest is asked first")
    ended_at = models.DateTimeField(null=True, help_text="no longer asked")

    def __str__(self) -> str:
        return self.text
