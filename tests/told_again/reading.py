"""Who was told what, in which week: read as its reader sees it, at that instant. A sentence is kept
as it stands in the catalogs, with what is put into it, so that a page says it in any language."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from homeby import sentences
from homeby.comms.models import Message
from homeby.people.rules import STATION
from homeby.readiness.actions.duty_starts import WANTED as BEGINS
from homeby.readiness.queries.duty_advice import against
from homeby.readiness.rules.duty_planning import DutyType, NotPicked
from homeby.readiness.rules.whose import Whose
from homeby.welfare.actions.check_starts import WANTED
from homeby.welfare.queries.behind import behind
from homeby.welfare.queries.chances import own_chances
from homeby.welfare.queries.checks import may_open, open_checks
from homeby.welfare.queries.closed import closed_activities
from homeby.welfare.queries.concerns import desk, own_concerns
from homeby.welfare.queries.mirror import Mirror, ahead, mirror
from homeby.welfare.rules.explained import said_of
from homeby.welfare.rules.said_of_chances import evidence
from tests.told_again import story
from tests.told_again.story import HER, LEADER, OFFICER, Week
from tests.told_again.village import Village

#: What the station writes about whoever is left out, or missed.
ABOUT = ("private:", "concern:", "search", "alarm:")


CALLED = {login: callsign for login, _name, callsign in story.PEOPLE}
NOT_TOLD, WAITED = "Not told yet", "Has waited longest"


class Template(str):
    """A sentence that remembers what is put into it."""

    __slots__ = ()

    def format(self, *_args: object, **parts: object) -> str:
        """The sentence filled."""
        filled = Filled(str.format(self, **parts))
        filled.template, filled.parts = str(self), parts
        return filled


class Filled(str):
    """A filled sentence, its template and its parts."""

    template: str
    parts: dict[str, object]


@contextlib.contextmanager
def as_written() -> Iterator[None]:
    """Meanwhile sentences remember their templates."""
    sentences.speak_with(translate=Template)
    try:
        yield
    finally:
        sentences.speak_with(translate=gettext)


def kept(sentence: str, **parts: object) -> dict[str, Any]:
    """A sentence as the file keeps it."""
    if isinstance(sentence, Filled):
        return {"text": sentence.template, "with": sentence.parts}
    return {"text": str(sentence), "with": parts}


def _message(row: Message) -> dict[str, Any]:
    """An alarm by what it asks for, without its number; of anything else the first line."""
    for wanted in (WANTED, BEGINS):
        if wanted % {"who": CALLED[HER]} in f"{row.subject} {row.text}":
            return kept(wanted, who=CALLED[HER])
    return {"over": "", "with": {}} if row.about.startswith("alarm:") else kept(row.subject)


@dataclass
class Reading:
    """`told`: by week, whom, where, which sentences."""

    here: Village
    told: list[dict[str, Any]] = field(default_factory=list)
    heard: set[uuid.UUID] = field(default_factory=set)
    again: dict[tuple[str, str], int] = field(default_factory=dict)

    def tell(self, week: int, to: str, where: str, said: Iterable[dict[str, Any]]) -> None:
        """Keep that somebody read this; nothing where there was nothing to read."""
        several = list(said)
        one = {"week": week, "to": CALLED[to], "where": where, "said": several}
        if several and one not in self.told:
            self.told.append(one)

    def of_planning(self, week: Week) -> None:
        """What the page of a new training says before it is planned."""
        begins = story.monday(week.number) + week.training * story.DAY + 17 * story.HOUR
        times = (begins, begins + 3 * story.HOUR)
        with as_written():
            said = against(
                self.here.as_(LEADER), DutyType.TRAINING, Whose(self.here.team_id, None), times,
                now=self.here.now,
            )  # fmt: skip
        # who rests after that shift is counted apart, and is the same person
        said = [one for one in said if not one.startswith("Rest then")]
        self.tell(week.number, LEADER, "PLANNING", map(kept, said))

    def of_mirror(self, week: int, *, only: str) -> None:
        """What whoever leads the team can still mend, of sentences that begin so."""
        viewer, now = self.here.as_(LEADER), self.here.now
        with as_written():
            found = mirror(viewer, now=now)
            said = [one for each in ahead(viewer, now=now) for one in each.said]
        self.tell(week, LEADER, "MIRROR", [kept(one) for one in said if one.startswith(only)])
        if only == NOT_TOLD:
            self._again(week, found)

    def _again(self, week: int, found: Mirror) -> None:
        """Which reason comes again and again for her."""
        for name, one in found.again:
            if one.times != self.again.get((name, one.reason)):
                self.again[name, one.reason] = one.times
                if name == CALLED[HER] and one.reason != NotPicked.TURN_OF_OTHERS:
                    said = {"again": str(one.reason), "with": {"name": name, "times": one.times}}
                    self.tell(week, LEADER, "REASONS", [said])

    def of_chances(self, week: int) -> None:
        """What she reads on her own page."""
        with as_written():
            (team,) = own_chances(self.here.as_(HER), now=self.here.now)
        self.tell(week, HER, "CHANCES", [kept(one.sentence) for one in team.said])

    def of_evidence(self, week: int, concern_id: uuid.UUID) -> None:
        """What stands behind a signal, as she reads it, and the welfare officer."""
        for who in (HER, OFFICER):
            with as_written():
                found = behind(self.here.as_(who), concern_id, now=self.here.now)
                (first, *_more) = [one for one in found if one.stretch is not None]
                assert first.stretch is not None, "asked for above"
                told = evidence(
                    first.stretch, one_in_years=first.one_in_years, people=first.people,
                    zone=story.ZONE,
                )  # fmt: skip
            said = [*(one.sentence for one in told.said), told.how_sure, told.not_why]
            self.tell(week, who, "EVIDENCE", map(kept, said))

    def of_desk(self, week: int) -> None:
        """What waits on the desk of the welfare officer."""
        kinds = [{"concern": str(one.kind), "with": {}} for one in desk(self.here.as_(OFFICER))]
        self.tell(week, OFFICER, "DESK", kinds)

    def of_messages(self, week: int) -> None:
        """Who was written to since the last time."""
        logins = {key: login for login, key in self.here.people.items()}
        rows = Message.objects.exclude(pk__in=self.heard)
        for row in sorted(rows, key=lambda one: (one.created_at, logins.get(one.person_id, ""))):
            self.heard.add(row.pk)
            if row.about.startswith(ABOUT) and row.person_id in logins:
                self.tell(week, logins[row.person_id], "MESSAGE", [_message(row)])

    def of_checks(self, week: int, who: str) -> None:
        """Whether somebody can look for her now, and may open where she would be."""
        viewer = self.here.as_(who)
        said: list[dict[str, Any]] = [
            {"check": "MAY_OPEN" if may_open(viewer, one) else "MISSED", "with": {}}
            for one in open_checks(viewer)
        ]
        self.tell(week, who, "CHECK", said)

    def knows(self) -> set[str]:
        """Who sees that there is a concern: on the desk, or on a page of their own."""
        seen = {}
        for login in self.here.people:
            viewer = self.here.as_(login)
            seen[login] = bool(desk(viewer)) or bool(own_concerns(viewer))
        return {login for login, sees in seen.items() if sees}

    def chances(self) -> list[dict[str, Any]]:
        """Week by week the decisions about her since the first week, summed: how many there were,
        how many went well, how many by an even hand would have."""
        all_of_them = closed_activities(STATION, now=self.here.now)[self.here.team_id]
        begins = {one.key: one.begins for one in all_of_them}
        her = str(self.here.people[HER])
        told = said_of(her, all_of_them, promise=1 / 100, until=self.here.now)
        facts = [
            (begins[key], one) for each in told for key, several in each.facts for one in several
        ]
        found = []
        for week in range(1, story.MISSED):
            span = (story.monday(1), story.monday(week + 1))
            within = [one for at, one in facts if span[0] <= at < span[1]]
            found.append(
                {
                    "week": week,
                    "all": len(within),
                    "well": sum(one.well for one in within),
                    "even": round(sum(one.even for one in within), 1),
                }
            )
        return found
