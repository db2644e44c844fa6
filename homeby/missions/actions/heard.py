"""What another member has seen or heard of somebody: back, fine, or in need of more time.

Whoever says it names a callsign and learns nothing by it, not even whether there is such a person
or whether they are out (promise 8): the answer is the same for all. What she saw, or heard from
them, counts in full: a sign-in by another member is a sign-in by a person. That somebody else says
they are back is hearsay, by which nobody is home: it is shown to whoever keeps the watch, and ends
nothing until one of them, or one of the party, signs them in. What fits nothing is kept as
unmatched, and so is what is said of somebody by whoever is kept away from them: others look at it,
and it is answered as if it were of nobody.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries, rules
from homeby.missions.actions import extend, gate
from homeby.missions.actions.extend import Wanted
from homeby.missions.actions.gate import AtGate
from homeby.missions.actions.unmatched import keep_unmatched, thanks
from homeby.missions.models import PartyMember
from homeby.missions.rules import Link, Word
from homeby.people import queries as people
from homeby.people.queries.callsigns import called
from homeby.people.rules import Viewer

KINDS = {
    Word.BACK: rules.MISSION_SIGNED_IN,
    Word.FINE: rules.MISSION_CHECKED_IN,
    Word.MORE_TIME: rules.EXTENSION_ASKED,
}


@dataclass(frozen=True, kw_only=True)
class Said:
    """What was seen or heard: of whom, by their callsign as typed, and how it is known. `at` counts
    for BACK, `link` and `note` for FINE, `wanted` (with its own link and reason) for MORE_TIME."""

    word: Word
    callsign: str
    at: AtGate = dataclasses.field(default_factory=lambda: AtGate(gate_id=None))
    link: Link = Link.IN_PERSON
    note: str = ""
    wanted: Wanted | None = None


@logbook.once
def heard(*, said: Said, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Record it as what it is where it fits a person who is out, else as unmatched. Refused is only
    what says nothing: nobody is named, or no time that is still to come."""
    if by.person_id is None:
        raise Refused(_("Log in first, or ask the gate keeper."))
    if not said.callsign.strip():
        raise Refused(callsign=_("Write the callsign, as they or others say it."))
    _check_wanted(said, now=now)
    found = called(said.callsign)
    outings = queries.open_outings(found)
    who = {row.person_id for row in outings} if len(found) > 1 else set(found)
    if len(who) == 1 and not who & by.apart:
        (person_id,) = who
        if said.word is Word.BACK and not _is_hearsay(said, outings, by):
            return gate.sign_in(person_ids=[person_id], at=said.at, by=by, now=now, tap=tap)
        if outings and said.word is Word.FINE:
            return _check_in(outings, said, by=by, now=now, tap=tap)
        if len(outings) == 1 and said.wanted is not None:
            mission_id = outings[0].mission_id
            return extend.ask(mission_id=mission_id, wanted=said.wanted, by=by, now=now, tap=tap)
    return _unmatched(said, who, outings, by=by, now=now, tap=tap)


def _is_hearsay(said: Said, outings: list[PartyMember], by: Viewer) -> bool:
    """Whether a return is only told by somebody else, to a member who neither went along nor keeps
    the watch of it (`RELIABILITY.md` threat 7)."""
    if said.word is not Word.BACK or said.at.how is not rules.How.TOLD or by.keeps_watch:
        return False
    return not outings or not queries.sees_all(by, [row.mission_id for row in outings])


def _check_wanted(said: Said, *, now: dt.datetime) -> None:
    """Judged before anybody is looked up, so that the sentence tells nothing of them."""
    if said.word is not Word.MORE_TIME:
        return
    if said.wanted is None:
        raise Refused(due=_("Say until when."))
    new_due_at = said.wanted.due_at
    problem = rules.extension_problem(due_at=new_due_at, new_due_at=new_due_at, now=now)
    if problem:
        raise Refused(due=problem)


def _check_in(
    outings: list[PartyMember], said: Said, *, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Fine on every mission they are out on. The tap's own entry comes last: if anything fails on
    the way, sending it again finishes the rest and repeats nothing."""
    taps = [
        dataclasses.replace(tap, entry_id=uuid.uuid5(tap.entry_id, str(row.mission_id)))
        for row in outings[1:]
    ]
    answer = ""
    for row, own in zip(reversed(outings), [*taps, tap], strict=True):
        answer = gate.check_in(
            mission_id=row.mission_id, link=said.link, note=said.note, by=by, now=now, tap=own
        )
    return answer


def _unmatched(
    said: Said,
    who: set[uuid.UUID],
    outings: list[PartyMember],
    *,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    person_id = next(iter(who)) if len(who) == 1 else None
    callsign = said.callsign.strip()[:100]
    is_apart = bool(who & by.apart)
    if is_apart:
        why = ""
    elif person_id is None and not called(callsign):
        why = _("“%s” is on no list.") % callsign
    elif person_id is None:
        why = _("“%s” could be several people.") % callsign
    elif _is_hearsay(said, outings, by) and outings:
        why = _("Somebody else says that %s is back. Ask them, and sign them in.") % callsign
    elif outings:
        why = _("%s is out on several missions.") % callsign
    else:
        why = _("%s is not out.") % callsign
    with logbook.writing(now=now, by=by.person_id) as book:
        answer = "" if by.keeps_watch else thanks()
        text = " ".join(part for part in (why, _details(said, now=now)) if part)
        kind = KINDS[said.word]
        is_early = person_id is not None and not outings and not is_apart
        is_early = is_early and not _is_hearsay(said, outings, by)
        return keep_unmatched(
            book, kind, person_id, None, text[:500], tap=tap, answer=answer, is_early=is_early
        )


def _details(said: Said, *, now: dt.datetime) -> str:
    if said.wanted is None:
        return said.note
    zone = people.zone()
    until = instants.wall(said.wanted.due_at, zone, now)
    asked = _("They ask for more time, until %s.") % until
    return f"{asked} {said.wanted.why}".strip()
