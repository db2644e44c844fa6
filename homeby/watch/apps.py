from __future__ import annotations

from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "homeby.watch"
    label = "watch"
    default_auto_field = "django.db.models.BigAutoField"
