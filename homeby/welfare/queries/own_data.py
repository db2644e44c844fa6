"""What welfare keeps of a person, for her archive: what she may read of it on her own pages, and
nothing of a concern that she does not know of."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from homeby.logbook.rules import plain
from homeby.people import private
from homeby.people.rules import Purpose, Viewer
from homeby.welfare.models import Concern, ConcernNote
from homeby.welfare.queries.asked import visible_asked
from homeby.welfare.queries.chances import TeamChances, own_chances
from homeby.welfare.queries.concerns import (
    all_own_concerns,
    visible_checks,
    visible_follow_ups,
    visible_graces,
    visible_notes,
)
from homeby.welfare.queries.left_out import visible_signals
from homeby.welfare.queries.switch import visible_not_about

#: What she reads of a concern about herself, and of one that she spoke of.
_OF_HERS = ("opened_at", "answer_by", "answered_at", "may_ask_at", "state", "outcome", "ended_at")
_OF_OTHERS = ("opened_at", "answer_by", "answered_at")


def own_data(viewer: Viewer, *, now: dt.datetime) -> dict[str, Any]:
    """Her concerns with what was said of them, opened; the checks when she missed a duty; signals;
    when she was asked how she plans; her chances; and what she has chosen. A fixed number of
    queries, and those of `own_chances`."""
    if viewer.person_id is None:
        return {}
    me = viewer.person_id
    notes: dict[uuid.UUID, list[dict[str, Any]]] = {}
    concerns = all_own_concerns(viewer)
    whose = {one.pk: one.person_id for one in concerns}
    for note in visible_notes(viewer).filter(concern__in=whose).order_by("at", "pk"):
        notes.setdefault(note.concern_id, []).append(_note(note, whose[note.concern_id]))
    rows = visible_follow_ups(viewer).order_by("due_at", "pk")
    signals = visible_signals(viewer).filter(person_id=me).order_by("raised_at", "pk")
    checks = visible_checks(viewer).filter(concern__person_id=me).order_by("began_at")
    return {
        "concerns": [_concern(one, notes.get(one.pk, []), me) for one in concerns],
        "follow_ups": [plain(one) for one in rows.values("due_at", "span", "done_at", "dropped")],
        "welfare_checks": [
            plain(one) for one in checks.values("began_at", "found_at", "found_by_id", "how")
        ],
        "signals": [
            plain(one) for one in signals.values("team__name", "raised_at", "not_found_at")
        ],
        "asked_to_explain": _asked(viewer, me),
        "chances": [_chances(one) for one in own_chances(viewer, now=now)],
        "not_to_be_said": [
            plain(one)
            for one in visible_not_about(viewer)
            .order_by("from_at", "pk")
            .values("said", "from_at", "to_at")
        ],
        "looked_for_after": [
            plain(one) for one in visible_graces(viewer).order_by("pk").values("minutes")
        ],
    }


def _asked(viewer: Viewer, me: uuid.UUID) -> list[dict[str, Any]]:
    rows = visible_asked(viewer).filter(person_id=me).order_by("asked_at", "pk")
    return [plain(one) for one in rows.values("asked_at", "answer_by", "answered_at")]


def _concern(row: Concern, notes: list[dict[str, Any]], me: uuid.UUID) -> dict[str, Any]:
    is_hers = row.person_id == me and row.known_at is not None
    found = {name: getattr(row, name) for name in (_OF_HERS if is_hers else _OF_OTHERS)}
    if not is_hers:
        found["person_id"] = row.person_id
    told: dict[str, Any] = plain(found)
    return told | {"kind": str(row.kind), "notes": notes}


def _note(note: ConcernNote, whose: uuid.UUID) -> dict[str, Any]:
    said: dict[str, str] = {}
    if note.sealed is not None:
        try:
            said = private.unseal(whose, note.sealed, purpose=Purpose.OWN_ARCHIVE)
        except private.Shredded:
            said = {}
    told = {"kind": note.kind, "at": note.at, "by_id": note.by_id, "step": note.step}
    plainly: dict[str, Any] = plain(told)
    return plainly | {"said": said}


def _chances(one: TeamChances) -> dict[str, Any]:
    decided = [
        plain({"what": str(each.channel), "well": each.well, "kind": each.kind, "at": each.at})
        for each in one.chances
    ]
    counted = [each.sentence for each in one.said]
    return {"team": one.team, "counted": counted, "decisions": decided}
