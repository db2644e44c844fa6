from __future__ import annotations

from django.apps import AppConfig

from homeby.web import field_sentences


class WebConfig(AppConfig):
    name = "homeby.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring our sentences to fields."""
        field_sentences.speak()
