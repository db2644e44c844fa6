"""Keys of the sealed debrief: a reader makes hers, has it opened by one more thing, ends it; the
archive's is made by three officers. The station is given public halves and wraps, never a key."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions.models.sealed import ArchiveKey, ReaderKey, ReaderWrap
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.watch.actions.notices import notify_naming

_ARMOURED = "-----BEGIN AGE ENCRYPTED FILE-----"
_WRAP_MOST = 4000
_PAIR_MOST = 8000


@dataclass(frozen=True, kw_only=True)
class Wrap:
    """The secret half, sealed to a passkey (`credential`, its id) or a paper code (none)."""

    wrapped: str
    credential: str = ""
    label: str = ""


def _problem(wrap: Wrap) -> str | None:
    sealed = wrap.wrapped.lstrip().startswith(_ARMOURED) and len(wrap.wrapped) <= _WRAP_MOST
    if sealed and len(wrap.credential) <= 1400 and len(wrap.label) <= 100:
        return None
    return _("The key did not come sealed, so nothing of it was kept. Try once more.")


@logbook.once
def add_reader_key(
    *, public: str, wraps: Sequence[Wrap], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A reader has made her key. There is a paper code beside each passkey: a passkey that is
    deleted takes with it what it alone opens. Other readers hear of it. Raises Refused."""
    if problem := rules.problem_with_public(public):
        raise Refused(problem)
    if problem := next((found for one in wraps if (found := _problem(one))), None):
        raise Refused(problem)
    if not any(not one.credential for one in wraps):
        raise Refused(_("A key without a paper code could be lost with a phone. Make it again."))
    answer = _("Your key is kept. From now on debriefs can be sealed to you.")
    with logbook.writing(now=now, by=by.person_id) as book:
        if by.person_id is None or not queries.may_have_a_key(by):
            raise Refused(_("Leaders and welfare officers read sealed debriefs, and need a key."))
        if queries.own_key(by) is not None:
            raise Refused(_("You have a key already."))
        if ReaderKey.objects.filter(public=public).exists():
            raise Refused(_("This key was used before. Make a new one."))
        row = ReaderKey(id=tap.entry_id, person_id=by.person_id, public=public, made_at=now)
        page = book.entry(
            rules.READER_KEY_ADDED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            facts={"public": public, "fingerprint": rules.fingerprint(public)},
            tap=tap,
            answer=answer,
        )
        page.add(row)
        for one in wraps:
            _add_wrap(page, row, one)
        _tell_readers(page, row)
    return answer


def _add_wrap(page: Page, row: ReaderKey, wrap: Wrap) -> None:
    page.add(
        ReaderWrap(
            id=uuid.uuid4(),
            key_id=row.pk,
            credential=wrap.credential,
            label=wrap.label,
            made_at=page.book.now,
            wrapped=wrap.wrapped,
        )
    )


def _tell_readers(page: Page, row: ReaderKey) -> None:
    """Whoever holds such a role hears whose key it is: a key that its person did not make is
    noticed by her, and by them."""
    held = [key for role in rules.READERS for key in people.holders(role, now=page.book.now)]
    sign = rules.fingerprint(row.public)

    def words(called: Mapping[uuid.UUID, str]) -> tuple[str, str]:
        return (
            _("A reader key was added"),
            _(
                "%(who)s has a key for sealed debriefs now. Its sign: %(sign)s. If that was not "
                "%(who)s, tell an administrator at once."
            )
            % {"who": called.get(row.person_id, "?"), "sign": sign},
        )

    about = f"person:{row.person_id}"
    key = f"{about}/{page.entry.entry_id}"
    notify_naming(page, dict.fromkeys(held), words, naming=[row.person_id], key=key, about=about)


@logbook.once
def add_wraps(*, wraps: Sequence[Wrap], by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Her key is opened by more passkeys, or by a new paper code in place of the old one. Raises
    Refused."""
    if problem := next((found for one in wraps if (found := _problem(one))), None):
        raise Refused(problem)
    if not wraps:
        raise Refused(_("Choose a passkey, or make a new paper code."))
    answer = _("Kept. It opens your key from now on.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _own(by)
        page = book.entry(
            rules.READER_KEY_OPENED_BY,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            facts={"by": ["passkey" if one.credential else "paper" for one in wraps]},
            tap=tap,
            answer=answer,
        )
        replaced = [one.credential for one in wraps]
        for old in ReaderWrap.objects.filter(key=row, credential__in=replaced):
            page.remove(old)
        for one in wraps:
            _add_wrap(page, row, one)
    return answer


@logbook.once
def end_reader_key(*, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Nothing more is sealed to her key; what was sealed to it is still opened by it. Raises
    Refused."""
    answer = _("Nothing more is sealed to this key. What was sealed to it, it still opens.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = _own(by)
        page = book.entry(
            rules.READER_KEY_REMOVED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            facts={"public": row.public},
            tap=tap,
            answer=answer,
        )
        page.change(row, ended_at=now, ended_by_id=by.person_id)
    return answer


def _own(by: Viewer) -> ReaderKey:
    rows = ReaderKey.objects.select_for_update().filter(ended_at__isnull=True)
    found = rows.filter(person_id=by.person_id).first() if by.person_id is not None else None
    if found is None:
        raise Refused(_("You have no key."))
    return found


@dataclass(frozen=True, kw_only=True)
class NewArchive:
    """An archive key as it was made: its public half, its secret half sealed to each two of three
    officers, and the public halves of their envelopes, so that each can be tried alone."""

    public: str
    pairs: Sequence[str]
    shares: Sequence[str]


def _problem_with_archive(made: NewArchive) -> str | None:
    for one in (made.public, *made.shares):
        if problem := rules.problem_with_public(one):
            return problem
    whole = [one for one in made.pairs if one.startswith(_ARMOURED) and len(one) <= _PAIR_MOST]
    if {len(whole), len(made.pairs), len(made.shares)} != {rules.SHARES}:
        return _("The shares of the archive key did not come whole. Make it again.")
    return None


@logbook.once
def add_archive_key(
    *, made: NewArchive, officers: Sequence[uuid.UUID], by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """The archive's key, which two of three named officers open together; at most one of them is a
    leader. One that was there before opens what was sealed to it. Raises Refused."""
    if problem := _problem_with_archive(made):
        raise Refused(problem)
    answer = _("The archive key is kept. Debriefs can be sealed from now on.")
    with logbook.writing(now=now, by=by.person_id) as book:
        if not (by.is_station or by.has(Role.ADMINISTRATOR)):
            raise Refused(_("An administrator makes the archive key."))
        _judge_officers(officers, now=now)
        page = book.entry(
            rules.ARCHIVE_KEY_ADDED,
            subject="archive-key",
            facts={"public": made.public, "officers": [str(one) for one in officers]},
            tap=tap,
            answer=answer,
        )
        for old in ArchiveKey.objects.select_for_update().filter(ended_at__isnull=True):
            page.change(old, ended_at=now)
        page.add(
            ArchiveKey(
                id=tap.entry_id,
                public=made.public,
                officers=[str(one) for one in officers],
                pairs=list(made.pairs),
                shares=list(made.shares),
                tried=[None] * rules.SHARES,
                made_at=now,
            )
        )
    return answer


def _judge_officers(officers: Sequence[uuid.UUID], *, now: dt.datetime) -> None:
    known = people.recipients(officers)
    if len(set(officers)) != rules.SHARES or len(known) != rules.SHARES:
        raise Refused(officers=_("Name three different people of this organisation."))
    leaders = set(people.holders(Role.LEADER, now=now))
    if len(leaders.intersection(officers)) > 1:
        raise Refused(officers=_("At most one of the three may be a leader."))
