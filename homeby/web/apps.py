from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext

from homeby import sentences
from homeby.web import field_sentences


class WebConfig(AppConfig):
    name = "homeby.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Bring the translator to those who may not know Django, and our sentences to fields."""
        sentences.speak_with(translate=gettext)
        field_sentences.speak()
