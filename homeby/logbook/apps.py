from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext

from homeby import sentences


class LogbookConfig(AppConfig):
    name = "homeby.logbook"
    label = "logbook"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the translator to those who may not know Django: in every process, as this room is
        the ground of all others."""
        sentences.speak_with(translate=gettext)
