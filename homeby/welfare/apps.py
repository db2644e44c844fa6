from __future__ import annotations

from django.apps import AppConfig


class WelfareConfig(AppConfig):
    name = "homeby.welfare"
    label = "welfare"
    default_auto_field = "django.db.models.BigAutoField"
