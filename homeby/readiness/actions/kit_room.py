"""Keeping the kit room: what there is, what each set should hold, what is no longer here."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.models import KitContent, KitItem
from homeby.readiness.queries import days
from homeby.readiness.queries.kit import KEEPERS
from homeby.readiness.rules import kit as rules
from homeby.readiness.rules.kit import Part


@dataclass(frozen=True, kw_only=True)
class KitFields:
    """What is said of a thing; `contents` as people write it, one line for each; `team_id`: whose
    it is, where it is not everybody's."""

    label: str
    name: str
    place: str = ""
    contents: str = ""
    issued_to_id: uuid.UUID | None = None
    team_id: uuid.UUID | None = None
    is_controlled: bool = False
    may_leave: bool = True
    expires_date: dt.date | None = None
    inspect_days: int | None = None
    inspected_date: dt.date | None = None


@logbook.once
def set_kit(
    *, item_id: uuid.UUID | None, fields: KitFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Add a thing (its id is the tap's), or change what is said of one; what of a set is there
    stays. Raises Refused with a sentence beside each field that cannot be kept."""
    _require_keeper(by)
    answer = _("Kept.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _locked(item_id)
        parts = _checked(row, fields, today=days.today(now=now))
        kind = rules.KIT_CHANGED if row else rules.KIT_ADDED
        key = row.pk if row else tap.entry_id
        page = book.entry(kind, subject=f"kit:{key}", tap=tap, answer=answer)
        if row is None:
            row = KitItem(pk=key, **_values(fields))
            page.add(row)
        else:
            page.change(row, **_values(fields))
        _write_contents(page, row, parts)
    return answer


def _require_keeper(by: Viewer) -> None:
    if not (by.is_station or by.has_somewhere(*KEEPERS)):
        raise Refused(_("A leader, a gate keeper or an administrator keeps the kit room."))


def _locked(item_id: uuid.UUID | None) -> KitItem | None:
    if item_id is None:
        return None
    row = KitItem.objects.select_for_update().filter(pk=item_id).first()
    if row is None:
        raise Refused(_("This is here no more."))
    return row


def _values(fields: KitFields) -> dict[str, Any]:
    return {
        "label": fields.label.strip(),
        "name": fields.name.strip(),
        "place": fields.place.strip(),
        "issued_to_id": fields.issued_to_id,
        "team_id": fields.team_id,
        "is_controlled": fields.is_controlled,
        "may_leave": fields.may_leave,
        "expires_date": fields.expires_date,
        "inspect_days": fields.inspect_days,
        "inspected_date": fields.inspected_date,
    }


def _checked(row: KitItem | None, fields: KitFields, *, today: dt.date) -> list[Part]:
    problems: dict[str, str] = {}
    label = fields.label.strip()
    if not label:
        problems["label"] = _("Give it a label, such as FA-3: a letter or two and a number.")
    elif _others(row).filter(label__iexact=label).exists():
        problems["label"] = _("There is kit with this label already.")
    if not fields.name.strip():
        problems["name"] = _("Say what it is.")
    days = fields.inspect_days
    if days is not None and not 1 <= days <= rules.INSPECT_DAYS_MAX:
        most = rules.INSPECT_DAYS_MAX
        problems["inspect_days"] = _("From 1 to %d days, or empty for never.") % most
    if fields.inspected_date is not None and fields.inspected_date > today:
        problems["inspected_date"] = _("This day is still to come.")
    there = {one.name: one.there for one in row.contents.all()} if row else {}
    parts = rules.parse_contents(fields.contents, there=there)
    if isinstance(parts, str):
        problems["contents"] = parts
    if problems or isinstance(parts, str):
        raise Refused(**problems)
    return parts


def _others(row: KitItem | None) -> QuerySet[KitItem]:
    return KitItem.objects.exclude(pk=row.pk) if row else KitItem.objects.all()


def _write_contents(page: Page, row: KitItem, parts: list[Part]) -> None:
    before = {one.name: one for one in row.contents.all()}
    for name, one in before.items():
        if name not in {part.name for part in parts}:
            page.remove(one)
    for line, part in enumerate(parts, start=1):
        values = {
            "line": line,
            "wanted": part.wanted,
            "there": part.there,
            "expires_date": part.expires_date,
        }
        if part.name not in before:
            page.add(KitContent(id=uuid.uuid4(), item=row, name=part.name, **values))
        elif any(getattr(before[part.name], key) != value for key, value in values.items()):
            page.change(before[part.name], **values)


@logbook.once
def end_kit(*, item_id: uuid.UUID, ended: bool, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A thing is no longer here (sold, thrown away), or is here again after all. What somebody has
    with her is brought back first. Raises Refused."""
    _require_keeper(by)
    answer = _("It is no longer on the list.") if ended else _("It is on the list again.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _locked(item_id)
        assert row is not None, "a key was given"
        if ended and row.held_by_id is not None:
            raise Refused(_("Somebody has it; it is brought back, or reported missing, first."))
        page = book.entry(rules.KIT_CHANGED, subject=f"kit:{row.pk}", tap=tap, answer=answer)
        page.change(row, ended_at=now if ended else None)
    return answer
