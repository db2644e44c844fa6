"""What an organisation recorded of its people elsewhere, taken in from files: what they hold, task
books with their signatures, examinations.

The same row twice is there once: its natural key makes its id, and what it said stands in its
entry. Nobody is told anything; what ends soon is warned of later, as of everybody.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap, plain
from homeby.people.actions.history.naming import Roll
from homeby.people.actions.history.taking import (
    ADDED,
    ALREADY_THERE,
    DEVICE,
    Origin,
    Outcome,
    all_or_each,
    differing,
    fitting_key,
    rejected,
    said_before,
)
from homeby.readiness.actions.past_rows import add
from homeby.readiness.queries import days, standing
from homeby.readiness.queries import past_records as queries
from homeby.readiness.queries.past_records import Meant, Words
from homeby.readiness.rules import past_records as rules
from homeby.readiness.rules.past_records import RecordKind, Said

#: What somebody approves, of which no mentor does so alone.
_APPROVED = (RecordKind.EXAMINED, RecordKind.CERTIFIED)
#: Ids of what is taken in: made of its key, so that two imports at once cannot bring it twice.
NAMESPACE = uuid.UUID("6f2b3f39-3f0e-4c66-9a5c-7f1a35c2f0de")

FIELDS = {
    "kind": later("kind"),
    "person": later("person"),
    "what": later("qualification"),
    "day": later("day"),
    "until": later("last day"),
    "paper": later("paper"),
    "by": later("signed by"),
    "task": later("task"),
    "mission": later("mission"),
    "passed": later("result"),
    "hours": later("hours"),
}


@dataclass(frozen=True, kw_only=True)
class PastRecord:
    """One row, as the file says it: `person` and `by` as they are called there."""

    line: int
    key: str
    kind: RecordKind
    person: str
    person_given_as: str
    what: str
    day: dt.date
    until: dt.date | None
    paper: str
    by: str
    by_given_as: str
    task: str
    mission: str
    passed: bool | None
    hours: float | None

    @property
    def id(self) -> uuid.UUID:
        """The id of what it becomes."""
        return uuid.uuid5(NAMESPACE, self.key)

    @property
    def subject(self) -> str:
        """What its entry is about."""
        return f"record:{self.id}"


@dataclass
class RecordTaker:
    """Takes rows of one file in, some hundred at a time, in their order: what a signature needs
    stands before it."""

    origin: Origin
    dry_run: bool = False
    roll: Roll = field(default_factory=Roll)
    _known: queries.Known = field(default_factory=queries.Known)

    def take(self, rows: Sequence[PastRecord]) -> list[Outcome]:
        """Take these rows in, one transaction for all of them; what becomes of each."""
        return all_or_each(rows, self._take, afresh=self._afresh)

    def _afresh(self) -> None:
        self.roll.refresh()
        self._known = queries.Known()

    def _take(self, rows: Sequence[PastRecord]) -> list[Outcome]:
        self.roll.look_again()
        if not self.dry_run:  # what a dry run would have added is known to it only
            self._known = queries.Known()
        words = Words.read([one.mission for one in rows if one.mission])
        said = said_before([one.subject for one in rows], [rules.RECORD_IMPORTED])
        self._known.look_up(self._named(rows, words))
        outcomes, meant = [], []
        for row in rows:
            try:
                one = self._meant(row, words, said.get(row.subject))
                outcomes.append(one if isinstance(one, Outcome) else self._judged(row, one))
                if isinstance(one, Meant) and outcomes[-1] is ADDED:
                    meant.append((row, one))
            except Refused as refused:
                outcomes.append(rejected(str(refused)))
        if meant and not self.dry_run:
            self._write(meant)
        return outcomes

    def _named(self, rows: Sequence[PastRecord], words: Words) -> set[uuid.UUID]:
        """Everybody whom these rows name, to be looked up at once; who is unknown is said later."""
        found = set()
        for row in rows:
            for text, given_as in ((row.person, row.person_given_as), (row.by, row.by_given_as)):
                with suppress(Refused):
                    found |= {words.who(self.roll, text, given_as)} if text else set()
        return found

    def _meant(
        self, row: PastRecord, words: Words, before: dict[str, Any] | None
    ) -> Meant | Outcome:
        """Whom and what it means; an outcome where it is here already. Raises Refused."""
        fitting_key(row.key)
        if before is not None and not before:
            return ALREADY_THERE  # what it said was erased, and stays so
        person = words.who(self.roll, row.person, row.person_given_as)
        by = words.who(self.roll, row.by, row.by_given_as) if row.by else None
        found = self._said(row, words, person, by)
        if before is None:
            return found
        different = differing(before["said"], self._facts(row, found))
        if not different:
            return ALREADY_THERE
        names = ", ".join(str(FIELDS[name]) for name in different)
        return rejected(_("it is here already with other facts (%s); nothing was changed") % names)

    def _said(
        self, row: PastRecord, words: Words, person: uuid.UUID, by: uuid.UUID | None
    ) -> Meant:
        what, qualification = words.what(row.what)
        book = self._known.book(person, what.key)
        if book is not None and row.kind is not RecordKind.HELD:
            what = book.with_its_tasks(what)
        shown = words.mission(row.mission, person, row.day) if row.mission else None
        said = Said(
            kind=row.kind,
            person=person,
            what=what,
            day=row.day,
            until=row.until,
            paper=row.paper,
            by=by,
            task=words.task(row.task, what) if row.kind is RecordKind.SHOWN else None,
            passed=row.passed,
            real=shown is not None,
            led_her=shown is not None and shown.leader_id == by,
        )
        return Meant(said=said, qualification=qualification, outing=shown, hours=row.hours)

    def _judged(self, row: PastRecord, one: Meant) -> Outcome:
        """Whether the rules take it; if so, it is known to the rows after it."""
        said, known = one.said, self._known
        if said.gives and known.is_recorded(said):
            raise Refused(_("the same is recorded of her already, by another row or by hand"))
        book = known.book(said.person, said.what.key)
        problems = rules.problems_with_record(
            said,
            signed=None if book is None else book.signed,
            signer=rules.held_on(known.held_by(said.by), said.what, said.day),
            mentors=standing.mentors_of(said.person) if said.kind in _APPROVED else (),
            today=days.today(now=self.origin.now),
        )
        if problems:
            raise Refused(" ".join(problems))
        if said.kind is RecordKind.DONE and known.was_it(one):
            raise Refused(_("the same is recorded of her already, by another row or by hand"))
        one.book_id = known.note(said, record_id=row.id)
        return ADDED

    def _facts(self, row: PastRecord, one: Meant) -> dict[str, Any]:
        """What a row said, as kept: people by their ids, so that no name stays behind."""
        said = one.said
        names = ("kind", "person", "day", "until", "paper", "by", "task", "passed")
        found = {name: getattr(said, name) for name in names}
        more = {"what": said.what.key, "mission": row.mission, "hours": row.hours}
        return dict(plain({**found, **more}))

    def _write(self, meant: Iterable[tuple[PastRecord, Meant]]) -> None:
        here = days.here()
        with logbook.writing(now=self.origin.now, by=None, device=DEVICE) as book:
            for row, one in meant:
                at = dt.datetime.combine(one.said.day, dt.time(), tzinfo=here).astimezone(dt.UTC)
                page = book.entry(
                    rules.RECORD_IMPORTED,
                    subject=row.subject,
                    person=one.said.person,
                    facts={**self.origin.facts(line=row.line), "said": self._facts(row, one)},
                    tap=Tap(entry_id=uuid.uuid4(), device=DEVICE, happened_at=at),
                )
                add(page, one, record_id=row.id, at=at, known=self._known)
