"""All reads of welfare; `VISIBLE` says who sees which table. What a team decided is kept by the
rooms below, and read for the station alone (`closed`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from homeby.welfare.queries import asked, concerns, left_out, switch

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    **concerns.VISIBLE,
    **asked.VISIBLE,
    **switch.VISIBLE,
    **left_out.VISIBLE,
}
