"""Missions of the past: taken in from other people's files, and the open ones confirmed or ended.

Importing history never wakes anybody: no deadline, no subject of the watch, no alarm, no message
comes out of `MissionTaker`. A mission that its file leaves open stands on the list "out,
unconfirmed"; only a person's `confirm` puts it before the watch (`DESIGN.md` 6, Import).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.rules import FUTURE_LIMIT, Refused, Tap, plain
from homeby.missions import queries, rules
from homeby.missions.actions.expecting import describe, expect_return
from homeby.missions.actions.plan import locked
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import How, MemberState, MissionState, PlanTimes, planning
from homeby.people.actions.history.naming import Mention, Roll, add_mentioned
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
from homeby.people.rules import STATION, PersonKind, Viewer

TEXT_MAX = 300
TYPED_MAX = 100

FIELDS = {
    "subjects": later("people"),
    "subject_kind": later("people"),
    "out_at": later("out"),
    "back_at": later("back"),
    "due_at": later("expected back"),
    "zone": later("time zone"),
    "what": later("what"),
    "where": later("where"),
    "note": later("note"),
    "debrief": later("debrief"),
    "kind": later("kind of mission"),
    "sets_out_at": later("to set out"),
}


@dataclass(frozen=True, kw_only=True)
class PastMission:
    """One mission of the past. Instants are aware UTC; `*_typed` is what the file says.

    `back_at` None: never back, as far as the file says. `subjects` holds callsigns or names.
    """

    line: int
    key: str
    subjects: tuple[str, ...]
    subject_kind: PersonKind
    subjects_are_callsigns: bool
    out_at: dt.datetime
    back_at: dt.datetime | None
    due_at: dt.datetime | None
    zone: str
    out_typed: str
    back_typed: str
    due_typed: str
    what: str
    where: str
    note: str
    debrief: str
    kind: str = ""
    sets_out_at: dt.datetime | None = None
    sets_out_typed: str = ""

    def mentions(self) -> list[Mention]:
        """Whom it names, each once."""
        found: dict[str, Mention] = {}
        for text in self.subjects:
            mention = Mention(
                text=text, kind=self.subject_kind, is_callsign=self.subjects_are_callsigns
            )
            found.setdefault(mention.key, mention)
        return list(found.values())

    def said(self) -> dict[str, Any]:
        """What it says, kept in its entry and compared when the same key comes again."""
        return {name: getattr(self, name) for name in FIELDS}

    def typed(self) -> dict[str, str]:
        """How its times were written."""
        written = {"sets_out": self.sets_out_typed, "out": self.out_typed}
        written |= {"back": self.back_typed, "due": self.due_typed}
        return {name: text for name, text in written.items() if text}


@dataclass(frozen=True, kw_only=True)
class _New:
    """A mission that is taken, and its party, leader first."""

    past: PastMission
    party: tuple[uuid.UUID, ...]
    kind_id: uuid.UUID | None = None


@dataclass
class MissionTaker:
    """Takes missions of one file in, some hundred at a time."""

    origin: Origin
    dry_run: bool = False
    roll: Roll = field(default_factory=Roll)
    _unknown: dict[uuid.UUID, Mention] = field(default_factory=dict)
    _kinds: dict[str, uuid.UUID] = field(default_factory=dict)

    def take(self, rows: Sequence[PastMission]) -> list[Outcome]:
        """Take these missions in, one transaction for all of them; what becomes of each."""
        return all_or_each(rows, self._take, afresh=self.roll.refresh)

    def _take(self, rows: Sequence[PastMission]) -> list[Outcome]:
        if not self.dry_run:  # whom a dry run would have added stands on the roll only
            self.roll.look_again()
        self._unknown = {}
        found = queries.visible_missions(STATION).filter(key__in=[row.key for row in rows])
        known = {str(mission.key): mission for mission in found}
        said = said_before([one.ref for one in known.values()], [rules.MISSION_IMPORTED])
        outcomes, new = [], []
        for row in rows:
            if row.key in known:
                mission = known[row.key]
                outcomes.append(_compared(row, mission, said.get(mission.ref, {})))
                continue
            try:
                new.append(self._judged(row))
                outcomes.append(ADDED)
            except Refused as refused:
                outcomes.append(rejected(str(refused)))
        if new and not self.dry_run:
            self._write(new)
        return outcomes

    def _judged(self, past: PastMission) -> _New:
        """The mission with its party. Raises Refused for what cannot have been, or is not clear."""
        fitting_key(past.key)
        latest = self.origin.now + FUTURE_LIMIT
        if past.out_at > latest or (past.back_at is not None and past.back_at > latest):
            raise Refused(
                _("it lies in the future, and is no history; look at its date and the map's zone")
            )
        kind_id = self._kind_of(past.kind)
        mentions = past.mentions()
        people = [self.roll.who(mention) for mention in mentions]
        party = [
            person_id or self._somebody_new(mention)
            for person_id, mention in zip(people, mentions, strict=True)
        ]
        return _New(past=past, party=tuple(dict.fromkeys(party)), kind_id=kind_id)

    def _kind_of(self, said: str) -> uuid.UUID | None:
        """The kind of this code or name, None for none. Raises Refused."""
        if not said:
            return None
        if not self._kinds:
            for row in queries.kinds(STATION, ended=True):
                self._kinds |= {folded(row.name): row.pk, folded(row.code): row.pk}
        if folded(said) not in self._kinds:
            sentence = _("there is no kind of mission %s; add it under Office, Kinds of mission")
            raise Refused(sentence % _short(said, 60))
        return self._kinds[folded(said)]

    def _somebody_new(self, mention: Mention) -> uuid.UUID:
        person = mention.person(uuid.uuid4())
        self.roll.note(person)
        self._unknown[person.pk] = mention
        return person.pk

    def _write(self, new: list[_New]) -> None:
        with logbook.writing(now=self.origin.now, by=None, device=DEVICE, bulk=True) as book:
            for person_id, mention in self._unknown.items():
                add_mentioned(book, person_id, mention)
            for one in new:
                _add(book, one, self.origin)


def _add(book: logbook.Book, new: _New, origin: Origin) -> None:
    past, party = new.past, new.party
    mission = _mission(past, leader_id=party[0])
    mission.kind_id = new.kind_id
    page = book.entry(
        rules.MISSION_IMPORTED,
        subject=mission.ref,
        person=party[0] if len(party) == 1 else None,
        facts={**origin.facts(line=past.line), "said": past.said(), "typed": past.typed()},
        tap=Tap(entry_id=uuid.uuid4(), device=DEVICE, happened_at=past.out_at),
    )
    page.add(mission)
    for person_id in party:
        page.add(_member(mission, person_id))


def _mission(past: PastMission, *, leader_id: uuid.UUID) -> Mission:
    """The row. Texts that are too long for it are shortened; the entry keeps them whole."""
    return Mission(
        id=uuid.uuid4(),
        key=past.key,
        state=MissionState.UNCONFIRMED if past.back_at is None else MissionState.BACK,
        what=_short(past.what or _("Mission"), TEXT_MAX),
        place=_short(past.where, TEXT_MAX),
        leader_id=leader_id,
        zone=past.zone,
        sets_out_at=past.sets_out_at,
        sets_out_typed=_short(past.sets_out_typed, TYPED_MAX),
        due_at=past.due_at,
        due_typed=_short(past.due_typed, TYPED_MAX),
        out_at=past.out_at,
        back_at=past.back_at,
        heard_at=past.back_at or past.out_at,
    )


def _member(mission: Mission, person_id: uuid.UUID) -> PartyMember:
    """One of the party. Of an open mission nobody knows yet who is out, so nobody counts as out:
    the members are PLANNED, with the time the file says they left."""
    is_back = mission.back_at is not None
    return PartyMember(
        id=uuid.uuid5(mission.pk, str(person_id)),
        mission=mission,
        person_id=person_id,
        state=MemberState.BACK if is_back else MemberState.PLANNED,
        out_at=mission.out_at,
        out_how=How.TOLD,
        back_at=mission.back_at,
        back_how=How.TOLD if is_back else "",
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _compared(row: PastMission, mission: Mission, before: dict[str, Any]) -> Outcome:
    """Already there, if the row says what it said when it was taken in, or what a person has said
    since of its return."""
    said = before.get("said", {})
    different = differing(said, row.said())
    if different == ["back_at"] and plain(row.back_at) == plain(mission.back_at):
        different = []
    if not different:
        return ALREADY_THERE
    if different == ["back_at"] and mission.state == MissionState.UNCONFIRMED:
        return rejected(
            _("it is here already without a return; say on the list “out, unconfirmed” that they "
              "are back")
        )  # fmt: skip
    words = dict.fromkeys(str(FIELDS[name]) for name in different)
    return rejected(
        _("it is here already with other facts (%s); nothing was changed") % ", ".join(words)
    )


# --- the list "out, unconfirmed" ----------------------------------------------------------------


@logbook.once
def confirm(
    *,
    mission_id: uuid.UUID,
    due_at: dt.datetime,
    call_out_at: dt.datetime | None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """A person says that they are out: from here the watch runs, as after a sign-out.

    Without `call_out_at` the organisation's grace decides, the shorter one for somebody alone; no
    check-ins are asked for, since nobody agreed any with them. A time already past is refused: it
    would be a slip that wakes people.
    """
    with logbook.writing(now=now, by=by.person_id) as book:
        mission, members = _unconfirmed(mission_id, by)
        times = PlanTimes(due_at=due_at, call_out_at=call_out_at)
        limits = queries.limits()
        _check_times(mission, members, times, now=now)
        is_unit = members[0].person.kind == PersonKind.UNIT
        solo = rules.counts_as_solo(heads=len(members), is_unit=is_unit, said=False)
        called_at = rules.call_out_time(
            times, limits, solo=solo, conditions=rules.Conditions(mission.conditions)
        )
        answer = _("Confirmed: out, expected back %(due)s; at %(call_out)s help is called.") % {
            "due": instants.wall(due_at, mission.zone, now),
            "call_out": instants.wall(called_at, mission.zone, now),
        }
        page = book.entry(
            rules.MISSION_CONFIRMED,
            subject=mission.ref,
            person=members[0].person_id if len(members) == 1 else None,
            facts={"due_at": due_at, "call_out_at": called_at},
            tap=tap,
            answer=answer,
        )
        for member in members:
            page.change(member, state=MemberState.OUT, out_by_id=by.person_id)
        page.change(
            mission,
            state=MissionState.OUT,
            is_solo=solo,
            due_at=due_at,
            due_typed="",
            call_out_at=called_at,
            call_out_typed="",
        )
        subject = describe(page, mission, members)
        expect_return(page, mission, subject, now=now)
    return answer


@logbook.once
def close(
    *, mission_id: uuid.UUID, back_at: dt.datetime, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """A person says that everybody of an unconfirmed mission is home, and since when."""
    with logbook.writing(now=now, by=by.person_id) as book:
        mission, members = _unconfirmed(mission_id, by)
        if back_at > now + FUTURE_LIMIT:
            raise Refused(back=_("That lies in the future; say when they came back."))
        if mission.out_at is not None and back_at < mission.out_at:
            raise Refused(back=_("That is before they went out; look at the date."))
        answer = _("Recorded: back since %s.") % instants.wall(back_at, mission.zone, now)
        page = book.entry(
            rules.MISSION_SIGNED_IN,
            subject=mission.ref,
            person=members[0].person_id if len(members) == 1 else None,
            facts={"people": [one.person_id for one in members], "gate": None, "how": How.TOLD},
            tap=dataclasses.replace(tap, happened_at=back_at),
            answer=answer,
        )
        for member in members:
            page.change(
                member,
                state=MemberState.BACK,
                back_at=back_at,
                back_how=How.TOLD,
                back_by_id=by.person_id,
            )
        page.change(mission, state=MissionState.BACK, back_at=back_at, heard_at=back_at)
    return answer


def _unconfirmed(mission_id: uuid.UUID, by: Viewer) -> tuple[Mission, list[PartyMember]]:
    """The mission, locked, with its party; refuses whoever may not speak for it."""
    mission = locked(mission_id)
    members = list(mission.party.select_related("person").order_by("pk"))
    is_one_of_them = by.person_id in [member.person_id for member in members]
    if by.person_id is None or not (by.watches(mission.team_id) or is_one_of_them):
        raise Refused(_("Only the party or whoever keeps the watch says where they are."))
    if mission.state != MissionState.UNCONFIRMED:
        raise Refused(_("Somebody has said already where they are; look at the mission's page."))
    assert members, "an imported mission has a party"
    return mission, members


def _check_times(
    mission: Mission, members: list[PartyMember], times: PlanTimes, *, now: dt.datetime
) -> None:
    plan = planning.PlanCheck(
        party=[member.person_id for member in members],
        leader_id=mission.leader_id,
        what=mission.what,
        times=times,
        solo=False,  # whoever is out already is watched, with a device or without one
    )
    if problems := planning.problems_with_plan(plan, queries.limits(), now=now):
        raise Refused(**problems)
