"""What rows of old records mean here, and what is known of the people whom they name.

No viewer: the station takes files in for whoever runs it, and shows nobody anything of this.
"""

from __future__ import annotations

import difflib
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook.rules import Refused
from homeby.missions.queries.done import Outing, outings_by_key
from homeby.people.actions.history.naming import Mention, Roll
from homeby.people.actions.history.taking import folded
from homeby.people.rules import PersonKind
from homeby.readiness.models import Holding, PartyPosition, Qualification, SignOff, TaskBook
from homeby.readiness.queries import qualifications as recorded
from homeby.readiness.rules import qualifications as facts
from homeby.readiness.rules.catalogue_text import tasks_of
from homeby.readiness.rules.past_records import RecordKind, Said

#: How a row gives somebody who is known by the natural key of another import.
BY_KEY, BY_CALLSIGN = "key", "callsign"


@dataclass(kw_only=True)
class Meant:
    """A row as it is understood; `book_id` is the task book in which it is signed."""

    said: Said
    qualification: Qualification
    outing: Outing | None
    hours: float | None = None
    book_id: uuid.UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Words:
    """The catalogue and the missions, by the words of a file."""

    rows: dict[str, Qualification]
    by_word: dict[str, list[str]]
    outings: dict[tuple[str, uuid.UUID], Outing]

    @classmethod
    def read(cls, missions: Collection[str]) -> Words:
        """What the rows of a file may name. Two queries."""
        rows, by_word = recorded.rows_by_key(), dict[str, list[str]]()
        for key, row in rows.items():
            for word in {folded(key), folded(row.name)}:
                by_word.setdefault(word, []).append(key)
        outings = outings_by_key(missions) if missions else {}
        return cls(rows=rows, by_word=by_word, outings=outings)

    def who(self, roll: Roll, text: str, given_as: str) -> uuid.UUID:
        """Whom a row means. Raises Refused: nobody is made by a record of what she holds."""
        if given_as == BY_KEY:
            found = roll.by_key(text)
        else:
            is_callsign = given_as == BY_CALLSIGN
            mention = Mention(text=text, kind=PersonKind.HUMAN, is_callsign=is_callsign)
            found = roll.who(mention)
        if found is None:
            unknown = _("nobody here is called “%s”; bring in the list of people first")
            raise Refused(unknown % text)
        return found

    def what(self, text: str) -> tuple[facts.Qualification, Qualification]:
        """Which qualification a row means, by key or name. Raises Refused."""
        keys = self.by_word.get(folded(text), [])
        if len(keys) > 1:
            twice = _(
                "“%(what)s” is several things in the catalogue; write the key of one: %(keys)s"
            )
            raise Refused(twice % {"what": text, "keys": ", ".join(sorted(keys))})
        if not keys:
            near = difflib.get_close_matches(folded(text), self.by_word, n=1)
            raise Refused(self._unknown(text, near[0] if near else ""))
        row = self.rows[keys[0]]
        return recorded.as_rule(row), row

    def _unknown(self, text: str, near: str) -> str:
        unknown = _("“%s” is not in the catalogue; add it there, or say in the map what it means")
        if not near:
            return unknown % text
        name = self.rows[self.by_word[near][0]].name
        return " ".join([unknown % text + ".", _("Did you mean “%s”?") % name])

    def task(self, text: str, what: facts.Qualification) -> int | None:
        """Which task a row means, by its number or its words; None where there is no such one."""
        if text.isdecimal():
            return int(text)
        numbered = enumerate(what.tasks, start=1)
        return next((n for n, one in numbered if folded(one.what) == folded(text)), None)

    def mission(self, key: str, person: uuid.UUID, day: date) -> Outing:
        """The mission on which it was shown. Raises Refused where it was not hers, or another
        day."""
        outing = self.outings.get((key, person))
        if outing is None:
            none = _("they were on no mission “%s” that is over here; bring in the missions first")
            raise Refused(none % key)
        zone = instants.zone_info(outing.zone)
        assert outing.back_at is not None, "asked for as over"
        first, last = (one.astimezone(zone).date() for one in (outing.out_at, outing.back_at))
        if not first <= day <= last:
            raise Refused(
                _("They were on this mission from %(first)s to %(last)s.")
                % {"first": instants.day(first), "last": instants.day(last)}
            )
        return outing


@dataclass(kw_only=True)
class OpenBook:
    """A task book that is open, with the tasks of its own day."""

    id: uuid.UUID
    tasks: tuple[facts.Task, ...]
    signed: list[facts.SignOff]

    def with_its_tasks(self, what: facts.Qualification) -> facts.Qualification:
        """The qualification as this book asks for it."""
        return replace(what, tasks=self.tasks)


Whose = tuple[uuid.UUID, str]


@dataclass(kw_only=True)
class Known:
    """What is known of the people of a file; rows that were taken are noted as they come."""

    records: dict[uuid.UUID, facts.Record] = field(default_factory=dict)
    books: dict[Whose, OpenBook] = field(default_factory=dict)
    papers: set[tuple[object, ...]] = field(default_factory=set)
    catalogue: dict[str, facts.Qualification] = field(default_factory=recorded.known)

    def look_up(self, person_ids: Iterable[uuid.UUID]) -> None:
        """Read what is recorded of those who were not asked for yet. Six queries."""
        fresh = {one for one in person_ids if one not in self.records}
        if not fresh:
            return
        self.records |= recorded.records(fresh)
        signed: dict[uuid.UUID, list[facts.SignOff]] = {}
        rows = SignOff.objects.filter(book__person_id__in=fresh, book__ended_at__isnull=True)
        for one in rows.select_related("book__qualification"):
            signed.setdefault(one.book_id, []).append(recorded.sign_off_of(one))
        open_ones = TaskBook.objects.filter(person_id__in=fresh, ended_at__isnull=True)
        for row in open_ones.select_related("qualification"):
            self.books[row.person_id, row.qualification.key] = OpenBook(
                id=row.pk, tasks=tasks_of(row.tasks), signed=signed.get(row.pk, [])
            )
        held = Holding.objects.filter(person_id__in=fresh)
        columns = ("person_id", "qualification__key", "from_date", "expires_date", "paper")
        self.papers |= set(held.values_list(*columns))

    def book(self, person: uuid.UUID, key: str) -> OpenBook | None:
        """Her open task book for this."""
        return self.books.get((person, key))

    def held_by(self, person: uuid.UUID | None) -> tuple[facts.Holding, ...]:
        """What somebody holds, or held."""
        return self.records[person].holdings if person else ()

    def is_recorded(self, said: Said) -> bool:
        """Whether the very same is recorded already."""
        return _paper(said) in self.papers

    def was_it(self, one: Meant) -> bool:
        """Whether it is said already that somebody was this on that mission. One query."""
        assert one.outing is not None, "asked before"
        return PartyPosition.objects.filter(
            mission_id=one.outing.mission_id,
            person_id=one.said.person,
            qualification=one.qualification,
        ).exists()

    def note(self, said: Said, *, record_id: uuid.UUID) -> uuid.UUID | None:
        """A row was taken: the rows after it know of it. Gives the book in which it is signed."""
        whose = (said.person, said.what.key)
        if said.gives:
            own = self.records[said.person]
            self.records[said.person] = replace(own, holdings=(*own.holdings, said.holding))
            self.papers.add(_paper(said))
        if said.kind in (RecordKind.HELD, RecordKind.EXAMINED, RecordKind.DONE):
            return None
        if said.kind is RecordKind.OPENED:
            self.books[whose] = OpenBook(id=record_id, tasks=said.what.tasks, signed=[])
        book = self.books[whose]
        book.signed.append(said.sign_off())
        if said.kind is RecordKind.CERTIFIED:
            del self.books[whose]
        return book.id


def _paper(said: Said) -> tuple[object, ...]:
    return said.person, said.what.key, said.day, said.until, said.paper
