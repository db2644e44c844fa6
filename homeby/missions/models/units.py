"""The table of special units as missions know them."""

from __future__ import annotations

from django.db import models

from homeby.logbook.models import StateRow


class MissionUnit(StateRow):
    """A special unit for which something was ever planned, by the id that it has where it is kept,
    and handed down from there: as what readers know it (an open one by its name, a secret one by
    its callsign, if it has one), who stands in it, and who of them keeps it."""

    called = models.CharField(max_length=100, blank=True)
    is_secret = models.BooleanField(default=False)
    members = models.JSONField(default=list)
    keepers = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.called
