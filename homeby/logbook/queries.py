"""Reading the logbook: a subject's lines, the answer to a repeated entry, the replay."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from homeby.database.asked import Asked, AskedOf
from homeby.logbook.models import Auditor, Entry, EntryBody, KeptCheckpoint, LookLeaf, Read, Station
from homeby.logbook.reading import ReadKind, opened
from homeby.logbook.rules import (
    BACKUP_MADE,
    CARE_ERASED,
    ENTRIES_ERASED,
    ENTRY_ERASED,
    KINDS,
    PRIVATE_SUBJECT,
    SEALED_SUBJECT,
    SILENT_SUBJECT,
    STATION_CONFIRMED,
    WORRY_SUBJECT,
    Audience,
    Line,
    Newest,
    Reader,
    Refused,
)
from homeby.steady import OutsideTime


def _readable(viewer: Reader | None, rows: models.QuerySet[Any], prefix: str) -> Any:
    if viewer is None or viewer.is_station:
        return rows if viewer is not None else rows.none()
    rows = rows.exclude(**{f"{prefix}subject__startswith": SILENT_SUBJECT})
    rows = _but_apart(viewer, rows, *(prefix + one for one in ("subject", "person_id", "actor_id")))
    rows = _but_closed(viewer, rows, f"{prefix}subject")
    kinds = [kind.name for kind in KINDS.values() if viewer.may_read(kind.seen_by)]
    wanted = models.Q(**{f"{prefix}kind__in": kinds})
    if viewer.person_id is not None:  # nobody's own lines are not those that name nobody
        rows = _but_untold(viewer, rows, prefix)
        wanted |= models.Q(**{f"{prefix}person_id": viewer.person_id})
        wanted |= models.Q(**{f"{prefix}actor_id": viewer.person_id})
    return rows.filter(wanted)


def _seen(viewer: Reader | None, rows: models.QuerySet[Any], prefix: str) -> Any:
    """The readable ones, without concerns and sealed debriefs neither about nor by the viewer."""
    rows = _readable(viewer, rows, prefix)
    if viewer is None or viewer.is_station:
        return rows
    whose = {prefix + one: viewer.person_id for one in ("person_id", "actor_id")}
    hers = models.Q(**whose, _connector=models.Q.OR)
    return rows.exclude(~hers, private_subjects(f"{prefix}subject"))


def private_subjects(what: str) -> models.Q:
    """Subjects of which no list tells but to those concerned; `what` names the column."""
    begins = f"{what}__startswith"
    return models.Q(**{begins: PRIVATE_SUBJECT}) | models.Q(**{begins: SEALED_SUBJECT})


def _but_untold(viewer: Reader, rows: models.QuerySet[Any], prefix: str) -> models.QuerySet[Any]:
    """Without what her kin asked, and without what is done about her own party's silent alarm."""
    what = f"{prefix}subject"
    untold = models.Q(**{what: f"{WORRY_SUBJECT}{viewer.person_id}"})
    for ref, since in viewer.silent:
        about = models.Q(**{what: ref}) | models.Q(**{f"{what}__startswith": f"{ref}/"})
        others = ~models.Q(**{f"{prefix}actor_id": viewer.person_id})
        untold |= about & others & models.Q(**{f"{prefix}recorded_at__gte": since})
    return rows.exclude(untold)


def _but_apart(
    viewer: Reader, rows: models.QuerySet[Any], what: str, *whom: str
) -> models.QuerySet[Any]:
    """Without what is about, or by, people the viewer is kept away from."""
    if not viewer.apart:
        return rows
    if viewer.apart_refs is None:
        return rows.filter(**{whom[-1]: viewer.person_id})
    away = viewer.apart_refs.about(what)
    for who in whom:
        away |= models.Q(**{f"{who}__isnull": False, f"{who}__in": viewer.apart})
    return rows.exclude(away)


def _but_closed(viewer: Reader, rows: models.QuerySet[Any], what: str) -> models.QuerySet[Any]:
    """Without what is about missions of secret units that are not for the viewer."""
    closed = viewer.closed_refs
    return rows if closed is None else rows.exclude(closed.about(what))


def visible_entries(viewer: Reader | None) -> models.QuerySet[Entry]:
    """Entries of the kinds this viewer may read, and those about or by her. No viewer: none."""
    found: models.QuerySet[Entry] = _seen(viewer, Entry.objects.all(), "")
    return found


def visible_bodies(viewer: Reader | None) -> models.QuerySet[EntryBody]:
    """The bodies of the visible entries."""
    found: models.QuerySet[EntryBody] = _seen(viewer, EntryBody.objects.all(), "entry__")
    return found


def visible_auditors(viewer: Reader | None) -> models.QuerySet[Auditor]:
    """Whoever keeps the watch, or the station, may know whether somebody checks it."""
    whose = (Audience.WATCH, Audience.ADMINISTRATOR)
    known = viewer is not None and any(viewer.may_read(one) for one in whose)
    return Auditor.objects.all() if known else Auditor.objects.none()


def visible_station(viewer: Reader | None) -> models.QuerySet[Station]:
    """Which station this is, for whoever is known."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return Station.objects.all() if known else Station.objects.none()


def visible_checkpoints(viewer: Reader | None) -> models.QuerySet[KeptCheckpoint]:
    """Hashes over the whole logbook, for whoever is known: they are to be held elsewhere."""
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return KeptCheckpoint.objects.all() if known else KeptCheckpoint.objects.none()


def visible_look_leaves(viewer: Reader | None) -> models.QuerySet[LookLeaf]:
    """Hashes, for the station's own counting; nobody else needs them."""
    found = viewer is not None and viewer.is_station
    return LookLeaf.objects.all() if found else LookLeaf.objects.none()


def visible_reads(viewer: Reader | None) -> models.QuerySet[Read]:
    """Who looked at what, for an administrator; for others the looks at herself, and her own. That
    there is a concern is known to its reader, and to her whom it is about."""
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return Read.objects.none()
    if viewer.is_station or viewer.may_read(Audience.ADMINISTRATOR):
        rows = _but_apart(viewer, Read.objects.all(), "what", "whose", "viewer_id")
        rows = _but_closed(viewer, rows, "what")
        others = ~models.Q(viewer_id=viewer.person_id) & ~models.Q(whose=viewer.person_id)
        return rows if viewer.is_station else rows.exclude(others, kind=ReadKind.CONCERN)
    own = models.Q(viewer_id=viewer.person_id)
    by_her = _but_apart(viewer, Read.objects.filter(own), "what", "whose", "viewer_id")
    return by_her | Read.objects.filter(whose=viewer.person_id).exclude(own)


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    Entry: visible_entries,
    EntryBody: visible_bodies,
    Auditor: visible_auditors,
    KeptCheckpoint: visible_checkpoints,
    LookLeaf: visible_look_leaves,
    Read: visible_reads,
    Station: visible_station,
}


def station() -> Station | None:
    """The row of this station; None before its first start. Holds nothing personal."""
    return Station.objects.first()


def is_quarantined() -> bool:
    """Whether this is a copy that nobody has called the live station: then nothing is judged to the
    outside and nothing is sent (P18). One query."""
    return _COPY.any()


def newest() -> Newest | None:
    """The newest entry; None before the first. One index look-up."""
    found = next(iter(_NEWEST.rows()), None)
    return Newest(number=found[0], entry_id=found[1]) if found else None


_NEWEST = Asked(lambda: Entry.objects.order_by("-number").values_list("number", "entry_id")[:1])
_COPY = Asked(lambda: Station.objects.filter(quarantined_at__isnull=False).values_list("pk")[:1])


def id_of(number: int) -> uuid.UUID | None:
    """The id of the entry of this number. One index look-up."""
    return Entry.objects.filter(number=number).values_list("entry_id", flat=True).first()


def answer_given(entry_id: uuid.UUID) -> str | None:
    """The answer already given to this entry id; None when the entry is new. Raises `Refused` with
    the same sentences where the answer was a refusal that itself was recorded (a wrong code).

    No viewer: the id is a secret that only its device knows, and the answer is its own.
    """
    content = EntryBody.objects.filter(entry__entry_id=entry_id).first()
    if content is None:
        return None
    if content.body is None:
        return _("This was recorded before; what was answered then has been erased.")
    body = json.loads(content.body)
    if "refused" in body:
        raise Refused(**body["refused"])
    return str(body.get("answer", ""))


def actor_of(entry_id: uuid.UUID) -> tuple[bool, uuid.UUID | None]:
    """Whether an entry has this id, and who made it: nobody else is given its answer again by an
    id that can be read. One index look-up."""
    found = Entry.objects.filter(entry_id=entry_id).values_list("actor_id", flat=True)[:1]
    return bool(found), next(iter(found), None)


def after_number(
    viewer: Reader | None, *, number: int, kinds: Iterable[str] = (), limit: int
) -> list[Line]:
    """The lines behind a number that the viewer may read (of these kinds, if any are named), in
    order. One query."""
    opened(ReadKind.LOGBOOK, what="entries")
    found = visible_entries(viewer).filter(number__gt=number).select_related("content")
    if kinds := list(kinds):
        found = found.filter(kind__in=kinds)
    return [line_of(entry) for entry in found.order_by("number")[:limit]]


def numbers_after(
    viewer: Reader | None, *, number: int, kinds: Iterable[str], limit: int
) -> list[tuple[int, uuid.UUID]]:
    """Number and id of the entries of these kinds behind a number that the viewer may read, in
    order. One query."""
    found = visible_entries(viewer).filter(number__gt=number, kind__in=list(kinds))
    return list(found.order_by("number").values_list("number", "entry_id")[:limit])


@dataclass(frozen=True, kw_only=True)
class Given:
    """What became of an entry id before: the entry's kind, the device that sent it, what it was
    answered and who acted; `refused` where the answer was a refusal that itself was recorded."""

    kind: str
    device: str
    answer: str
    actor_id: uuid.UUID | None = None
    refused: bool = False


def given_before(entry_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Given]:
    """Of these entry ids, those that stand in the logbook. One query. No viewer: see
    `answer_given`; who may read the answer is the caller's to judge, by the device."""
    return {row[0]: _given(*row[1:]) for row in _GIVEN.rows(dict.fromkeys(entry_ids))}


def _given(kind: str, device: str, text: str | None, actor_id: uuid.UUID | None) -> Given:
    body = json.loads(text) if text else {}
    refused = body.get("refused") or {}
    answer = " ".join(refused.values()) if refused else str(body.get("answer", ""))
    return Given(kind=kind, device=device, answer=answer, actor_id=actor_id, refused=bool(refused))


def _of_entries(keys: Sequence[uuid.UUID]) -> models.QuerySet[Any, Any]:
    rows = Entry.objects.filter(entry_id__in=keys)
    return rows.values_list("entry_id", "kind", "device", "content__body", "actor_id")


_GIVEN = AskedOf(_of_entries)


def line_of(entry: Entry) -> Line:
    """An entry as it is read; its body is at hand."""
    text = entry.content.body
    return Line(
        number=entry.number,
        entry_id=entry.entry_id,
        kind=entry.kind,
        label=KINDS[entry.kind].said if entry.kind in KINDS else entry.kind,
        subject=entry.subject,
        person_id=entry.person_id,
        actor_id=entry.actor_id,
        device=entry.device,
        happened_at=entry.happened_at,
        recorded_at=entry.recorded_at,
        facts=json.loads(text)["facts"] if text else {},
        erased=text is None,
    )


def lines(viewer: Reader | None, *, subjects: list[str], limit: int = 500) -> list[Line]:
    """The newest lines about these subjects that the viewer may read, oldest first. One query."""
    found = visible_entries(viewer).filter(subject__in=subjects).select_related("content")
    return [line_of(entry) for entry in reversed(found.order_by("-number")[:limit])]


def line(viewer: Reader | None, entry_id: uuid.UUID) -> Line | None:
    """The line of one entry, if the viewer may read it. One query."""
    found = visible_entries(viewer).filter(entry_id=entry_id).select_related("content").first()
    return line_of(found) if found else None


def mission_lines(*, subjects: list[str], limit: int = 500) -> list[Line]:
    """Lines of subjects that the viewer may see, as the caller has shown (a mission's page).

    Only kinds whose audience is the mission; the caller's room has judged the mission itself.
    """
    kinds = [kind.name for kind in KINDS.values() if kind.seen_by == "MISSION"]
    found = Entry.objects.filter(subject__in=subjects, kind__in=kinds).select_related("content")
    return [line_of(entry) for entry in reversed(found.order_by("-number")[:limit])]


def facts_of(kind: str) -> Iterator[dict[str, Any]]:
    """The facts of every entry of a kind, for figures over the whole logbook."""
    bodies = EntryBody.objects.filter(entry__kind=kind, body__isnull=False)
    for text in bodies.values_list("body", flat=True).iterator(chunk_size=500):
        yield json.loads(text or "{}").get("facts", {})


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """An entry as the auditor takes it in: its body as text, None where it was erased."""

    number: int
    recorded_at: dt.datetime
    device: str
    body: str | None


def recorded(*, after: int, numbers: Iterable[int] = (), limit: int = 5000) -> list[Recorded]:
    """Entries behind a number, in order, and those of these numbers; for the auditor only. A number
    may appear behind higher ones, because transactions end in another order than they begin."""
    wanted = models.Q(number__gt=after)
    if numbers := list(numbers):
        wanted |= models.Q(number__in=numbers)
    rows = Entry.objects.filter(wanted).order_by("number")[:limit]
    return [
        Recorded(number=number, recorded_at=at, device=device, body=body)
        for number, at, device, body in rows.values_list(
            "number", "recorded_at", "device", "content__body"
        )
    ]


def auditor_marks(viewer: Reader | None) -> list[Auditor]:
    """The auditors that ever looked, the latest look first. One query."""
    return list(visible_auditors(viewer).order_by("-looked_at"))


def outside_time(machine: str) -> OutsideTime | None:
    """What a clock elsewhere last said to an auditor on this machine; None when none ever did.
    One query."""
    said = Auditor.objects.filter(outside_machine=machine, outside_zero_at__isnull=False)
    mark = said.order_by("-outside_boot_seconds").first()
    if mark is None or mark.outside_zero_at is None or mark.outside_boot_seconds is None:
        return None
    return OutsideTime(
        zero_at=mark.outside_zero_at, boot_seconds=mark.outside_boot_seconds, machine=machine
    )


def erasure(entry_id: uuid.UUID) -> Line | None:
    """The line that erased a body; for the replay only."""
    kinds = (ENTRY_ERASED, ENTRIES_ERASED, CARE_ERASED)
    found = Entry.objects.filter(entry_id=entry_id, kind__in=kinds).select_related("content")
    entry = found.first()
    return line_of(entry) if entry else None


def last_recorded_at() -> dt.datetime | None:
    """When the newest entry was recorded; None before the first. One index look-up."""
    return Entry.objects.order_by("-number").values_list("recorded_at", flat=True).first()


def last_number() -> int:
    """The number of the newest entry, 0 at first; says that something changed, not what."""
    return next((number for number, _entry_id in _NEWEST.rows()), 0)


def confirmed_at() -> dt.datetime | None:
    """When a person last said that this is the live station; None when nobody had to."""
    rows = Entry.objects.filter(subject="station", kind=STATION_CONFIRMED).order_by("-number")
    return rows.values_list("recorded_at", flat=True).first()


def last_backup() -> tuple[dt.datetime, dict[str, Any]] | None:
    """When the newest backup was made, and what the entry says of it; None when there is none. One
    query."""
    rows = Entry.objects.filter(subject="station", kind=BACKUP_MADE).order_by("-number")
    found = rows.values_list("recorded_at", "content__body").first()
    return (found[0], json.loads(found[1] or "{}").get("facts", {})) if found else None


def confirmed_lately(*, since: dt.datetime) -> str:
    """Why it was doubted that this is the live station, where a person has said since then that it
    is; empty where nobody had to. One query."""
    rows = Entry.objects.filter(subject="station", kind=STATION_CONFIRMED, recorded_at__gt=since)
    text = rows.order_by("-number").values_list("content__body", flat=True).first()
    return str(json.loads(text)["facts"].get("why", "")) if text else ""


def has(entry_id: str) -> bool:
    """Whether an entry of this id was recorded. One index look-up."""
    return Entry.objects.filter(entry_id=entry_id).exists()
