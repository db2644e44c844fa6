"""Partner stations as the office, the doctor and the process that writes to them see them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models

from homeby.people.rules import Role, Viewer
from homeby.watch.models import Partner, PartnerInvitation, PartnerMark
from homeby.watch.rules import partners as rules
from homeby.watch.rules.partners import Nonsense, Said


def visible_partners(viewer: Viewer | None) -> models.QuerySet[Partner]:
    """Whoever is told when a partner falls silent: duty officers, leaders, administrators."""
    roles = (Role.ADMINISTRATOR, Role.DUTY_OFFICER, Role.LEADER)
    known = viewer is not None and (viewer.is_station or viewer.has(*roles))
    return Partner.objects.all() if known else Partner.objects.none()


def visible_marks(viewer: Viewer | None) -> models.QuerySet[PartnerMark]:
    """The marks of the visible partners."""
    return PartnerMark.objects.filter(partner__in=visible_partners(viewer))


def visible_invitations(viewer: Viewer | None) -> models.QuerySet[PartnerInvitation]:
    """The key of a pairing is nobody's but the station's."""
    own = viewer is not None and viewer.is_station
    return PartnerInvitation.objects.all() if own else PartnerInvitation.objects.none()


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Partner: visible_partners,
    PartnerMark: visible_marks,
    PartnerInvitation: visible_invitations,
}


@dataclass(frozen=True, kw_only=True)
class PartnerSheet:
    """A partner station: what it said last, and how it answered us."""

    id: uuid.UUID
    station_id: uuid.UUID
    name: str
    url: str
    fingerprint: str
    officers: int
    paired_at: dt.datetime
    ended_at: dt.datetime | None
    end_reason: str
    ended_by_them: bool
    heard_at: dt.datetime | None
    said: Said | None
    troubles: tuple[str, ...]
    answered_at: dt.datetime | None
    answer: str


def sheets(viewer: Viewer | None, *, ended: bool = False) -> list[PartnerSheet]:
    """The partner stations, by name; with `ended` those of the past too. One query."""
    rows = visible_partners(viewer).select_related("mark").order_by("name", "paired_at")
    return [_sheet(row) for row in (rows if ended else rows.filter(ended_at=None))]


def sheet(viewer: Viewer | None, partner_id: uuid.UUID) -> PartnerSheet | None:
    """One partner station. One query."""
    row = visible_partners(viewer).select_related("mark").filter(pk=partner_id).first()
    return None if row is None else _sheet(row)


def said_of(text: str) -> Said | None:
    """A message that was kept; None where there is none."""
    try:
        return rules.read(text) if text else None
    except Nonsense:
        return None


def _sheet(row: Partner) -> PartnerSheet:
    mark: PartnerMark = row.mark
    return PartnerSheet(
        id=row.pk,
        station_id=row.station_id,
        name=row.name,
        url=row.url,
        fingerprint=row.public_key[:16],
        officers=len(row.officers),
        paired_at=row.paired_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        ended_by_them=row.ended_by_them,
        heard_at=mark.heard_at,
        said=said_of(mark.said),
        troubles=tuple(mark.troubles),
        answered_at=mark.answered_at,
        answer=mark.answer,
    )
