"""Two officers open the archive for what is sealed to one reader: asked for with a reason, told to
the authors and to whoever reads, a day later usable, at once where both say that a life is at
risk. The envelopes come to their browser, and never to the station."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from homeby.comms.queries import people_told
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import SEALED_SUBJECT, Refused, Tap
from homeby.missions.models.openings import ArchiveOpening
from homeby.missions.models.sealed import ArchiveKey, ReaderKey, SealedFor, SealedText
from homeby.missions.queries import sealed as sealed_queries
from homeby.missions.queries import sealed_again as queries
from homeby.missions.rules import openings as rules
from homeby.missions.rules.openings import Stage, Why
from homeby.people.rules import Viewer
from homeby.watch.actions.notices import notify_at_once, notify_naming


@logbook.once
def ask_opening(*, key_id: uuid.UUID, why: Why, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Ask that the archive is opened for what is sealed to a reader's key: one of its officers, or
    that reader, who has lost what opened it. Raises Refused."""
    answer = _("Asked for. The officers, the authors and the readers hear of it now.")
    with logbook.writing(now=now, by=by.person_id) as book:
        key = sealed_queries.visible_reader_keys(by).filter(pk=key_id).first()
        mine = {one.pk for one in queries.officer_of(by)}
        if key is None or by.person_id is None or not (mine or key.person_id == by.person_id):
            raise Refused(_("An officer of the archive asks for it, or the reader herself."))
        archives = _archives(key)
        if key.person_id != by.person_id:
            archives = [one for one in archives if one.pk in mine]
        _end_old(book, key, now=now)
        if ArchiveOpening.objects.filter(key=key, ended_at__isnull=True).exists():
            raise Refused(_("That was asked for already. It stands below."))
        for number, archive in enumerate(archives):
            row = ArchiveOpening(
                id=uuid.uuid4(),
                archive_id=archive.pk,
                key_id=key.pk,
                why=why,
                asked_by_id=by.person_id,
                asked_at=now,
            )
            page = book.entry(
                rules.ARCHIVE_ASKED_FOR,
                subject=row.ref,
                person=key.person_id,
                facts={"why": why, "public": key.public},
                tap=tap if not number else None,
                answer=answer if not number else None,
            )
            page.add(row)
            _tell_asked(page, row, key, archive)
    return answer


def _archives(key: ReaderKey) -> list[ArchiveKey]:
    """The archive keys that what is sealed to a key is sealed to as well; where there is nothing,
    the present one, so that nobody learns so by asking."""
    about = SealedFor.objects.filter(key=key).values("debrief__archive_id")
    found = list(ArchiveKey.objects.filter(pk__in=about))
    present = list(ArchiveKey.objects.filter(ended_at__isnull=True))
    if not found and not present:
        raise Refused(_("There is no archive key yet: an administrator makes it first."))
    return found or present


def _end_old(book: Book, key: ReaderKey, *, now: dt.datetime) -> None:
    """What is over by its time is written down as over before the next one begins."""
    for row in ArchiveOpening.objects.select_for_update().filter(key=key, ended_at__isnull=True):
        if queries.stage_of(row, now=now) is Stage.OVER:
            page = book.entry(rules.ARCHIVE_ENDED, subject=row.ref, person=key.person_id)
            page.change(row, ended_at=now)


def _tell_asked(page: Page, row: ArchiveOpening, key: ReaderKey, archive: ArchiveKey) -> None:
    """The officers, the authors, and everybody else to whom any of it is sealed."""
    by = page.book.by
    naming = [by, key.person_id]

    def words(called: Mapping[uuid.UUID, str]) -> tuple[str, str]:
        return (
            _("The archive of sealed debriefs is to be opened"),
            _(
                "%(who)s asks two officers to open what is sealed to %(reader)s, from a day from "
                "now. If you know of no reason, ask them, or tell an administrator, today."
            )
            % {"who": called.get(by, "?") if by else "?", "reader": called.get(key.person_id, "?")},
        )

    to = {uuid.UUID(one) for one in archive.officers} | _touched(key, archive)
    notify_naming(page, to - {by}, words, naming=naming, key=f"{row.ref}/asked", about=row.ref)


def _touched(key: ReaderKey, archive: ArchiveKey) -> set[uuid.UUID]:
    rows = SealedFor.objects.filter(
        debrief__in=SealedFor.objects.filter(key=key).values("debrief_id"),
        debrief__archive=archive,
    )
    found = rows.values_list("key__person_id", "debrief__author_id")
    return {one for pair in found for one in pair}


def _of_officer(by: Viewer, opening_id: uuid.UUID, *, now: dt.datetime) -> ArchiveOpening:
    rows = ArchiveOpening.objects.select_for_update(of=("self",)).select_related("archive", "key")
    found = rows.filter(pk=opening_id).first()
    if found is None or str(by.person_id) not in found.archive.officers:
        raise Refused(_("Only an officer of the archive does that."))
    if queries.stage_of(found, now=now) is Stage.OVER:
        raise Refused(_("This opening is over. Ask for another one."))
    return found


@logbook.once
def hurry_opening(*, opening_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """An officer says that a life is at risk; when a second one has said so too, nobody waits.
    Raises Refused."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _of_officer(by, opening_id, now=now)
        if by.person_id in (row.risk_by_id, row.risk_also_by_id):
            raise Refused(_("You said so already. It takes a second officer."))
        if row.hurried_at is not None:
            raise Refused(_("Two officers said so already: it can be opened."))
        is_second = row.risk_by_id is not None
        answer = (
            _("Two officers say that a life is at risk: the archive can be opened now.")
            if is_second
            else _("Noted. When a second officer says so too, nobody waits.")
        )
        page = book.entry(
            rules.ARCHIVE_HURRIED,
            subject=row.ref,
            person=row.key.person_id,
            facts={"officers": 2 if is_second else 1},
            tap=tap,
            answer=answer,
        )
        if is_second:
            page.change(row, risk_also_by_id=by.person_id, hurried_at=now)
        else:
            page.change(row, risk_by_id=by.person_id)
    return answer


@logbook.once
def end_opening(*, opening_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """It is done, or was not needed: an officer ends it, whoever asked for it, or the reader
    whom it is about. Raises Refused."""
    answer = _("This opening is over. The envelopes belong closed again.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = queries.visible_openings(by).filter(pk=opening_id, ended_at__isnull=True).first()
        if row is None:
            raise Refused(_("This opening is over. Ask for another one."))
        row = ArchiveOpening.objects.select_for_update().get(pk=row.pk)
        page = book.entry(
            rules.ARCHIVE_ENDED,
            subject=row.ref,
            person=row.key.person_id,
            tap=tap,
            answer=answer,
        )
        page.change(row, ended_at=now)
    return answer


def hand_over(
    *, wanted: Sequence[uuid.UUID], opening_id: uuid.UUID, by: Viewer, now: dt.datetime
) -> list[SealedText]:
    """The sealed files of an opening, for the browser in which two officers sit. That each was
    handed over is written down once, and its author hears of the first. Raises Refused."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = queries.ready_opening(by, opening_id, now=now)
        if row is None:
            raise Refused(_("The archive is not open to you for this, or not any more."))
        row = ArchiveOpening.objects.select_for_update().get(pk=row.pk)
        found = queries.texts(by, wanted, row)
        told: dict[uuid.UUID, Page] = {}
        for one in found:
            page = book.entry(
                rules.DEBRIEF_BY_ARCHIVE,
                subject=one.debrief.ref,
                person=one.debrief.author_id,
                facts={"opening": str(row.pk)},
            )
            if row.opened_at is None:
                page.change(row, opened_at=now)
            told.setdefault(one.debrief.author_id, page)
        _tell_opened(told, row)
    return found


def _tell_opened(told: Mapping[uuid.UUID, Page], row: ArchiveOpening) -> None:
    """Each author, once in an opening, at whatever hour: it is open while she reads it."""

    def words(called: Mapping[uuid.UUID, str]) -> tuple[str, str]:
        return (
            _("What you sealed was opened by the archive"),
            _("Two officers opened what was sealed to %(reader)s. Your logbook says when.")
            % {"reader": called.get(row.key.person_id, "?")},
        )

    about = f"{SEALED_SUBJECT}opening/{row.pk}"
    heard = people_told([about])
    for author_id, page in told.items():
        if author_id not in heard:
            key = f"{about}/{page.entry.entry_id}"
            notify_at_once(
                page, [author_id], words, naming=[row.key.person_id], key=key, about=about
            )
