"""Lists of people: members, crews, vehicles, with their teams, roles and addresses.

Addresses are added unverified, and nobody is asked to verify them. In an entry they stand only
sealed, so that erasing the person's key erases them there too.
"""

from __future__ import annotations

import base64
import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from homeby.logbook.actions import Book, writing
from homeby.logbook.rules import Refused
from homeby.people import private, queries, rules
from homeby.people.actions.history.naming import Mention, Roll
from homeby.people.actions.history.taking import (
    ADDED,
    ALREADY_THERE,
    DEVICE,
    Origin,
    Outcome,
    all_or_each,
    differing,
    fitting_key,
    folded,
    rejected,
    said_before,
)
from homeby.people.models import ContactPoint, Membership, Person, PersonKey, RoleHeld, Team
from homeby.people.rules import STATION, ChannelName, PersonKind, Role

LANGUAGE_CHARACTERS_MAX = 10
TEAM_CHARACTERS_MAX = 200


@dataclass(frozen=True, kw_only=True)
class ListedPerson:
    """One row of a list of people. `channels` holds (channel, address) in order of preference."""

    line: int
    key: str
    kind: PersonKind
    name: str
    callsign: str
    language: str
    zone: str
    roles: tuple[Role, ...]
    teams: tuple[str, ...]
    channels: tuple[tuple[ChannelName, str], ...]

    def said(self) -> dict[str, Any]:
        """What the row says and may stand in an entry: all but addresses."""
        names = ("kind", "name", "callsign", "language", "zone", "roles", "teams")
        return {name: getattr(self, name) for name in names}

    def addresses(self) -> str:
        """What the row says of addresses, as text to be sealed."""
        return json.dumps(self.channels)


FIELDS = {
    "kind": later("kind"),
    "name": later("name"),
    "callsign": later("callsign"),
    "language": later("language"),
    "zone": later("zone"),
    "roles": later("roles"),
    "teams": later("teams"),
    "addresses": later("addresses"),
}


@dataclass(frozen=True, kw_only=True)
class _New:
    """A row that is taken, as the person it becomes; `is_known`: old records named them before."""

    row: ListedPerson
    person: Person
    is_known: bool


@dataclass
class PeopleTaker:
    """Takes rows of one list in, some hundred at a time.

    `names` counts the names of the whole list, so that one of two people of the same name never
    takes over what was recorded under that name alone.
    """

    origin: Origin
    names: Counter[str]
    dry_run: bool = False
    roll: Roll = field(default_factory=Roll)

    def take(self, rows: Sequence[ListedPerson]) -> list[Outcome]:
        """Take these rows in, one transaction for all of them; what becomes of each."""
        return all_or_each(rows, self._take, afresh=self.roll.refresh)

    def _take(self, rows: Sequence[ListedPerson]) -> list[Outcome]:
        if not self.dry_run:  # what a dry run would have added stands on the roll only
            self.roll.look_again()
        known = queries.visible_people(STATION).filter(key__in=[row.key for row in rows])
        people = {str(person.key): person for person in known}
        said = said_before(
            [f"person:{one.pk}" for one in people.values()],
            (rules.PERSON_ADDED, rules.PERSON_CHANGED),
        )
        outcomes, new = [], []
        for row in rows:
            if row.key in people:
                person = people[row.key]
                outcomes.append(_compared(row, person, said.get(f"person:{person.pk}")))
                continue
            try:
                new.append(self._person_for(row))
                outcomes.append(ADDED)
            except Refused as refused:
                outcomes.append(rejected(str(refused)))
        if new and not self.dry_run:
            self._write(new)
        return outcomes

    def _person_for(self, row: ListedPerson) -> _New:
        """The person as the row has them: new, or known so far only from old records."""
        _check(row)
        mention = self._known_from_records(row)
        known = self.roll.by_key(mention.key) if mention else None
        person = Person(
            id=known or uuid.uuid4(),
            key=row.key,
            kind=row.kind,
            name=row.name,
            callsign=row.callsign,
            language=row.language or "en",
        )
        if mention:
            self.roll.take_over(mention, person)
        else:
            self.roll.note(person)
        return _New(row=row, person=person, is_known=known is not None)

    def _known_from_records(self, row: ListedPerson) -> Mention | None:
        """How old records named this person, if they did. Raises Refused for a callsign taken."""
        if row.callsign:
            mention = Mention(text=row.callsign, kind=row.kind, is_callsign=True)
            known = self.roll.by_key(mention.key)
            if self.roll.of_word(mention) - {known}:
                raise Refused(_("somebody here has the callsign “%s” already") % row.callsign)
            if known is not None:
                return mention
        mention = Mention(text=row.name, kind=row.kind, is_callsign=False)
        known = self.roll.by_key(mention.key)
        is_only_one = self.names[folded(row.name)] == 1 and self.roll.of_word(mention) == {known}
        return mention if is_only_one else None

    def _write(self, new: list[_New]) -> None:
        with writing(now=self.origin.now, by=None, device=DEVICE) as book:
            teams = {folded(team.name): team for team in queries.visible_teams(STATION)}
            for one in new:
                joined = self._take_over(book, one) if one.is_known else self._add(book, one)
                for name in one.row.teams:
                    _join(book, one.person, _team(book, teams, name), joined)
                for role in one.row.roles:
                    _give(book, one.person, role)
                for rank, way in enumerate(one.row.channels, start=1):
                    _reach(book, one.person, rank, one.row.zone, way)

    def _facts(self, row: ListedPerson, person_id: uuid.UUID) -> dict[str, Any]:
        sealed = private.seal(person_id, {"addresses": row.addresses()})
        return {**self.origin.facts(line=row.line), "said": row.said(), "addresses": sealed}

    def _add(self, book: Book, new: _New) -> set[uuid.UUID]:
        person = new.person
        page = book.entry(rules.PERSON_ADDED, subject=f"person:{person.pk}", person=person.pk)
        page.add(person)
        page.add(PersonKey(person=person, wrapped=private.new_wrapped_key(person.pk)))
        page.state(**self._facts(new.row, person.pk))
        return set()

    def _take_over(self, book: Book, new: _New) -> set[uuid.UUID]:
        """Somebody known only from old records is this person; gives the teams they are in."""
        person = new.person
        page = book.entry(
            rules.PERSON_CHANGED,
            subject=f"person:{person.pk}",
            person=person.pk,
            facts=self._facts(new.row, person.pk),
        )
        columns = ("key", "name", "callsign", "language")
        page.change(person, **{name: getattr(person, name) for name in columns})
        open_ones = Membership.objects.filter(person=person, to_at=None)
        return set(open_ones.values_list("team_id", flat=True))


def _check(row: ListedPerson) -> None:
    """Refuse what the tables could not hold, with a sentence."""
    fitting_key(row.key)
    problems = rules.problem_with_person(name=row.name, callsign=row.callsign)
    if len(row.language) > LANGUAGE_CHARACTERS_MAX:
        problems["language"] = _("The language is a code such as en or pt-BR.")
    if any(len(name) > TEAM_CHARACTERS_MAX for name in row.teams):
        problems["teams"] = _("A team's name has at most %d characters.") % TEAM_CHARACTERS_MAX
    if row.kind is PersonKind.UNIT and row.roles:
        problems["roles"] = _("A unit holds no role; give it to a person.")
    if problems:
        raise Refused(" ".join(problems.values()))


def _compared(row: ListedPerson, person: Person, before: dict[str, Any] | None) -> Outcome:
    """Already there, if the row says what it said when it was taken in."""
    if before is None:  # added by hand, with this key
        before = {"said": {"name": person.name, "callsign": person.callsign}}
    different = differing(before.get("said", {}), row.said())
    if before.get("addresses"):
        try:
            sealed = base64.b64decode(before["addresses"])
            told = private.unseal(person.pk, sealed, purpose=rules.Purpose.OFFICE)["addresses"]
            different += ["addresses"] if told != row.addresses() else []
        except private.Shredded:  # what it said of addresses was erased, and stays so
            pass
    if not different:
        return ALREADY_THERE
    return rejected(
        _("it is here already with other facts (%s); nothing was changed, change it in the office")
        % ", ".join(str(FIELDS[name]) for name in different)
    )


def _team(book: Book, teams: dict[str, Team], name: str) -> Team:
    if folded(name) not in teams:
        team = Team(id=uuid.uuid4(), name=name)
        book.entry(rules.TEAM_ADDED, subject=f"team:{team.pk}").add(team)
        teams[folded(name)] = team
    return teams[folded(name)]


def _join(book: Book, person: Person, team: Team, joined: set[uuid.UUID]) -> None:
    if team.pk in joined:
        return
    joined.add(team.pk)
    page = book.entry(rules.MEMBERSHIP_BEGAN, subject=f"team:{team.pk}", person=person.pk)
    page.add(Membership(id=uuid.uuid4(), person=person, team=team, from_at=book.now))


def _give(book: Book, person: Person, role: Role) -> None:
    page = book.entry(
        rules.ROLE_GIVEN, subject=f"person:{person.pk}", person=person.pk, facts={"role": role}
    )
    page.add(RoleHeld(id=uuid.uuid4(), person=person, role=role, from_at=book.now))


def _reach(book: Book, person: Person, rank: int, zone: str, way: tuple[ChannelName, str]) -> None:
    """A contact point that nobody has verified yet: the watch does not use it before."""
    channel, address = way
    page = book.entry(
        rules.CONTACT_ADDED,
        subject=f"person:{person.pk}",
        person=person.pk,
        facts={"channel": channel},
    )
    page.add(
        ContactPoint(
            id=uuid.uuid4(),
            person=person,
            rank=rank,
            channel=channel,
            address_sealed=private.seal(person.pk, {"address": address}),
            zone=zone or "UTC",
        )
    )
