"""Reading who looked at whom: for her of whom they are, and for whoever may read the whole record;
and the entries by person, kind, actor and time.

A list is a look of nobody in particular: whom it concerned is found by when she was out.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDate

from homeby.logbook.models import Entry, Read
from homeby.logbook.queries import line_of, visible_entries, visible_reads
from homeby.logbook.reading import ERASED, FIRST_PERSON, OF_EVERYBODY, ReadKind, of_team
from homeby.logbook.rules import KINDS, LOOKS_EMPTIED, Line, Reader

#: From an instant until another (None: still), for a team or for none.
Span = tuple[dt.datetime, dt.datetime | None, uuid.UUID | None]


@dataclass(frozen=True, kw_only=True)
class Hers:
    """What is hers, as the rooms above know it: the references of her missions, when she was out.
    Of what was looked at since `hidden_from` she learns nothing yet, of looks by those in `unseen`
    never; on the lists of those in `apart` she does not stand from that instant on."""

    refs: tuple[str, ...] = ()
    out: tuple[Span, ...] = ()
    hidden_from: dt.datetime | None = None
    unseen: frozenset[uuid.UUID] = frozenset()
    apart: tuple[tuple[uuid.UUID, dt.datetime], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Looks:
    """The looks of one reader on one day at one thing for one reason. `is_list`: she was one of
    many on it."""

    day: dt.date
    viewer_id: uuid.UUID
    viewed_as: str
    kind: str
    what: str
    why: str
    count: int
    first_at: dt.datetime
    last_at: dt.datetime

    @property
    def is_list(self) -> bool:
        """Whether it was a list on which she stood with others."""
        return self.kind in OF_EVERYBODY or self.kind == ReadKind.BOARD


def _any(parts: Iterable[Q]) -> Q:
    return reduce(or_, parts, Q(pk__in=()))


def _of(person_id: uuid.UUID, hers: Hers) -> Q:
    """What concerns her: looks at her and her missions; lists of everybody; and those of who is
    out on which she stood: while she was out, and of the lists of a team, for that team."""
    listed = _any(
        Q(at__gte=since) & (Q() if until is None else Q(at__lte=until)) & _on_list_of(team)
        for since, until, team in hers.out
    )
    nobodys = Q(whose__isnull=True)
    return (
        Q(whose=person_id)
        | nobodys & Q(what__in=hers.refs)
        | nobodys & Q(kind__in=OF_EVERYBODY)
        | Q(kind=ReadKind.BOARD) & listed
    )


def _on_list_of(team: uuid.UUID | None) -> Q:
    """The lists of who is out on which somebody stands who is out for this team."""
    whole = ~Q(what__contains=of_team("", "")) & ~Q(what__startswith="mission:")
    return whole if team is None else whole | Q(what__endswith=of_team("", str(team)))


def whole() -> Q:
    """The looks of which more is left than that there were such."""
    return Q(viewer_id__gte=FIRST_PERSON) | ~Q(what__startswith=ERASED)


def at_me(
    viewer: Reader, hers: Hers, *, since: dt.datetime, until: dt.datetime, zone: ZoneInfo
) -> list[Looks]:
    """Who looked at the viewer in this time, the newest first, by days of this zone. One query."""
    if viewer.person_id is None:
        return []
    end = until if hers.hidden_from is None else min(until, hers.hidden_from)
    rows = Read.objects.filter(whole(), _of(viewer.person_id, hers), at__gte=since, at__lt=end)
    rows = rows.exclude(viewer_id__in=hers.unseen | {viewer.person_id})
    if hers.apart:
        without_her = _any(Q(viewer_id=key, at__gte=since) for key, since in hers.apart)
        rows = rows.exclude(Q(kind__in=[*OF_EVERYBODY, ReadKind.BOARD]) & without_her)
    grouped = rows.annotate(day=TruncDate("at", tzinfo=zone)).values(
        "day", "viewer_id", "viewed_as", "kind", "what", "why"
    )
    found = grouped.annotate(count=Count("pk"), first_at=Min("at"), last_at=Max("at"))
    return [Looks(**row) for row in found.order_by("-day", "-last_at", "kind", "what")]


def begin() -> dt.datetime | None:
    """When the first look that is still told was written down. No viewer: it is of nobody. One
    query."""
    return Read.objects.filter(whole()).order_by("number").values_list("at", flat=True).first()


def were_emptied(*, since: dt.datetime, until: dt.datetime) -> bool:
    """Whether looks of this time were emptied because it is over: one of which both people were
    erased at their wish is as empty, and was not. No viewer: it is of nobody. One query."""
    over = Entry.objects.filter(kind=LOOKS_EMPTIED).values("entry_id")
    return Read.objects.filter(at__gte=since, at__lt=until, erased_by__in=over).exists()


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which looks, or entries, a list shows; None or "" where anything will do. `hers`: of looks
    at one person, what is hers. `own`: what is the viewer's, whose looks some hide from her."""

    person_id: uuid.UUID | None = None
    hers: Hers = Hers()
    own: Hers = Hers()
    actor_id: uuid.UUID | None = None
    kind: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None


def listed(viewer: Reader | None, wanted: Wanted) -> models.QuerySet[Read]:
    """The looks that the viewer may read, the newest first, without those that were emptied when
    their time was over. Paginate."""
    rows = _but_hidden(viewer, wanted.own, visible_reads(viewer)).filter(whole())
    if wanted.person_id is not None:
        rows = rows.filter(_of(wanted.person_id, wanted.hers))
    named = {
        "viewer_id": wanted.actor_id,
        "kind": wanted.kind or None,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }
    given = {name: value for name, value in named.items() if value is not None}
    return rows.filter(**given).order_by("-number")


def _but_hidden(
    viewer: Reader | None, own: Hers, rows: models.QuerySet[Read]
) -> models.QuerySet[Read]:
    """Without the looks of which the viewer is told nothing on her own page either."""
    if viewer is None or viewer.person_id is None:
        return rows
    rows = rows.exclude(viewer_id__in=own.unseen)
    if own.hidden_from is None:
        return rows
    at_her = _of(viewer.person_id, own) & ~Q(viewer_id=viewer.person_id)
    return rows.exclude(at_her & Q(at__gte=own.hidden_from))


def entries(viewer: Reader | None, wanted: Wanted) -> models.QuerySet[Entry]:
    """The entries that the viewer may read, the newest first. Paginate, then `lines_of`."""
    rows = visible_entries(viewer).select_related("content")
    if wanted.person_id is not None:
        about = Q(person_id=wanted.person_id) | Q(subject=f"person:{wanted.person_id}")
        rows = rows.filter(about)
    named = {
        "actor_id": wanted.actor_id,
        "kind": wanted.kind or None,
        "recorded_at__gte": wanted.since,
        "recorded_at__lt": wanted.until,
    }
    given = {name: value for name, value in named.items() if value is not None}
    return rows.filter(**given).order_by("-number")


def lines_of(rows: Iterable[Entry]) -> list[Line]:
    """These entries as they are read."""
    return [line_of(row) for row in rows]


def kinds_for(viewer: Reader) -> list[tuple[str, str]]:
    """The kinds of entry that the viewer may read, and their words, by these."""
    found = [(one.name, one.said) for one in KINDS.values() if viewer.may_read(one.seen_by)]
    return sorted(found, key=lambda one: one[1].lower())


def under(
    viewer_id: uuid.UUID,
    *,
    refs: Sequence[str],
    people: Sequence[uuid.UUID],
    since: dt.datetime,
    until: dt.datetime,
) -> list[Read]:
    """What somebody looked at of one party in a time, in order, for whoever reviews it; at most
    200. One query."""
    rows = Read.objects.filter(viewer_id=viewer_id, at__gte=since, at__lt=until)
    return list(rows.filter(Q(what__in=refs) | Q(whose__in=people)).order_by("number")[:200])


def left_before(
    person_ids: Iterable[uuid.UUID], *, kind: str, before: dt.datetime
) -> list[uuid.UUID]:
    """Of these people, those about whom the newest entry of a kind was recorded before an instant.
    One query; for the retention of what is kept of them."""
    ids = list(person_ids)
    rows = Entry.objects.filter(kind=kind, person_id__in=ids).values("person_id")
    recent = set(rows.filter(recorded_at__gte=before).values_list("person_id", flat=True))
    return [key for key in ids if key not in recent]


def own_lines(viewer: Reader | None, *, limit: int) -> Iterator[Line]:
    """The newest entries about or by the viewer herself, at most so many, read in portions."""
    if viewer is None or viewer.person_id is None:
        return
    own = Q(person_id=viewer.person_id) | Q(actor_id=viewer.person_id)
    rows = visible_entries(viewer).filter(own).select_related("content").order_by("-number")
    for entry in rows[:limit].iterator(chunk_size=500):
        yield line_of(entry)
