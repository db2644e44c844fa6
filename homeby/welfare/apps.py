from __future__ import annotations

from django.apps import AppConfig


class WelfareConfig(AppConfig):
    name = "homeby.welfare"
    label = "welfare"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have whoever misses the start of a duty looked for, in every process that plans one."""
        from homeby.readiness.actions.duty_starts import Looking, look_by
        from homeby.welfare.actions.check_starts import await_check, check_over

        look_by(Looking(begins=await_check, over=check_over))
