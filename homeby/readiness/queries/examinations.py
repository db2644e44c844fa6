"""Examinations for whoever has a part in them: the candidate, who decides, who examines."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import plain
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.rules import Role, Viewer
from homeby.readiness.models import (
    Examination,
    ExaminationMove,
    ExaminationPart,
    Examiner,
    Promotion,
)
from homeby.readiness.queries import days, standing
from homeby.readiness.rules.currency import Standing
from homeby.readiness.rules.examinations import OPEN, AppealState, ExaminationState, Part

#: Who may be asked to decide on a request or an appeal.
DECIDERS = Role.LEADER
LISTED = 200
#: Who is on a board now.
ON_BOARD = Q(is_mentor=False, ended_at__isnull=True)
#: What waits for nobody: it may be done at any time, or never.
_AT_ANY_TIME = frozenset({"withdraw", "appeal", "move"})


def visible_examinations(viewer: Viewer | None) -> models.QuerySet[Examination]:
    """Whoever has a part in it: the candidate, whoever was asked, decided, examines, hears the
    appeal. Nobody else, whatever the role, and nobody of a candidate she is kept away from."""
    if viewer is not None and viewer.is_station:
        return Examination.objects.all()
    if viewer is None or viewer.person_id is None:
        return Examination.objects.none()
    me = viewer.person_id
    board = Examiner.objects.filter(ON_BOARD, person_id=me).values("examination")
    part = Q(person_id=me) | Q(asked_id=me) | Q(decided_by_id=me) | Q(appeal_to_id=me)
    found = Examination.objects.filter(part | Q(pk__in=board))
    return found.exclude(person_id__in=viewer.apart) if viewer.apart else found


def _of_visible(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        return model._default_manager.filter(examination__in=visible_examinations(viewer))

    return visible


def visible_promotions(viewer: Viewer | None) -> models.QuerySet[Promotion]:
    """One's own; leaders of the whole organisation know everybody's."""
    if viewer is not None and viewer.is_station:
        return Promotion.objects.all()
    if viewer is None or viewer.person_id is None:
        return Promotion.objects.none()
    if viewer.has(Role.LEADER):
        return Promotion.objects.exclude(person_id__in=viewer.apart)
    return Promotion.objects.filter(person_id=viewer.person_id)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Examination: visible_examinations,
    Examiner: _of_visible(Examiner),
    ExaminationMove: _of_visible(ExaminationMove),
    ExaminationPart: _of_visible(ExaminationPart),
    Promotion: visible_promotions,
}


@dataclass(frozen=True, kw_only=True)
class ExaminationRow:
    """An examination for a reader; people by what screens call them. `waits_for_me`: the next act
    is the reader's; `may` names the acts that she can do now. `unread`: who has not said yet that
    she has read day and board as they stand; `moves`: what they were before, and why not now."""

    row: Examination
    name: str
    person: str
    asked: str
    decided_by: str
    appeal_to: str
    examiners: list[str]
    mentors: list[str]
    parts: list[Part]
    unread: list[str]
    moves: list[ExaminationMove]
    may: frozenset[str]
    waits_for_me: bool
    is_mine: bool


def examinations(viewer: Viewer, *, now: dt.datetime) -> list[ExaminationRow]:
    """All that the viewer has a part in, the newest first."""
    rows = visible_examinations(viewer).order_by("-asked_at", "pk")[:LISTED]
    return _rows(viewer, rows, now=now)


def examination(viewer: Viewer, key: uuid.UUID, *, now: dt.datetime) -> ExaminationRow | None:
    """One of them; a look at the candidate is recorded."""
    found = _rows(viewer, visible_examinations(viewer).filter(pk=key), now=now)
    if not found:
        return None
    opened(ReadKind.PERSON, what=f"examination:{key}", whose=found[0].row.person_id)
    return found[0]


def _rows(viewer: Viewer, rows: Iterable[Examination], *, now: dt.datetime) -> list[ExaminationRow]:
    found = list(rows)
    keys = [one.pk for one in found]
    seats = list(Examiner.objects.filter(examination__in=keys).order_by("pk"))
    parts = list(ExaminationPart.objects.filter(examination__in=keys).order_by("line"))
    models.prefetch_related_objects(found, "moves")
    of = [(one.person_id, one.asked_id, one.decided_by_id, one.appeal_to_id) for one in found]
    named = {key for group in of for key in group} | {one.person_id for one in seats}
    names = people.names(key for key in named if key not in viewer.apart)
    day = days.today(now=now)
    return [
        _row(
            viewer,
            one,
            [seat for seat in seats if seat.examination_id == one.pk],
            [_part(part) for part in parts if part.examination_id == one.pk],
            names,
            day,
        )
        for one in found
    ]


def _part(row: ExaminationPart) -> Part:
    return Part(line=row.line, name=row.name, passed=row.passed, note=row.note)


def _row(
    viewer: Viewer,
    row: Examination,
    seats: list[Examiner],
    parts: list[Part],
    names: dict[uuid.UUID, str],
    day: dt.date,
) -> ExaminationRow:
    examiners = [one for one in seats if not one.is_mentor and one.ended_at is None]
    board = [one.person_id for one in examiners]
    mentors = [one.person_id for one in seats if one.is_mentor]
    me = viewer.person_id

    def called(key: uuid.UUID | None) -> str:
        return names.get(key, "?") if key is not None else ""

    unread = _unread(row, examiners)
    may = _may(me, row, is_on_board=me in board, unread=unread, day=day)
    return ExaminationRow(
        row=row,
        name=standing.named(row.what),
        person=called(row.person_id),
        asked=called(row.asked_id),
        decided_by=called(row.decided_by_id),
        appeal_to=called(row.appeal_to_id),
        examiners=sorted(called(one) for one in board),
        mentors=sorted(called(one) for one in mentors),
        parts=parts,
        unread=sorted(called(one) for one in unread),
        moves=sorted(row.moves.all(), key=lambda one: one.frame),
        may=may,
        waits_for_me=bool(may - _AT_ANY_TIME),
        is_mine=row.person_id == me,
    )


def _unread(row: Examination, board: Iterable[Examiner]) -> set[uuid.UUID]:
    """Who is to read day and board as they stand, and has not said so."""
    if row.state != ExaminationState.SET:
        return set()
    found = {one.person_id for one in board if one.seen_frame < row.frame}
    return found | ({row.person_id} if row.seen_frame < row.frame else set())


def unread_since(at: dt.datetime, *, day: dt.date) -> list[tuple[Examination, list[uuid.UUID]]]:
    """The examinations still to come that were moved before an instant, and who has not said that
    she has read it. No viewer: they are reminded. Two queries."""
    rows = Examination.objects.filter(
        state=ExaminationState.SET, frame__gt=1, set_at__lte=at, held_date__gte=day
    )
    moved = list(rows.order_by("held_date", "pk"))
    seats = list(Examiner.objects.filter(ON_BOARD, examination__in=moved).order_by("pk"))
    found = [
        (row, sorted(_unread(row, [one for one in seats if one.examination_id == row.pk]), key=str))
        for row in moved
    ]
    return [(row, keys) for row, keys in found if keys]


def _may(
    me: uuid.UUID | None,
    row: Examination,
    *,
    is_on_board: bool,
    unread: set[uuid.UUID],
    day: dt.date,
) -> frozenset[str]:
    state = row.state
    is_hers, is_asked = me == row.person_id, me == row.asked_id
    is_held = row.held_date is not None and row.held_date <= day
    waits = is_on_board and is_held and state == ExaminationState.SET
    found = {
        "withdraw": is_hers and state in OPEN,
        "appeal": is_hers and state == ExaminationState.FAILED and not row.appeal,
        "approve": is_asked and state == ExaminationState.ASKED,
        "refuse": is_asked and state == ExaminationState.ASKED,
        "board": me == row.decided_by_id and state == ExaminationState.APPROVED,
        "move": me == row.decided_by_id and state == ExaminationState.SET,
        "seen": me in unread,
        "result": waits and bool(may_judge(row, [me] if me is not None else [])),
        "review": me == row.appeal_to_id and row.appeal == AppealState.ASKED,
    }
    return frozenset(act for act, is_so in found.items() if is_so)


def may_judge(
    row: Examination,
    board: Iterable[uuid.UUID],
    *,
    held: dt.date | None = None,
    is_first: bool | None = None,
) -> list[uuid.UUID]:
    """Who of these may give the result: whoever holds it on the day on which it is held, where
    anybody here does; no mentor of hers, and not whoever approved the request. `held`, `is_first`:
    the day, and whether nobody holds it, of a board that is being named. No viewer: it decides who
    may."""
    day = row.held_date if held is None else held
    assert day is not None, "a board has its day"
    out = {row.person_id, row.decided_by_id, *standing.mentors_of(row.person_id)}
    keys = [key for key in board if key not in out]
    if bool(row.board_why) if is_first is None else is_first:
        return keys
    stands = standing.standings(row.what, keys, day=day)
    return [key for key in keys if stands[key].standing is Standing.CURRENT]


def refused_by(person_id: uuid.UUID, what: str) -> frozenset[uuid.UUID]:
    """Who refused this person's requests for this before. No viewer: it decides whom she may ask.
    One query."""
    rows = Examination.objects.filter(
        person_id=person_id, what=what, state=ExaminationState.REFUSED
    )
    return frozenset(rows.values_list("decided_by_id", flat=True)) - {None}


def open_for(person_id: uuid.UUID, what: str) -> bool:
    """Whether a request of this person for this is open. No viewer: it decides what may be begun.
    One query."""
    rows = Examination.objects.filter(person_id=person_id, what=what, state__in=OPEN)
    return rows.exists()


def deciders(
    viewer: Viewer, *, but: Iterable[uuid.UUID] = (), now: dt.datetime
) -> list[tuple[uuid.UUID, str]]:
    """Whom the viewer may ask to decide, by what screens call them: leaders, but for these, her
    mentors, and whoever she is kept away from."""
    assert viewer.person_id is not None, "somebody asks"
    out = {viewer.person_id, *but, *standing.mentors_of(viewer.person_id), *viewer.apart}
    keys = [key for key in people.holders(DECIDERS, now=now) if key not in out]
    found = people.names(keys)
    return sorted(found.items(), key=lambda one: one[1].lower())


def may_mentor(viewer: Viewer, *, now: dt.datetime) -> list[tuple[uuid.UUID, str]]:
    """Whom the viewer may name as her mentor, by what screens call them: whoever she may choose,
    and the leaders."""
    offered, _more = people.choices(viewer, limit=500)
    found = {one.person_id: one.label for one in offered if not one.is_unit}
    found |= people.names(people.holders(DECIDERS, now=now))
    out = {viewer.person_id, *viewer.apart}
    return sorted(
        ((key, label) for key, label in found.items() if key not in out),
        key=lambda one: one[1].lower(),
    )


def may_examine(
    viewer: Viewer, row: Examination, *, day: dt.date
) -> list[tuple[uuid.UUID, str, bool]]:
    """Who may sit on the board (id, callsign, whether they hold it): those the viewer may choose,
    and every holder; not the candidate, nor anybody kept away from her or from the viewer."""
    away = apart_from([row.person_id]).get(row.person_id, frozenset())
    out = {row.person_id, *away, *viewer.apart, *barred(row)}
    holders = set(standing.holders_of(row.what, day=day))
    offered, _more = people.choices(viewer, limit=500)
    found = {one.person_id: one.label for one in offered if not one.is_unit}
    found |= people.names(holders)
    shown = [(key, label, key in holders) for key, label in found.items() if key not in out]
    return sorted(shown, key=lambda one: (not one[2], one[1].lower()))


def barred(row: Examination) -> frozenset[uuid.UUID]:
    """Who may not examine here, because another board examines anew after an appeal. No viewer: it
    decides who may."""
    before = row.follows
    if before is None or before.appeal != AppealState.UPHELD:
        return frozenset()
    seats = before.examiners.filter(ON_BOARD)
    return frozenset(seats.values_list("person_id", flat=True))


def board_of(row: Examination) -> list[str]:
    """Who is on the board, by their ids. No viewer: for whoever moves it."""
    seats = row.examiners.filter(ON_BOARD).order_by("pk")
    return [str(key) for key in seats.values_list("person_id", flat=True)]


def had_part(row: Examination) -> list[uuid.UUID]:
    """Who decided or examined, or refused a request of hers for the same before: an appeal goes to
    none of them. No viewer: it decides who may."""
    board = row.examiners.filter(ON_BOARD).values_list("person_id", flat=True)
    found = {row.asked_id, row.decided_by_id, row.result_by_id, *board}
    found |= refused_by(row.person_id, row.what)
    return [key for key in found if key is not None]


def parts_to_repeat(row: Examination) -> list[str]:
    """The parts that were not passed the last time, to begin with when it is tried again. No
    viewer: for whoever names the board."""
    if row.follows is None or row.follows.state != ExaminationState.FAILED:
        return []
    parts = row.follows.parts.filter(passed=False).order_by("line")
    return list(parts.values_list("name", flat=True))


def own_promotions(viewer: Viewer) -> list[tuple[str, dt.date]]:
    """What the viewer was promoted to and from which day, the newest first."""
    if viewer.person_id is None:
        return []
    rows = Promotion.objects.filter(person_id=viewer.person_id).order_by("-from_date", "pk")
    return [(standing.named(one.what), one.from_date) for one in rows]


def own_data(viewer: Viewer) -> dict[str, Any]:
    """The viewer's examinations and promotions, for her archive."""
    if viewer.person_id is None:
        return {}
    names = ("what", "state", "asked_at", "asked_id", "decided_by_id", "decided_at", "decided_why",
             "held_date", "result_at", "appeal", "appeal_text", "appeal_why")  # fmt: skip
    mine = Examination.objects.filter(person_id=viewer.person_id).order_by("asked_at", "pk")
    promoted = Promotion.objects.filter(person_id=viewer.person_id).order_by("from_date", "pk")
    return {
        "examinations": [plain(row) for row in mine.values(*names)],
        "promotions": [plain(row) for row in promoted.values("what", "from_date")],
    }


def day_of(at: dt.datetime) -> dt.date:
    """The day of the organisation on which an instant lies."""
    return at.astimezone(days.here()).date()
