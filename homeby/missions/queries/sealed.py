"""Sealed debriefs for whoever wrote them and their readers, and the keys they are sealed to. That
there is one is nobody else's business: a leader who was not chosen reads that a debrief was given.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from homeby.missions import rules as missions
from homeby.missions.models import Mission, PartyMember
from homeby.missions.models.sealed import (
    ArchiveKey,
    AuthorKey,
    ReaderKey,
    ReaderWrap,
    SealedDebrief,
    SealedFor,
    SealedText,
)
from homeby.missions.rules import MemberState
from homeby.missions.rules import sealed as rules
from homeby.missions.rules.sealed import SealState
from homeby.people import queries as people
from homeby.people.rules import PersonKind, Role, Viewer


def visible_debriefs(viewer: Viewer | None) -> models.QuerySet[SealedDebrief]:
    """Those that the viewer wrote, and those that are sealed to a key of hers."""
    rows = SealedDebrief.objects.all()
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    if viewer.is_station:
        return rows
    hers = SealedFor.objects.filter(key__person_id__in=[viewer.person_id]).values("debrief_id")
    return rows.filter(Q(author_id=viewer.person_id) | Q(pk__in=hers))


def _of_debrief(model: type[models.Model]) -> Callable[[Viewer | None], Any]:
    def visible(viewer: Viewer | None) -> Any:
        return model._default_manager.filter(debrief__in=visible_debriefs(viewer))

    return visible


def visible_reader_keys(viewer: Viewer | None) -> models.QuerySet[ReaderKey]:
    """Public halves are no secret: everybody who logs in may compare them, but for those of people
    she is kept away from."""
    rows = ReaderKey.objects.all()
    if viewer is None or (viewer.person_id is None and not viewer.is_station):
        return rows.none()
    return rows.exclude(person_id__in=viewer.apart) if viewer.apart else rows


def visible_author_keys(viewer: Viewer | None) -> models.QuerySet[AuthorKey]:
    """The keys that sign: her own, and those of whoever sealed something to her."""
    rows = AuthorKey.objects.all()
    if viewer is not None and viewer.is_station:
        return rows
    if viewer is None or viewer.person_id is None:
        return rows.none()
    wrote = visible_debriefs(viewer).values("author_id")
    return rows.filter(Q(person_id=viewer.person_id) | Q(person_id__in=wrote))


def visible_wraps(viewer: Viewer | None) -> models.QuerySet[ReaderWrap]:
    """By what her own key is opened."""
    rows = ReaderWrap.objects.all()
    if viewer is not None and viewer.is_station:
        return rows
    if viewer is None or viewer.person_id is None:
        return rows.none()
    return rows.filter(key__person_id=viewer.person_id)


def visible_archive_keys(viewer: Viewer | None) -> models.QuerySet[ArchiveKey]:
    """The public half is known to everybody who logs in."""
    rows = ArchiveKey.objects.all()
    known = viewer is not None and (viewer.is_station or viewer.person_id is not None)
    return rows if known else rows.none()


VISIBLE: dict[type[models.Model], Callable[..., Any]] = {
    SealedDebrief: visible_debriefs,
    SealedFor: _of_debrief(SealedFor),
    SealedText: _of_debrief(SealedText),
    ReaderKey: visible_reader_keys,
    ReaderWrap: visible_wraps,
    AuthorKey: visible_author_keys,
    ArchiveKey: visible_archive_keys,
}


#: About so many of her newest outings a debrief may be sealed.
_LATELY = 200


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Somebody who may be chosen: as the author knows her, in which role, and her key if she has
    made one."""

    person_id: uuid.UUID
    name: str
    role: Role
    leads: bool
    key: ReaderKey | None

    @property
    def fingerprint(self) -> str:
        """What is compared."""
        return rules.fingerprint(self.key.public) if self.key else ""


def archive_key(viewer: Viewer | None) -> ArchiveKey | None:
    """The key that every debrief is sealed to as well; None until an administrator made it."""
    return visible_archive_keys(viewer).filter(ended_at__isnull=True).first()


def readers(viewer: Viewer, mission: Mission, *, now: dt.datetime) -> list[Reader]:
    """Whom the viewer may choose: whoever led this mission, leaders of its team, then welfare
    officers; nobody she is kept away from, and never herself. Up to five queries."""
    roles: dict[uuid.UUID, Role] = {mission.leader_id: Role.LEADER}
    for role, team_id in ((Role.LEADER, mission.team_id), (Role.WELFARE_OFFICER, None)):
        for key in people.holders(role, now=now, team_id=team_id):
            roles.setdefault(key, role)
    apart = {viewer.person_id, *viewer.apart}
    found = {key: role for key, role in roles.items() if key not in apart}
    rows = visible_reader_keys(viewer).filter(person_id__in=found, ended_at__isnull=True)
    keys = {row.person_id: row for row in rows}
    names = people.names(found, to=viewer)
    return [
        Reader(
            person_id=key,
            name=names.get(key, "?"),
            role=role,
            leads=key == mission.leader_id,
            key=keys.get(key),
        )
        for key, role in found.items()
    ]


def may_have_a_key(viewer: Viewer) -> bool:
    """Whether somebody might choose the viewer as a reader."""
    return viewer.has_somewhere(*rules.READERS) or own_key(viewer) is not None


def own_key(viewer: Viewer | None) -> ReaderKey | None:
    """The viewer's own key as a reader."""
    if viewer is None or viewer.person_id is None:
        return None
    rows = visible_reader_keys(viewer).filter(person_id=viewer.person_id, ended_at__isnull=True)
    return rows.prefetch_related("wraps").first()


def wraps_of(viewer: Viewer | None, key: ReaderKey) -> list[ReaderWrap]:
    """By what a key of the viewer's is opened, the paper code first."""
    return list(visible_wraps(viewer).filter(key=key).order_by("credential", "made_at"))


def to_read(viewer: Viewer | None) -> list[SealedFor]:
    """What is sealed to the viewer, what she has not opened first. One query."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = VISIBLE[SealedFor](viewer).filter(key__person_id=viewer.person_id)
    rows = rows.select_related("debrief", "debrief__mission", "debrief__author", "key")
    return list(rows.order_by(models.F("opened_at").asc(nulls_first=True), "-debrief__sealed_at"))


def written(viewer: Viewer | None) -> list[SealedDebrief]:
    """What the viewer sealed, the newest first, each with its readers. Three queries."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = visible_debriefs(viewer).filter(author_id=viewer.person_id)
    rows = rows.select_related("mission").prefetch_related("readers__key__person")
    return list(rows.order_by("-sealed_at"))


def to_seal(viewer: Viewer | None) -> list[PartyMember]:
    """The viewer's own outings about which she may seal a debrief: she is home from them and one is
    due of her, or was given. The newest first, the mission at hand."""
    if viewer is None or viewer.person_id is None:
        return []
    rows = PartyMember.objects.filter(person_id=viewer.person_id, state=MemberState.BACK)
    rows = rows.select_related("person", "mission").order_by("-back_at", "pk")
    return [row for row in rows[:_LATELY] if _owes(row)]


def _owes(row: PartyMember) -> bool:
    is_unit = row.person.kind == PersonKind.UNIT
    return missions.owes_afterwards(
        state=row.state, is_unit=is_unit, by_a_person=row.back_by_id is not None
    )


def hers_to_read(viewer: Viewer | None, debrief_id: uuid.UUID) -> SealedFor | None:
    """The viewer's own copy of one; None where it is not sealed to her."""
    return next((one for one in to_read(viewer) if one.debrief_id == debrief_id), None)


def text_of(viewer: Viewer | None, debrief_id: uuid.UUID) -> bytes | None:
    """What was sealed, as it came; None where its author was erased, or its time was over."""
    found = VISIBLE[SealedText](viewer).filter(debrief_id=debrief_id).first()
    return (bytes(found.content) or None) if found is not None else None


def has_text(viewer: Viewer | None, debrief_id: uuid.UUID) -> bool:
    """Whether what was sealed is still here, for whom it is: neither erased with its author, nor
    because its time was over. One query."""
    rows = VISIBLE[SealedText](viewer).filter(debrief_id=debrief_id)
    return bool(rows.exclude(content=b"").exists())


def all_texts(viewer: Viewer | None) -> Iterator[tuple[uuid.UUID, bytes]]:
    """Each of them, as it came, by its id, but for those of people who were erased."""
    rows = VISIBLE[SealedText](viewer).order_by("debrief__sealed_at", "pk")
    for row in rows.exclude(content=b"").iterator(chunk_size=20):
        yield row.debrief_id, bytes(row.content)


def signer_of(viewer: Viewer | None, author_ids: Iterable[uuid.UUID]) -> list[str]:
    """The public halves with which these people sign."""
    rows = visible_author_keys(viewer).filter(person_id__in=author_ids)
    return list(rows.order_by("made_at").values_list("public", flat=True))


def state_of(row: SealedFor) -> SealState:
    """How far it has come with a reader."""
    if row.answered_at:
        return SealState.ANSWERED
    if row.opened_at:
        return SealState.OPENED
    return SealState.DELIVERED if row.delivered_at else SealState.SEALED


def unopened(*, now: dt.datetime) -> list[SealedFor]:
    """For the hourly round: whose turn it is to be asked for what she has not opened."""
    rows = SealedFor.objects.filter(ask_at__lte=now).select_related("debrief", "key")
    return list(rows.order_by("ask_at", "rank"))
