"""A sealed debrief is given in, handed to its readers, opened, answered, and asked for where nobody
opens it. Sealing it counts as giving the debrief; what stands in it the station never learns."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules as missions
from homeby.missions.actions.debrief import owing
from homeby.missions.actions.plan import locked
from homeby.missions.models import Mission
from homeby.missions.models.sealed import (
    ArchiveKey,
    AuthorKey,
    ReaderKey,
    SealedDebrief,
    SealedFor,
    SealedText,
)
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.missions.rules.sealed import SealState
from homeby.people.rules import Role, Viewer
from homeby.watch.actions.notices import notify_of_hours

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Sealing:
    """What the author's browser gives in: the sealed text, the public halves of the readers' keys
    in the order in which she wants them asked, that of the archive, and of the key that signed
    (none where it was sealed by hand)."""

    content: bytes
    readers: Sequence[str]
    archive: str
    signer: str = ""


@logbook.once
def give_sealed(
    *, mission_id: uuid.UUID, sealing: Sealing, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """One of the party, home again, gives her debrief sealed to readers whom she chose. It may be
    one more, to somebody else. Raises Refused, and nothing of it is kept."""
    wanted = list(dict.fromkeys(sealing.readers))
    if len(wanted) + 1 < rules.FEWEST:
        raise Refused(_("Choose at least one reader who has a key."))
    if problem := rules.problem_with_text(sealing.content, recipients=len(wanted) + 1):
        raise Refused(problem)
    answer = _("Sealed and given in. Your debrief counts as given.")
    with logbook.writing(now=now, by=by.person_id) as book:
        mission = locked(mission_id)
        if by.person_id is None:
            raise Refused(_("Only one of the party seals a debrief."))
        member = owing(by, mission, by.person_id, again=True)
        archive = _archive(by, sealing.archive)
        chosen = _chosen(by, mission, wanted, now=now)
        keys = [key for key, _role in chosen]
        row = SealedDebrief(
            id=tap.entry_id,
            mission_id=mission.pk,
            author_id=by.person_id,
            archive_id=archive.pk,
            sealed_at=now,
            sha256=hashlib.sha256(sealing.content).hexdigest(),
            steps=rules.steps_of(sealing.content),
        )
        page = book.entry(
            rules.DEBRIEF_SEALED,
            subject=rules.ref_of(row.pk),
            person=by.person_id,
            facts={
                "sha256": row.sha256,
                "steps": row.steps,
                "keys": [*(one.public for one in keys), archive.public],
            },
            tap=tap,
            answer=answer,
        )
        page.add(row)
        page.add(SealedText(id=uuid.uuid4(), debrief_id=row.pk, content=sealing.content))
        _add_readers(page, row, chosen)
        _know_signer(book, by.person_id, sealing.signer)
        if member.debriefed_at is None:
            given = book.entry(missions.DEBRIEF_GIVEN, subject=mission.ref, person=by.person_id)
            given.change(member, debriefed_at=now, debriefed_by_id=by.person_id)
    return answer


def _archive(by: Viewer, public: str) -> ArchiveKey:
    found = queries.archive_key(by)
    if found is None:
        raise Refused(_("There is no archive key yet: an administrator makes it first."))
    if found.public != public:
        raise Refused(
            _("The archive key was changed meanwhile. Load the page anew, and seal again.")
        )
    return found


def _chosen(
    by: Viewer, mission: Mission, wanted: Sequence[str], *, now: dt.datetime
) -> list[tuple[ReaderKey, Role]]:
    found = queries.readers(by, mission, now=now)
    offered = {one.key.public: (one.key, one.role) for one in found if one.key}
    if any(public not in offered for public in wanted):
        raise Refused(
            _("A key of a reader was changed meanwhile. Load the page anew, and seal again.")
        )
    return [offered[public] for public in wanted]


def _add_readers(page: Page, row: SealedDebrief, chosen: Sequence[tuple[ReaderKey, Role]]) -> None:
    """Each is told that something waits; they are asked one after the other."""
    for rank, (key, role) in enumerate(chosen):
        ask_at = page.book.now + rules.OPENED_WITHIN + rank * rules.ASKED_AGAIN_AFTER
        page.add(
            SealedFor(
                id=uuid.uuid4(),
                debrief_id=row.pk,
                key_id=key.pk,
                rank=rank,
                role=role,
                ask_at=ask_at,
            )
        )
    _ring(page, row, [key.person_id for key, _role in chosen])


def _ring(page: Page, row: SealedDebrief, to: Sequence[uuid.UUID]) -> None:
    def words() -> tuple[str, str]:
        return (
            _("A sealed debrief waits for you"),
            _("Log in and open it under “Sealed debriefs”. Nobody else can read it for you."),
        )

    about = rules.ref_of(row.pk)
    notify_of_hours(page, to, words, key=f"{about}/{page.entry.entry_id}", about=about)


def _know_signer(book: Book, person_id: uuid.UUID, public: str) -> None:
    if not public:
        return
    if problem := rules.problem_with_signer(public):
        raise Refused(problem)
    known = AuthorKey.objects.filter(public=public).first()
    if known is not None and known.person_id != person_id:
        raise Refused(_("This key signs for somebody else. Log in on a browser of your own."))
    if known is None:
        facts, about = {"public": public}, f"person:{person_id}"
        page = book.entry(rules.AUTHOR_KEY_ADDED, subject=about, person=person_id, facts=facts)
        page.add(AuthorKey(id=uuid.uuid4(), person_id=person_id, public=public, made_at=book.now))


_KINDS = {
    SealState.DELIVERED: (rules.DEBRIEF_DELIVERED, "delivered_at"),
    SealState.OPENED: (rules.DEBRIEF_OPENED, "opened_at"),
    SealState.ANSWERED: (rules.DEBRIEF_ANSWERED, "answered_at"),
}


@logbook.once
def come_to(
    *, debrief_id: uuid.UUID, state: SealState, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """It was handed to a reader's browser, opened there, or answered: the author reads so in her
    logbook. What was so already stays as it was. Raises Refused."""
    kind, column = _KINDS[state]
    answer = _("Noted: you have answered it.") if state is SealState.ANSWERED else _("Noted.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _hers(by, debrief_id)
        if state is SealState.ANSWERED and row.opened_at is None:
            raise Refused(_("Open it first."))
        if getattr(row, column) is not None:
            return answer
        page = book.entry(
            kind,
            subject=rules.ref_of(debrief_id),
            person=row.debrief.author_id,
            tap=tap,
            answer=answer,
        )
        came = {column: now}
        if state is SealState.OPENED:
            came["delivered_at"] = row.delivered_at or now
        page.change(row, **came)
        if state is SealState.OPENED:
            _ask_no_more(page, debrief_id)
    return answer


def _hers(by: Viewer, debrief_id: uuid.UUID) -> SealedFor:
    rows = SealedFor.objects.select_for_update(of=("self",)).select_related("debrief")
    rows = rows.filter(debrief_id=debrief_id)
    found = rows.filter(key__person_id=by.person_id).first() if by.person_id is not None else None
    if found is None:
        raise Refused(_("There is nothing here that you may open."))
    return found


def _ask_no_more(page: Page, debrief_id: uuid.UUID) -> None:
    """One reader has opened it: nobody is asked for it any more."""
    rows = SealedFor.objects.select_for_update().filter(debrief_id=debrief_id)
    for one in rows.filter(ask_at__isnull=False):
        page.change(one, ask_at=None)


def ask_unopened(*, now: dt.datetime) -> int:
    """Ask readers for what lies unopened past its time, one after the other, and tell its author;
    she can seal it to somebody else. Says how many were asked."""
    count = 0
    for row in queries.unopened(now=now):
        try:
            _ask(row, now=now)
        except Exception:  # the others are asked for all the same
            log.exception("a reader could not be asked; it is tried again in an hour")
        else:
            count += 1
    return count


def _ask(row: SealedFor, *, now: dt.datetime) -> None:
    with logbook.writing(now=now, by=None, device="hourly") as book:
        found = SealedFor.objects.select_for_update().get(pk=row.pk)
        if found.ask_at is None:
            return
        page = book.entry(
            rules.DEBRIEF_ASKED_FOR,
            subject=rules.ref_of(row.debrief_id),
            person=row.debrief.author_id,
        )
        page.change(found, ask_at=None)
        _ring(page, row.debrief, [row.key.person_id])

        def words() -> tuple[str, str]:
            return (
                _("Your sealed debrief lies unopened"),
                _("Its reader was asked once more. You can seal it to somebody else as well."),
            )

        about = rules.ref_of(row.debrief_id)
        key = f"{about}/{page.entry.entry_id}/author"
        notify_of_hours(page, [row.debrief.author_id], words, key=key, about=about)
