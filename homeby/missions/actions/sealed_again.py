"""Sealed debriefs are sealed again, for whoever follows a reader. A browser that can open them did
it; the station takes the new files, and the old ones are gone."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from homeby.comms.queries import people_told
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import SEALED_SUBJECT, Refused, Tap
from homeby.missions.models.openings import ArchiveOpening
from homeby.missions.models.sealed import (
    ArchiveKey,
    ReaderKey,
    SealedDebrief,
    SealedFor,
    SealedText,
)
from homeby.missions.queries import sealed as sealed_queries
from homeby.missions.queries import sealed_again as queries
from homeby.missions.rules import openings as rules
from homeby.missions.rules import sealed
from homeby.people.rules import Viewer
from homeby.watch.actions.notices import notify_naming


@dataclass(frozen=True, kw_only=True)
class Resealed:
    """One debrief sealed again: by its id, the SHA-256 of the file it was made of, the new file."""

    debrief_id: uuid.UUID
    was: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Change:
    """Which reader's key is followed by which (the ids of both), what the archive's was, and by
    which opening of the archive it was opened, if not by a key of the viewer's."""

    old_id: uuid.UUID
    new_id: uuid.UUID
    archive: str
    opening_id: uuid.UUID | None = None


@logbook.once
def seal_again(
    *, items: Sequence[Resealed], change: Change, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Take a batch that was sealed again, whole or not at all: each is a file of age to as many
    keys as it has readers, made of the file that is here. Raises Refused."""
    if not items or len(items) > rules.BATCH_MOST:
        raise Refused(_("This is no batch of sealed debriefs. Load the page anew."))
    answer = ngettext(
        "%(n)d debrief was sealed again.", "%(n)d debriefs were sealed again.", len(items)
    ) % {"n": len(items)}
    with logbook.writing(now=now, by=by.person_id) as book:
        opening = _opening(by, change, now=now)
        new, archive = _new_key(by, change), _archive(by, change)
        held = _copies(by, opening, [one.debrief_id for one in items])
        may = queries.Followers([row for rows in held.values() for row in rows], now=now)
        told: dict[uuid.UUID, Page] = {}
        for number, one in enumerate(items):
            rows = held.get(one.debrief_id, [])
            old = next((row for row in rows if row.key_id == change.old_id), None)
            if old is None or new.person_id not in may.of(old):
                raise Refused(_("There is nothing here that you may seal again for this reader."))
            page = _take(
                book, one, (old, rows), (new, archive), (tap, answer) if not number else None
            )
            told.setdefault(old.debrief.author_id, page)
        _tell(told, held[items[0].debrief_id], change, new)
    return answer


def _opening(by: Viewer, change: Change, *, now: dt.datetime) -> ArchiveOpening | None:
    if change.opening_id is None:
        return None
    found = queries.ready_opening(by, change.opening_id, now=now)
    if found is None or found.key_id != change.old_id:
        raise Refused(_("The archive is not open to you for this, or not any more."))
    return found


def _new_key(by: Viewer, change: Change) -> ReaderKey:
    rows = sealed_queries.visible_reader_keys(by).filter(pk=change.new_id, ended_at__isnull=True)
    found = rows.filter(person__is_active=True).first()
    if found is None:
        raise Refused(_("The key of the new reader was changed meanwhile. Load the page anew."))
    return found


def _archive(by: Viewer, change: Change) -> ArchiveKey:
    found = sealed_queries.archive_key(by)
    if found is None or found.public != change.archive:
        raise Refused(
            _("The archive key was changed meanwhile. Load the page anew, and seal again.")
        )
    return found


def _copies(
    by: Viewer, opening: ArchiveOpening | None, wanted: Sequence[uuid.UUID]
) -> dict[uuid.UUID, list[SealedFor]]:
    """The readers' copies of each, locked: nobody else seals the same one again meanwhile."""
    rows = SealedDebrief.objects.select_for_update().filter(pk__in=wanted).order_by("pk")
    locked = {row.pk for row in rows}
    found: dict[uuid.UUID, list[SealedFor]] = {}
    for row in queries.copies(by, opening, of=locked):
        found.setdefault(row.debrief_id, []).append(row)
    return found


def _take(
    book: Book,
    one: Resealed,
    copies: tuple[SealedFor, Sequence[SealedFor]],
    to: tuple[ReaderKey, ArchiveKey],
    first: tuple[Tap, str] | None,
) -> Page:
    (old, rows), (new, archive) = copies, to
    debrief = old.debrief
    if debrief.sha256 != one.was:
        raise Refused(_("One of them was sealed again meanwhile. Load the page anew."))
    keys = queries.keys_after([row.key for row in rows], old.key, new)
    if problem := sealed.problem_with_text(one.content, recipients=len(keys) + 1):
        raise Refused(problem)
    facts: dict[str, Any] = {
        "was": debrief.sha256,
        "sha256": hashlib.sha256(one.content).hexdigest(),
        "steps": sealed.steps_of(one.content),
        "keys": [*(key.public for key in keys), archive.public],
        "instead_of": old.key.public,
    }
    tap, answer = first or (None, None)
    page = book.entry(
        rules.DEBRIEF_SEALED_AGAIN,
        subject=debrief.ref,
        person=debrief.author_id,
        facts=facts,
        tap=tap,
        answer=answer,
    )
    values = {"sha256": facts["sha256"], "steps": facts["steps"], "archive_id": archive.pk}
    page.change(debrief, **values)
    text = SealedText.objects.select_for_update().get(debrief_id=debrief.pk)
    page.change(text, content=one.content)
    _follow(page, old, rows, new)
    return page


def _follow(page: Page, old: SealedFor, rows: Sequence[SealedFor], new: ReaderKey) -> None:
    """The new reader stands where the old one stood. Her own new key goes on where her old one was;
    another reader begins anew, and is asked for it where nobody has answered."""
    if old.key_id == new.pk:  # sealed to the new archive key alone
        return
    page.remove(old)
    if any(row.key_id == new.pk for row in rows):
        return
    is_answered = any(row.answered_at is not None for row in rows)
    came: Mapping[str, Any] = {
        "ask_at": None if is_answered else page.book.now + sealed.OPENED_WITHIN
    }
    if old.key.person_id == new.person_id:
        names = ("ask_at", "delivered_at", "opened_at", "answered_at")
        came = {name: getattr(old, name) for name in names}
    page.add(
        SealedFor(
            id=uuid.uuid4(),
            debrief_id=old.debrief_id,
            key_id=new.pk,
            rank=old.rank,
            role=old.role,
            **came,
        )
    )


def _tell(
    told: Mapping[uuid.UUID, Page], rows: Sequence[SealedFor], change: Change, new: ReaderKey
) -> None:
    """The authors and the new reader hear of it, once for all batches: who reads in whose place."""
    old = next(row.key for row in rows if row.key_id == change.old_id)
    naming = [old.person_id, new.person_id]
    is_same = old.person_id == new.person_id

    def to_author(called: Mapping[uuid.UUID, str]) -> tuple[str, str]:
        who, before = (called.get(one, "?") for one in (new.person_id, old.person_id))
        if change.old_id == change.new_id:
            text = _("%(who)s sealed it again, to the new key of the archive.")
        elif is_same:
            text = _("%(who)s has a new key, and what you sealed was sealed again to it.")
        else:
            text = _(
                "%(who)s reads it now in place of %(before)s, who may have kept a copy. "
                "“Sealed debriefs” shows which."
            )
        return _("What you sealed was sealed again"), text % {"who": who, "before": before}

    def to_reader(called: Mapping[uuid.UUID, str]) -> tuple[str, str]:
        text = _("They were sealed to %(before)s. Log in and open them under “Sealed debriefs”.")
        said = text % {"before": called.get(old.person_id, "?")}
        return _("Sealed debriefs were sealed again for you"), said

    about = f"{SEALED_SUBJECT}again/{uuid.uuid5(old.pk, str(new.pk))}"
    heard = people_told([f"{about}/author"])
    for author_id, page in told.items():
        if author_id not in heard:
            key = f"{about}/author/{page.entry.entry_id}"
            notify_naming(
                page, [author_id], to_author, naming=naming, key=key, about=f"{about}/author"
            )
    if not is_same and new.person_id not in people_told([f"{about}/reader"]):
        page = next(iter(told.values()))
        key = f"{about}/reader/{page.entry.entry_id}"
        notify_naming(
            page, [new.person_id], to_reader, naming=naming, key=key, about=f"{about}/reader"
        )
