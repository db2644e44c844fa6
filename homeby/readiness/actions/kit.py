"""Kit goes out and comes back: one tap to take, one to bring back, by anybody (`STORY.md` 52-55).

Nothing here is forbidden. What speaks against taking a thing is said, and whoever takes it all the
same says why; her name and her reason stand in the logbook.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions.queries.own import is_going
from homeby.missions.queries.visible import visible_missions
from homeby.people.rules import Viewer
from homeby.readiness.actions.kit_words import tell_former_holder, tell_missing
from homeby.readiness.models import KitContent, KitItem
from homeby.readiness.queries import days
from homeby.readiness.queries import kit as queries
from homeby.readiness.rules import kit as rules
from homeby.readiness.rules.kit import KitState, Returned

WHY_MAX = 500
NOBODY = {
    "held_by_id": None,
    "held_at": None,
    "mission_id": None,
    "remind_at": None,
    "reminded": 0,
}
#: What was taken for no outing is asked for after a day.
FOR_A_DAY = dt.timedelta(hours=24)


@contextmanager
def _at(item_id: uuid.UUID, by: Viewer, now: dt.datetime) -> Iterator[tuple[logbook.Book, KitItem]]:
    """The thing, locked; a sentence where there is none, or nobody in particular asks."""
    if by.person_id is None:
        raise Refused(_("Whoever takes or brings kit logs in."))
    with logbook.writing(now=now, by=by.person_id) as book:
        row = KitItem.objects.select_for_update().filter(pk=item_id, ended_at__isnull=True).first()
        if row is None:
            raise Refused(_("This is here no more."))
        yield book, row


@logbook.once
def take(
    *,
    item_id: uuid.UUID,
    mission_id: uuid.UUID | None = None,
    why: str = "",
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Take a thing, for an outing or for a day; from its place, or from whoever has it. What speaks
    against it is said first, and a reason goes past that. Raises Refused."""
    with _at(item_id, by, now) as (book, row):
        _check_mission(mission_id, by)
        is_hers = row.state == KitState.OUT and row.held_by_id == by.person_id
        if is_hers and row.mission_id == mission_id:
            raise Refused(_("You have it already."))
        facts = queries.facts_of(row, queries.parts_of(row))
        today = days.today(now=now)
        doubts = rules.against(facts, for_mission=mission_id is not None, today=today)
        if doubts and not why.strip():
            raise Refused(why=" ".join([*doubts, _("If you take it all the same, say why.")]))
        kind = rules.KIT_HANDED_OVER if row.held_by_id else rules.KIT_TAKEN
        answer = _("You have %s now.") % row.label
        page = book.entry(
            kind,
            subject=f"kit:{row.pk}",
            person=by.person_id,
            facts={"against": doubts, "why": why.strip()[:WHY_MAX], "mission": mission_id},
            tap=tap,
            answer=answer,
        )
        tell_former_holder(page, row, by)
        page.change(
            row,
            state=KitState.OUT,
            held_by_id=by.person_id,
            held_at=now,
            mission_id=mission_id,
            was_damaged=rules.is_damaged(facts),
            remind_at=None if mission_id else now + FOR_A_DAY,
            reminded=0,
        )
    return answer


def _check_mission(mission_id: uuid.UUID | None, by: Viewer) -> None:
    """Kit goes along with those who go: whoever searches for them reads what they carry."""
    if mission_id is None:
        return
    if not visible_missions(by).filter(pk=mission_id).exists():
        raise Refused(mission=_("There is no such mission."))
    if not is_going(by, mission_id):
        raise Refused(
            mission=_("You are not on this mission, or are back; take it for a day instead.")
        )


@dataclass(frozen=True, kw_only=True)
class ReturnFields:
    """How a thing comes back; `used` says how many of each line of the set were used up."""

    how: Returned = Returned.AS_IT_WAS
    used: Mapping[str, int] | None = None
    note: str = ""


@logbook.once
def give_back(
    *, item_id: uuid.UUID, fields: ReturnFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A thing is in its place again, whoever brought it. A set is checked before it is ready.
    Raises Refused."""
    with _at(item_id, by, now) as (book, row):
        if row.state not in (KitState.OUT, KitState.MISSING):
            raise Refused(_("It is in its place already."))
        contents = {one.name: one for one in row.contents.all()}
        used = {name: count for name, count in (fields.used or {}).items() if count}
        _check_used(contents, used)
        state = rules.after_return(
            queries.facts_of(row, queries.parts_of(row)), how=Returned(fields.how)
        )
        answer = (
            _("Thank you. %s is in its place.")
            if state is KitState.READY
            else _("Thank you. Somebody checks %s before it is ready again; that can wait.")
        ) % row.label
        page = book.entry(
            rules.KIT_RETURNED,
            subject=f"kit:{row.pk}",
            person=row.held_by_id,
            facts={"how": fields.how, "used": used, "note": fields.note.strip()[:WHY_MAX]},
            tap=tap,
            answer=answer,
        )
        for name, count in used.items():
            page.change(contents[name], there=contents[name].there - count)
        page.change(row, state=state, was_damaged=False, **NOBODY)
    return answer


def _check_used(contents: Mapping[str, KitContent], used: Mapping[str, int]) -> None:
    for name, count in used.items():
        if name not in contents:
            raise Refused(used=_("%s does not belong to this set.") % name)
        if not 0 <= count <= contents[name].there:
            raise Refused(
                used=_("%(name)s: at most %(count)d were in it.")
                % {"name": name, "count": contents[name].there}
            )


@dataclass(frozen=True, kw_only=True)
class CheckFields:
    """What somebody found: how many of each line are there (what is left out is as it was), whether
    it was inspected, and why it may go although something speaks against it."""

    there: Mapping[str, int] | None = None
    inspected: bool = False
    mended: bool = False
    why: str = ""


@logbook.once
def check(
    *, item_id: uuid.UUID, fields: CheckFields, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Somebody looked it through. It is ready when nothing speaks against taking it, or when a
    reason says that it may go all the same. Raises Refused."""
    with _at(item_id, by, now) as (book, row):
        if row.held_by_id is not None:
            raise Refused(_("Somebody has it; it is brought back first."))
        there = _counted(row, fields.there or {})
        day = days.today(now=now)
        inspected = day if fields.inspected else row.inspected_date
        parts = [replace(one, there=there[one.name]) for one in queries.parts_of(row)]
        facts = queries.facts_of(row, parts)
        facts = replace(facts, state=KitState.READY, was_damaged=False, inspected_date=inspected)
        doubts = rules.against(facts, for_mission=False, today=day)
        is_broken = rules.is_damaged(queries.facts_of(row, parts)) and not fields.mended
        if is_broken:
            doubts = [_("It is damaged: say that it is mended, or why it may go."), *doubts]
        if is_ready := not doubts or bool(fields.why.strip()):
            answer = _("%s is ready.") % row.label
        else:
            answer = " ".join([_("Kept, and %s is not ready yet.") % row.label, *doubts])
        page = book.entry(
            rules.KIT_CHECKED,
            subject=f"kit:{row.pk}",
            facts={
                "inspected": fields.inspected,
                "mended": fields.mended,
                "why": fields.why.strip()[:WHY_MAX],
            },
            tap=tap,
            answer=answer,
        )
        for one in row.contents.all():
            if there[one.name] != one.there:
                page.change(one, there=there[one.name])
        state = KitState.DAMAGED if is_broken else KitState.TO_CHECK
        state = KitState.READY if is_ready else state
        stays = is_broken and is_ready  # whoever takes it next reads it, until it is mended
        page.change(row, state=state, was_damaged=stays, inspected_date=inspected)
    return answer


def _counted(row: KitItem, said: Mapping[str, int]) -> dict[str, int]:
    """How many of each line are there: as was said, else as before."""
    there = {one.name: said.get(one.name, one.there) for one in row.contents.all()}
    for name, count in there.items():
        if not 0 <= count <= rules.COUNT_MAX:
            raise Refused(there=_("%s: a number from 0 on, please.") % name)
    return there


@logbook.once
def report_missing(*, item_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A thing is not where it should be, or lost outside. Nobody is blamed: it says what is so.
    What another has out stays with her and her outing until she, or whoever finds it, says
    otherwise; she and whoever keeps the kit room hear of it."""
    with _at(item_id, by, now) as (book, row):
        is_hers = row.held_by_id == by.person_id  # she says last where it is not
        if row.state == KitState.MISSING and not is_hers:
            raise Refused(_("It is reported missing already."))
        answer = _("Kept: %s is missing.") % row.label
        page = book.entry(
            rules.KIT_MISSING,
            subject=f"kit:{row.pk}",
            person=row.held_by_id,
            tap=tap,
            answer=answer,
        )
        tell_missing(page, row)
        stays = row.held_by_id is not None and not is_hers
        damaged = row.was_damaged or row.state == KitState.DAMAGED
        values = {} if stays else NOBODY
        page.change(row, state=KitState.MISSING, was_damaged=damaged, **values)
    return answer


@logbook.once
def find(*, item_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A thing that was missing is in its place; somebody checks it before it is ready."""
    with _at(item_id, by, now) as (book, row):
        if row.state != KitState.MISSING:
            raise Refused(_("It is not missing."))
        answer = _("Good. Somebody checks %s before it is ready again.") % row.label
        page = book.entry(rules.KIT_FOUND, subject=f"kit:{row.pk}", tap=tap, answer=answer)
        state = KitState.DAMAGED if row.was_damaged else KitState.TO_CHECK
        page.change(row, state=state, was_damaged=False, **NOBODY)
    return answer
