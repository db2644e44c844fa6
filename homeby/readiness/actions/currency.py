"""The last day on which what is held is current, worked out anew whenever something bears on it,
and what the station does about it by itself: it counts what was done, and warns before the end."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.missions.queries.done import Outing, members_over, outings_over
from homeby.people import queries as people
from homeby.people.queries.apart import apart_from
from homeby.people.queries.led import teams_of
from homeby.people.rules import Role
from homeby.readiness.models import Holding, PartyPosition
from homeby.readiness.queries import days
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules import currency as rules
from homeby.readiness.rules import skill_kinds as kinds
from homeby.readiness.rules.currency import WARN_DAYS
from homeby.readiness.rules.qualifications import Qualifications, Record
from homeby.watch.actions.notices import notify

#: So many days before the end, and at the end, whoever leads her hears of it as well.
LEADERS_DAYS = 14
#: A round goes through so many at most; the rest an hour later.
ROUND_MAX = 2000


def refresh(
    page: Page, person_ids: Collection[uuid.UUID], catalogue: Qualifications | None = None
) -> int:
    """Work out anew until when these people's qualifications are current, by what is recorded now;
    gives how many have another end. Four queries."""
    catalogue = queries.known() if catalogue is None else catalogue
    held = Holding.objects.filter(person_id__in=person_ids).select_related("qualification")
    found = queries.records(person_ids)
    changed = 0
    for row in held.order_by("pk"):
        through = through_of(row, found[row.person_id], catalogue)
        if through != row.through_date:
            page.change(row, through_date=through)
            changed += 1
    return changed


def through_of(row: Holding, record: Record, catalogue: Qualifications) -> dt.date | None:
    """The last day of one row by what is recorded of its person; None: no end."""
    key = row.qualification.key
    kept_by = rules.keeps_current(key, catalogue)
    done = sorted(one.days for one in record.performed if one.key in kept_by and not one.as_trainee)
    return rules.through_date(queries.holding_of(row, key), catalogue.get(key), done)


def count_done(*, now: dt.datetime) -> int:
    """Make up the positions of missions that are back: they count as done from now on, and what
    they keep current has another end. Gives how many. Safe to repeat and to interrupt."""
    is_over = members_over().filter(
        mission_id=OuterRef("mission_id"), person_id=OuterRef("person_id")
    )
    waiting = list(
        PartyPosition.objects.filter(Exists(is_over), done_date__isnull=True)
        .order_by("pk")
        .values_list("mission_id", "person_id")[:ROUND_MAX]
    )
    if not waiting:
        return 0
    over = outings_over(waiting)
    counted = 0
    for mission_id, person_id in dict.fromkeys(waiting):
        outing = over.get((mission_id, person_id))
        if outing is not None:
            with logbook.writing(now=now, by=None, device="station") as book:
                counted += count(book, outing)
    return counted


def count(book: Book, outing: Outing) -> int:
    """The positions of one person on a mission that is over, counted; within an open book. The kind
    of the mission goes before what was said with the position."""
    rows = list(
        PartyPosition.objects.select_for_update(of=("self",))
        .filter(mission_id=outing.mission_id, person_id=outing.person_id, done_date__isnull=True)
        .select_related("qualification")
        .order_by("pk")
    )
    if not rows:
        return 0
    assert outing.back_at is not None, "whoever is counted is back"
    hours = round((outing.back_at - outing.out_at) / dt.timedelta(hours=1), 2)
    begun, day = (at.astimezone(days.here()).date() for at in (outing.out_at, outing.back_at))
    page = book.entry(
        kinds.QUALIFICATION_DONE,
        subject=f"mission:{outing.mission_id}",
        person=outing.person_id,
        facts={"keys": [row.qualification.key for row in rows], "hours": hours},
    )
    of_kind: dict[str, object] = (
        {"mission_kind": outing.kind, "is_exercise": outing.is_exercise} if outing.kind else {}
    )
    for row in rows:
        page.change(row, done_date=day, begun_date=begun, hours=max(hours, 0.0), **of_kind)
    refresh(page, [outing.person_id])
    return len(rows)


def warn(*, now: dt.datetime) -> int:
    """Tell people of what of theirs ends within two months, once for each end, and again two weeks
    before, when whoever leads them hears of it as well. Gives how many were told."""
    day = days.today(now=now)
    soon = Q(through_date__gte=day, through_date__lte=day + dt.timedelta(days=WARN_DAYS))
    fresh = ~Q(warned_through=F("through_date")) | Q(warned_through__isnull=True)
    again = Q(warnings__lt=2, through_date__lte=day + dt.timedelta(days=LEADERS_DAYS))
    rows = Holding.objects.filter(
        soon & (fresh | again), queries.current_sql(day), person__is_active=True
    )
    keys = list(rows.order_by("through_date", "pk").values_list("pk", flat=True)[:ROUND_MAX])
    return sum(_warn(key, day, now=now) for key in keys)


def _warn(key: uuid.UUID, day: dt.date, *, now: dt.datetime) -> bool:
    with logbook.writing(now=now, by=None, device="station") as book:
        row = Holding.objects.select_for_update(of=("self",)).filter(pk=key).first()
        if row is None or row.through_date is None:
            return False
        count = row.warnings if row.warned_through == row.through_date else 0
        is_near = (row.through_date - day).days <= LEADERS_DAYS
        if count >= 2 or (count == 1 and not is_near) or _goes_on(row, day):
            return False
        page = book.entry(
            kinds.QUALIFICATION_WARNED, subject=f"holding:{row.pk}", person=row.person_id
        )
        _tell(page, row, leaders=count == 1)
        page.change(row, warned_through=row.through_date, warnings=count + 1)
    return True


def _goes_on(row: Holding, day: dt.date) -> bool:
    """Whether the same is held longer by another row: then nothing ends."""
    mine = queries.standings([row.person_id], [row.qualification.key], day=day)
    best = mine[row.person_id][row.qualification.key]
    assert row.through_date is not None, "asked for as ending"
    return best.through is None or best.through > row.through_date


def _tell(page: Page, row: Holding, *, leaders: bool) -> None:
    name = row.qualification.name
    assert row.through_date is not None, "asked for as ending"
    said = {"name": name, "day": instants.day(row.through_date), "who": row.person.shown_as}

    def to_her() -> tuple[str, str]:
        text = _(
            "%(name)s is valid through %(day)s. What keeps it current, and what is missing, stands "
            "on your page “My qualifications”."
        )
        return _("Ends soon: %(name)s") % said, text % said

    def to_leaders() -> tuple[str, str]:
        text = _("%(name)s of %(who)s is valid through %(day)s. They were told before you.")
        return _("Ends soon: %(name)s of %(who)s") % said, text % said

    key, about = f"holding:{page.entry.entry_id}", f"holding:{row.pk}"
    notify(page, [row.person_id], to_her, key=key, about=about, in_danger=False)
    if leaders:
        to = _leaders_of(row.person_id, now=page.book.now)
        notify(page, to, to_leaders, key=f"{key}/leaders", about=about, in_danger=False)


def _leaders_of(person_id: uuid.UUID, *, now: dt.datetime) -> list[uuid.UUID]:
    """Who leads a team of hers; nobody who is kept away from her."""
    away = apart_from([person_id]).get(person_id, frozenset())
    found = [
        leader
        for team in sorted(teams_of([person_id]).get(person_id, ()))
        for leader in people.holders(Role.LEADER, now=now, team_id=team)
    ]
    return [one for one in dict.fromkeys(found) if one != person_id and one not in away]
