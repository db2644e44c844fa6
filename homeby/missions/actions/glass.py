"""Breaking the glass, closing it before its hour, and reviewing it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Mapping
from functools import partial

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused, Tap
from homeby.missions.models import BrokenGlass
from homeby.missions.queries import glass as queries
from homeby.missions.rules import glass as rules
from homeby.people import queries as people
from homeby.people.queries.factors import proofs_of
from homeby.people.queries.who import units
from homeby.people.rules import STATION, Role, Viewer
from homeby.people.rules_log_ins import Proof, still_to_prove
from homeby.watch.actions import notices, recipients
from homeby.watch.queries.duress import silent_alarm

#: Whoever may review a glass that somebody else broke.
REVIEWERS = (Role.ADMINISTRATOR, Role.LEADER, Role.DUTY_OFFICER)
#: What a reader of a message calls people (`people.queries.apart.read_as`).
Names = Mapping[uuid.UUID, str]
_PARTS = (Role.DUTY_OFFICER, Role.LEADER, Role.GATE_KEEPER, Role.ADMINISTRATOR)


@logbook.once
def break_glass(
    *,
    mission_id: uuid.UUID,
    reason: str,
    proved: Collection[Proof],
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Open what is closed about the party of a mission, for whoever keeps the watch and may not
    read it otherwise. In the same commit the party and two officers are told; while a silent alarm
    is open about them the officers only, for whoever forces one of them may read her telephone.
    Raises Refused."""
    found = queries.party_to_open(by, mission_id, now=now)
    if found is None or by.person_id is None:
        raise Refused(
            _(
                "Only somebody who keeps the watch breaks the glass, and of a party of another "
                "team only once an alarm about it has reached her."
            )
        )
    if not proved or still_to_prove(proofs_of(by), proved):
        raise Refused(_("Prove once more who you are: by your passkey, if you have one."))
    if problem := rules.problem_with_reason(reason):
        raise Refused(reason=problem)
    if queries.broken_glass(by, found.ref, now=now) is not None:
        raise Refused(_("You have opened this already; it closes by itself."))
    said = " ".join(reason.split())
    glass = BrokenGlass(
        id=tap.entry_id,
        mission_id=mission_id,
        holder_id=by.person_id,
        held_as=next((str(role) for role in _PARTS if by.has_somewhere(role)), ""),
        device=tap.device,
        proved_with=rules.said_of(proved),
        reason=said,
        party=[str(key) for key in found.party],
        opened_at=now,
        until_at=now + rules.OPEN_FOR,
    )
    answer = _("Open for 60 minutes. The party and two officers are told now.")
    with logbook.writing(now=now, by=by.person_id) as book:
        page = book.entry(
            rules.GLASS_BROKEN,
            subject=f"glass:{glass.pk}",
            facts={"reason": said, "until": glass.until_at, "what": found.what},
            tap=tap,
            answer=answer,
        )
        silent = silent_alarm(STATION, found.ref) is not None
        glass.party_told_at = None if silent else now
        glass.officers = [str(key) for key in _tell_officers(page, glass, found, by)]
        if not silent:
            _tell_party(page, glass, found)
        page.add(glass)
    return answer


def _tell_officers(
    page: Page, glass: BrokenGlass, found: queries.PartyToOpen, by: Viewer
) -> list[uuid.UUID]:
    now = page.book.now
    away = recipients.away_from_any(found.party)
    keepers = [key for key in notices.keepers(now=now) if key not in away]
    reaches = people.recipients(keepers)
    told = rules.officers_told(
        recipients.officers_about(found.party, now=now, knows=(glass.holder_id,)),
        keepers,
        reachable={k for k, one in reaches.items() if one.reaches_now(now=now, in_danger=True)},
        without={glass.holder_id, *found.party},
    )
    to_officers, ref = partial(_to_officers, glass, found, now), f"glass:{glass.pk}"
    naming = [glass.holder_id]
    notices.notify_at_once(page, told, to_officers, naming=naming, key=ref, about=ref)
    return told


def _tell_party(page: Page, glass: BrokenGlass, found: queries.PartyToOpen) -> None:
    party = [uuid.UUID(key) for key in glass.party]
    humans = set(party) - units(party) - {glass.holder_id}
    to_party, ref = partial(_to_party, glass, found, page.book.now), f"glass:{glass.pk}"
    to, naming = [one for one in party if one in humans], [glass.holder_id]
    notices.notify_at_once(page, to, to_party, naming=naming, key=f"{ref}/party", about=ref)


def _facts(
    glass: BrokenGlass, found: queries.PartyToOpen, now: dt.datetime, names: Names
) -> dict[str, str]:
    return {
        "by": names.get(glass.holder_id, "?"),
        "who": found.called,
        "what": found.what or _("a mission"),
        "reason": glass.reason,
        "from": instants.wall(glass.opened_at, found.zone, now),
        "until": instants.wall(glass.until_at, found.zone, now),
    }


def _and_how(glass: BrokenGlass, text: str) -> str:
    """The same, with what whoever is told should ask about."""
    weaker = _("It was opened without a passkey.")
    return f"{text} {weaker}" if glass.is_without_passkey else text


def _to_party(
    glass: BrokenGlass, found: queries.PartyToOpen, now: dt.datetime, names: Names
) -> tuple[str, str]:
    facts = _facts(glass, found, now, names)
    subject = _("%(by)s opened what is kept about you: break-glass") % facts
    text = _(
        "For “%(what)s”, from %(from)s until %(until)s: contact points, kin, home and health. The "
        "reason: %(reason)s. Officers were told, and somebody else must review it. Each look "
        "stands under “Who looked at me”."
    )
    return subject, _and_how(glass, text % facts)


def _to_officers(
    glass: BrokenGlass, found: queries.PartyToOpen, now: dt.datetime, names: Names
) -> tuple[str, str]:
    facts = _facts(glass, found, now, names)
    subject = _("Break-glass: %(by)s opened what is kept about %(who)s") % facts
    text = _(
        "For “%(what)s”, until %(until)s. The reason: %(reason)s. It stays red in the office until "
        "somebody other than %(by)s has reviewed it."
    )
    return subject, _and_how(glass, text % facts)


def _locked(glass_id: uuid.UUID) -> BrokenGlass:
    rows = BrokenGlass.objects.select_for_update(of=("self",)).filter(pk=glass_id)
    found = rows.select_related("mission").first()
    if found is None:
        raise Refused(_("There is no such break-glass."))
    return found


@logbook.once
def close_glass(*, glass_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Its holder needs it no longer. Raises Refused."""
    answer = _("Closed. It waits for somebody else's review.")
    with logbook.writing(now=now, by=by.person_id) as book:
        glass = _locked(glass_id)
        if glass.holder_id != by.person_id:
            raise Refused(_("Only whoever opened it closes it before its hour."))
        if now >= glass.until_at:
            raise Refused(_("It has closed by itself."))
        subject = f"glass:{glass.pk}"
        page = book.entry(rules.GLASS_CLOSED, subject=subject, tap=tap, answer=answer)
        page.change(glass, until_at=now)
    return answer


@logbook.once
def review_glass(
    *, glass_id: uuid.UUID, review: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Somebody else says what they found. Where the party could not be told yet, because of a
    silent alarm, it is told now. Raises Refused."""
    if by.person_id is None or not by.has(*REVIEWERS):
        raise Refused(_("A duty officer, a leader or an administrator reviews it."))
    answer = _("Reviewed. It is red no longer.")
    with logbook.writing(now=now, by=by.person_id) as book:
        glass = _locked(glass_id)
        _may_be_reviewed(glass, by, now=now)
        if problem := rules.problem_with_review(review):
            raise Refused(review=problem)
        said = " ".join(review.split())
        page = book.entry(
            rules.GLASS_REVIEWED,
            subject=f"glass:{glass.pk}",
            facts={"text": said},
            tap=tap,
            answer=answer,
        )
        values = {"reviewed_by_id": by.person_id, "reviewed_at": now, "review": said}
        if glass.party_told_at is None:
            values["party_told_at"] = now
            _tell_party_late(page, glass)
        page.change(glass, **values)
    return answer


def _may_be_reviewed(glass: BrokenGlass, by: Viewer, *, now: dt.datetime) -> None:
    if glass.holder_id == by.person_id:
        raise Refused(_("You opened it yourself: somebody else must review it."))
    if glass.reviewed_at is not None:
        raise Refused(_("It is reviewed already."))
    if now < glass.until_at:
        raise Refused(_("It is open still. Review it once it is closed, with all that was seen."))
    if glass.party_told_at is None and silent_alarm(STATION, glass.mission.ref) is not None:
        raise Refused(
            _("A silent alarm is open, and the party is not told of this before it ends.")
        )


def _tell_party_late(page: Page, glass: BrokenGlass) -> None:
    found = queries.party_to_open(STATION, glass.mission_id, now=page.book.now)
    assert found is not None, "the mission of a broken glass is there"
    _tell_party(page, glass, found)
