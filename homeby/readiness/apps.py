from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

from homeby.missions.actions.decided import keep_by

if TYPE_CHECKING:
    from homeby.logbook.actions import Book


class ReadinessConfig(AppConfig):
    name = "homeby.readiness"
    label = "readiness"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what a decision about a mission sees kept with it, in every process."""
        keep_by(_keep)


def _keep(book: Book, mission: Any) -> None:
    # Only once somebody decides: whoever watches holds nothing of this in memory.
    from homeby.readiness.actions.mission_decisions import keep_as_decided

    keep_as_decided(book, mission)
