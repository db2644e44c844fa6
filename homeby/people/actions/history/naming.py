"""Whom old records mean: found again by key, callsign or name, or made once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused
from homeby.people import queries, rules
from homeby.people.actions.history.taking import KEY_CHARACTERS_MAX, folded
from homeby.people.actions.persons import add_person_row
from homeby.people.models import Person
from homeby.people.rules import STATION, PersonKind


@dataclass(frozen=True, kw_only=True)
class Mention:
    """Somebody as an old record names them: by callsign, or by name only."""

    text: str
    kind: PersonKind
    is_callsign: bool

    @property
    def key(self) -> str:
        """The natural key of somebody known only so. No map's name begins with @."""
        word = "callsign" if self.is_callsign else "name"
        key = f"@{self.kind.lower()}-{word}:{folded(self.text)}"
        if len(key) <= KEY_CHARACTERS_MAX:
            return key
        digest = uuid.uuid5(uuid.NAMESPACE_OID, key).hex
        return f"{key[: KEY_CHARACTERS_MAX - len(digest) - 1]}#{digest}"

    def person(self, person_id: uuid.UUID) -> Person:
        """The row of somebody of whom nothing else is known. A name is no callsign."""
        callsign = self.text if self.is_callsign else ""
        return Person(id=person_id, key=self.key, kind=self.kind, name=self.text, callsign=callsign)


class Roll:
    """Everybody who is known, to find again whom a record names; read once, kept up by hand."""

    def __init__(self) -> None:
        self._size = -1
        self._by_key: dict[str, uuid.UUID] = {}
        self._by_word: dict[tuple[str, bool, str], set[uuid.UUID]] = defaultdict(set)
        self.look_again()

    def look_again(self) -> None:
        """Read everybody anew if their number is not the one we know of."""
        if queries.visible_people(STATION).count() != self._size:
            self.refresh()

    def refresh(self) -> None:
        """Read everybody anew."""
        self._by_key.clear()
        self._by_word.clear()
        self._size = 0
        columns = ("pk", "kind", "key", "callsign", "name")
        for row in queries.visible_people(STATION).values_list(*columns):
            self.note(Person(**dict(zip(columns, row, strict=True))))

    def note(self, person: Person) -> None:
        """Somebody is known from now on."""
        self._size += 1
        if person.key:
            self._by_key[person.key] = person.pk
        if person.callsign:
            self._by_word[person.kind, True, folded(person.callsign)].add(person.pk)
        self._by_word[person.kind, False, folded(person.name)].add(person.pk)

    def take_over(self, mention: Mention, person: Person) -> None:
        """Whoever was known by this mention only is this person from now on."""
        del self._by_key[mention.key]
        self._size -= 1
        self.note(person)

    def by_key(self, key: str) -> uuid.UUID | None:
        """Whoever has this natural key."""
        return self._by_key.get(key)

    def of_word(self, mention: Mention) -> set[uuid.UUID]:
        """Everybody of this kind who has this callsign, or this name."""
        return self._by_word.get((mention.kind, mention.is_callsign, folded(mention.text)), set())

    def who(self, mention: Mention) -> uuid.UUID | None:
        """Whom a record means; None for somebody new. Raises Refused where that is not clear."""
        known = self.by_key(mention.key)
        if known is not None:
            return known
        callsign = mention.text if mention.is_callsign else ""
        problems = rules.problem_with_person(name=mention.text, callsign=callsign)
        if problems:
            raise Refused(" ".join(problems.values()))
        found = self.of_word(mention)
        if len(found) > 1:
            raise Refused(
                _("%(number)d people are called “%(who)s” here; it is not clear who is meant")
                % {"number": len(found), "who": mention.text}
            )
        return next(iter(found), None)


def add_mentioned(book: Book, person_id: uuid.UUID, mention: Mention) -> None:
    """Write somebody of whom only a name or callsign is known."""
    add_person_row(book, mention.person(person_id))
