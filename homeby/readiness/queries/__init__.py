"""All reads of readiness, one file for each matter; `VISIBLE` says who sees which table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import models

from homeby.readiness.queries import (
    decision_groups,
    duties,
    examinations,
    injuries,
    kit,
    mentoring,
    mission_decisions,
    pairing,
    qualifications,
    rest,
    special_units,
    team_changes,
)

VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    **kit.VISIBLE,
    **mentoring.VISIBLE,
    **qualifications.VISIBLE,
    **examinations.VISIBLE,
    **special_units.VISIBLE,
    **team_changes.VISIBLE,
    **duties.VISIBLE,
    **rest.VISIBLE,
    **injuries.VISIBLE,
    **mission_decisions.VISIBLE,
    **decision_groups.VISIBLE,
    **pairing.VISIBLE,
}
