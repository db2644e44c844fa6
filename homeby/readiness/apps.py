from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

from homeby.missions.actions.decided import keep_by

if TYPE_CHECKING:
    import uuid

    from homeby.logbook.actions import Book, Page


class ReadinessConfig(AppConfig):
    name = "homeby.readiness"
    label = "readiness"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what a decision about a mission sees kept with it, in every process; and her places
        in special units ended for whoever comes back."""
        from homeby.people.actions.returning import end_by

        keep_by(_keep)
        end_by(_end)


def _end(page: Page, person_id: uuid.UUID) -> None:
    from homeby.readiness.actions.units_handed import end_places
    from homeby.readiness.rules.special_units import Reason

    end_places(page, person_id, reason=Reason.OWN_WISH)


def _keep(book: Book, mission: Any) -> None:
    # Only once somebody decides: whoever watches holds nothing of this in memory.
    from homeby.readiness.actions.mission_decisions import keep_as_decided

    keep_as_decided(book, mission)
