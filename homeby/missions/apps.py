from __future__ import annotations

from django.apps import AppConfig


class MissionsConfig(AppConfig):
    name = "homeby.missions"
    label = "missions"
    default_auto_field = "django.db.models.BigAutoField"
