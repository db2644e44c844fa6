"""All reads of readiness, one file for each matter; `VISIBLE` says who sees which table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from homeby.readiness.queries import kit, mentoring, qualifications

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    **kit.VISIBLE,
    **mentoring.VISIBLE,
    **qualifications.VISIBLE,
}
