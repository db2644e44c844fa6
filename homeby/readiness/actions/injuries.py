"""Somebody is hurt: told by herself, a colleague or her kin, at any time, also from outside; facts,
sealed. A medic hears at once, and the watch waits for a second look. Another medic clears.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions.queries.duties import went_together
from homeby.people import private
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.rules import KIN_PAGE, Role, Viewer
from homeby.readiness.actions.injury_look import Look as Look
from homeby.readiness.actions.injury_look import check_look, said_of
from homeby.readiness.models import Injury, InjuryNote
from homeby.readiness.queries import days
from homeby.readiness.queries import injuries as queries
from homeby.readiness.queries import rest as resting
from homeby.readiness.queries.rest_known import known_of
from homeby.readiness.rules import injuries as rules
from homeby.readiness.rules import kinds_of_rest as kinds
from homeby.readiness.rules.injuries import InjuryState, Level, NoteKind, ToldAs
from homeby.watch.actions import acts
from homeby.watch.actions.notices import notify
from homeby.watch.actions.recipients import officers_about
from homeby.watch.rules import kin as kin_rules

LOOK = gettext_noop("Somebody is to look after %(who)s.")
AWAKE = gettext_noop("%(who)s is to say how they are after sleeping.")
#: The watch hears of a look that nobody took after so long.
GRACE = dt.timedelta(minutes=30)
FIRST_SLEEP = dt.timedelta(hours=8)
AFTER_SLEEP = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is said of whose injury, and who says it (`by_id` None: one of her kin)."""

    person_id: uuid.UUID
    facts: Mapping[str, str]
    told_as: ToldAs
    by_id: uuid.UUID | None
    mission_id: uuid.UUID | None = None


def ref_of(injury: Injury) -> str:
    """By which the watch knows the next look at it."""
    return f"recheck:{injury.pk}"


def wake_ref(person_id: uuid.UUID) -> str:
    """By which the watch knows that somebody is to say how she is after sleeping."""
    return f"wake:{person_id}"


@logbook.once
def tell(
    *, person_id: uuid.UUID, facts: Mapping[str, str], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Somebody says that she, or another, is hurt: facts by name (`rules.FIELDS`). At any time,
    from outside too; late is no fault. Raises Refused with a sentence beside each field."""
    if by.person_id is None:
        raise Refused(_("Log in first, or say it at the gate."))
    if problems := rules.problems_with(facts):
        raise Refused(**problems)
    is_own = person_id == by.person_id
    if not is_own and not _knows(by, person_id):
        raise Refused(_("There is no such person here."))
    told_as = ToldAs.SELF if is_own else ToldAs.COLLEAGUE
    told = Told(person_id=person_id, facts=facts, told_as=told_as, by_id=by.person_id)
    return _written(told, now=now, tap=tap)


@logbook.once
def tell_as_kin(
    *, person_id: uuid.UUID, facts: Mapping[str, str], now: dt.datetime, tap: Tap
) -> str:
    """One of her kin says it on the page of her link, which shows who she is. Raises Refused."""
    if problems := rules.problems_with(facts):
        raise Refused(**problems)
    told = Told(person_id=person_id, facts=facts, told_as=ToldAs.KIN, by_id=None)
    return _written(told, now=now, tap=tap)


def _knows(by: Viewer, person_id: uuid.UUID) -> bool:
    """Whether she sees this person in a list, or was out with her; nobody whom she is kept from."""
    seen = people.visible_people(by).filter(pk=person_id).exists()
    return seen or person_id in went_together(by)


def _written(told: Told, *, now: dt.datetime, tap: Tap) -> str:
    answer = _("Kept, sealed. A medic is told, and somebody looks again.")
    device = KIN_PAGE if told.by_id is None else tap.device
    with logbook.writing(now=now, by=told.by_id, device=device) as book:
        word = _KinWord() if told.by_id is not None else _by_kin(told, now=now)
        if not word.is_kept:
            return answer
        page = book.entry(
            kinds.INJURY_TOLD,
            subject=f"person:{told.person_id}",
            person=told.person_id,
            tap=tap,
            answer=answer,
        )
        opened(page, told, rings=word.rings)
    return answer


@dataclass(frozen=True, kw_only=True)
class _KinWord:
    """Whether a word of kin is kept, and whether medics hear of it: anybody may have the link."""

    is_kept: bool = True
    rings: bool = True


def _by_kin(told: Told, *, now: dt.datetime) -> _KinWord:
    """The limit of worries: medics hear the first word of kin, then one each half hour; between
    them the first ten are kept. What is graver than what is known is always kept, and heard."""
    rows = Injury.objects.select_for_update().filter(person_id=told.person_id)
    row = rows.filter(state=InjuryState.OPEN).order_by("told_at").first()
    if row is None:
        return _KinWord()
    level, known = _level(told, now=now), Level(row.level)
    if level != known and rules.graver(level, known) == level:
        return _KinWord()
    rang, count = None, 0
    for at in queries.told_by_kin(row.pk):
        if kin_rules.rings(rang, now=at):
            rang, count = at, 0
        count += 1
    rings = kin_rules.rings(rang, now=now)
    return _KinWord(is_kept=rings or kin_rules.is_kept(count), rings=rings)


def opened(
    page: Page, told: Told, *, rings: bool = True, wake_at: dt.datetime | None = None
) -> Injury:
    """Open the injury, or add to the one that is open, as part of an entry: medics hear (`rings`),
    and the watch waits for a second look. An update never puts a look off."""
    now = page.book.now
    level = _level(told, now=now)
    rows = Injury.objects.select_for_update().filter(person_id=told.person_id)
    row = rows.filter(state=InjuryState.OPEN).order_by("told_at").first()
    if row is None:
        row = Injury(
            id=uuid.uuid4(),
            person_id=told.person_id,
            mission_id=told.mission_id,
            told_at=now,
            state=InjuryState.OPEN,
            level=level,
            check_at=rules.check_at(level, now=now),
        )
        page.add(row)
        sooner, kind = True, NoteKind.TOLD
    else:
        level = rules.graver(level, Level(row.level))
        check_at = rules.check_at(level, now=now)
        sooner, kind = row.check_at is None or check_at < row.check_at, NoteKind.UPDATE
        if row.clears_at is not None:  # what is told ends a set time: somebody looks again
            sooner = True
            page.change(row, clears_at=None, clears_by_id=None)
        if sooner or level != row.level:
            page.change(row, level=level, check_at=check_at if sooner else row.check_at)
    note(page, row, told, kind)
    if rings:
        _tell_medics(page, row, told)
    if sooner:
        await_look(page, row, by=told.by_id)
    await_waking(page, told.person_id, by=told.by_id, due_at=wake_at or now + FIRST_SLEEP)
    return row


def _level(told: Told, *, now: dt.datetime) -> Level:
    known = known_of([told.person_id], now=now)[told.person_id]
    return rules.level_of(told.facts, spent=resting.spent(known, zone=days.zone(), now=now))


def note(page: Page, row: Injury, told: Told, kind: NoteKind) -> None:
    """Keep what was said, sealed under her key."""
    facts = {name: text for name, text in told.facts.items() if text}
    page.add(
        InjuryNote(
            id=uuid.uuid4(),
            injury_id=row.pk,
            told_at=page.book.now,
            told_as=told.told_as,
            by_id=told.by_id,
            kind=kind,
            sealed=private.seal(row.person_id, facts),
        )
    )


def await_look(page: Page, row: Injury, *, by: uuid.UUID | None) -> None:
    """The watch waits for the next look; medics hear of it, then whoever holds the watch."""
    assert row.check_at is not None, "an open injury is looked at again"
    act = acts.ActDue(
        ref=ref_of(row),
        person_id=row.person_id,
        title=people.names([row.person_id]).get(row.person_id, "?"),
        wanted=LOOK,
        due_at=row.check_at,
        responsible=(Role.MEDIC,),
        zone=days.zone(),
        grace=GRACE,
        is_gentle=True,
    )
    acts.await_act(page, act, by=by)


def await_waking(
    page: Page, person_id: uuid.UUID, *, by: uuid.UUID | None, due_at: dt.datetime
) -> None:
    """After her first sleep she is asked how she is; a medic hears where she does not say, and then
    whom of her kin she allowed to be asked to look in (`STORY.md` 58). What is asked sooner, or has
    an alarm, stays as it is: an update never puts it off."""
    if acts.is_awaited(wake_ref(person_id), by_at=due_at):
        return
    act = acts.ActDue(
        ref=wake_ref(person_id),
        person_id=person_id,
        title=people.names([person_id]).get(person_id, "?"),
        wanted=AWAKE,
        due_at=due_at,
        responsible=(Role.MEDIC,),
        zone=days.zone(),
        grace=GRACE,
        is_gentle=True,
        asks_kin=True,
    )
    acts.await_act(page, act, by=by)


def _tell_medics(page: Page, row: Injury, told: Told) -> None:
    """Every medic but herself and whoever is kept away from her; no fact and no name leaves the
    page, for others read the outbox. Where there is none, whoever holds the watch hears after whom
    somebody is to look: no page would say it to them."""
    now, person_id = page.book.now, row.person_id
    away = {key for keys in apart_from([person_id]).values() for key in keys}
    medics = [
        key
        for key in people.holders_over(person_id, Role.MEDIC, now=now)
        if key not in away and key not in (person_id, told.by_id)
    ]
    urgent = row.level == Level.NOW

    def to_medic() -> tuple[str, str]:
        head = (
            _("Somebody waits for a medic: look now") if urgent else _("Somebody waits for a medic")
        )
        return head, _("Who it is stands on the page of the injuries. Open it there.")

    def to_officer() -> tuple[str, str]:
        who = people.names([person_id]).get(person_id, "?")
        text = _("No medic can be told. Find somebody who looks after them.")
        return _("Somebody is to look after %s.") % who, text

    key, about = f"injury:{page.entry.entry_id}", ref_of(row)
    if medics:
        notify(page, medics, to_medic, key=key, about=about, in_danger=urgent)
    else:
        to = officers_about([person_id], now=now, knows=[told.by_id])
        notify(page, to, to_officer, key=key, about=about)


# --- a medic looks again --------------------------------------------------------------------------


@logbook.once
def look_again(*, injury_id: uuid.UUID, look: Look, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A medic who is not the one that was hurt looks again: cleared, at once or by a set time, or
    looked at once more in some hours. Raises Refused."""
    check_look(look, now=now)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _seen(injury_id, by)
        problem = rules.problem_with_clearing(
            person_id=row.person_id, by=by.person_id, is_medic=by.has_somewhere(Role.MEDIC)
        )
        if problem:
            raise Refused(problem)
        kind, answer = said_of(look)
        page = book.entry(
            kind,
            subject=f"person:{row.person_id}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        told = Told(
            person_id=row.person_id,
            facts={"cause": look.said.strip()[: rules.TEXT_MOST]},
            told_as=ToldAs.MEDIC,
            by_id=by.person_id,
        )
        note(page, row, told, NoteKind.CLEARANCE if look.clears else NoteKind.CHECK)
        _looked(book, page, row, look, by=by)
    return answer


def _seen(injury_id: uuid.UUID, by: Viewer) -> Injury:
    rows = Injury.objects.select_for_update().filter(pk=injury_id, state=InjuryState.OPEN)
    if by.person_id is None or not queries.visible_injuries(by).filter(pk=injury_id).exists():
        raise Refused(_("There is nothing here that you may open."))
    row = rows.first()
    if row is None:
        raise Refused(_("It is cleared already."))
    return row


def _looked(book: Book, page: Page, row: Injury, look: Look, *, by: Viewer) -> None:
    now = book.now
    assert by.person_id is not None, "a medic logs in"
    acts.act_done(book, ref_of(row), by=by.person_id, how=_("Somebody has looked."))
    if look.clears:
        cleared(page, row, by=by.person_id, not_before_at=look.not_before_at)
        return
    if look.clears_at is not None:
        page.change(
            row,
            check_at=look.clears_at,
            not_before_at=look.not_before_at,
            clears_at=look.clears_at,
            clears_by_id=by.person_id,
        )
        return
    assert look.again_hours is not None, "looked at again, or cleared"
    check_at = now + dt.timedelta(hours=look.again_hours)
    again = {"clears_at": None, "clears_by_id": None, "not_before_at": look.not_before_at}
    page.change(row, check_at=check_at, **again)
    await_look(page, row, by=by.person_id)


def cleared(page: Page, row: Injury, *, by: uuid.UUID, not_before_at: dt.datetime | None) -> None:
    """It is cleared, by a medic or by the time that she set: nobody asks any more how she woke."""
    page.change(
        row,
        state=InjuryState.CLEARED,
        check_at=None,
        not_before_at=not_before_at,
        ended_at=page.book.now,
        ended_by_id=by,
        clears_at=None,
        clears_by_id=None,
    )
    if not queries.open_of(row.person_id):
        acts.drop_act(page, wake_ref(row.person_id), by=by, why=_("Somebody has looked."))


@logbook.once
def open_notes(*, injury_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A medic opens what was said of an injury: first it is written down, where the person herself
    reads it; the page then shows it. Raises Refused where there is nothing to open."""
    row = queries.injury(by, injury_id)
    if row is None:
        raise Refused(_("There is nothing here that you may open."))
    answer = _("Opened; she sees in the logbook that you did.")
    with logbook.writing(now=now, by=by.person_id) as book:
        book.entry(
            kinds.INJURY_OPENED,
            subject=f"person:{row.row.person_id}",
            person=row.row.person_id,
            tap=tap,
            answer=answer,
        )
    return answer
