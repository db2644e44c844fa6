"""Whose people a duty is planned for. Pure."""

from __future__ import annotations

import uuid
from typing import NamedTuple


class Whose(NamedTuple):
    """A team, a special unit, or with neither everybody."""

    team_id: uuid.UUID | None = None
    unit_id: uuid.UUID | None = None
