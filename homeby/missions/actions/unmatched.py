"""What fits nothing: kept, shown to whoever keeps the watch, never refused (house rule 7)."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap, bounded_happened_at
from homeby.missions import rules
from homeby.missions.models import Unmatched
from homeby.people import queries as people
from homeby.people.rules import BY_TEXT, DeviceKind, Viewer
from homeby.people.texts import Words, each_hears
from homeby.watch.actions import recipients

#: How soon HELP that fits nothing rings again, of the same person or source.
RING_AGAIN = dt.timedelta(minutes=10)

#: What stands before the label of a device whose key was revoked.
REVOKED = "revoked "

#: What stands before the mark of a number in a text message of nobody we know.
TEXT_OF_NOBODY = f"{BY_TEXT}:unknown"

#: How the labels of sources begin that speak with one voice. A kiosk and a page do not.
_RING_AS_ONE = (f"{DeviceKind.PHONE.lower()}:", f"{BY_TEXT}:", REVOKED)


def thanks() -> str:
    """The answer to a member who may not know more of whom they spoke of: always the same."""
    return _("Recorded. Thank you; whoever keeps the watch sees it.")


def keep_unmatched(  # noqa: PLR0913 - what fits nothing, and why
    book: Book,
    kind: str,
    person_id: uuid.UUID | None,
    mission_id: uuid.UUID | None,
    why: str,
    *,
    tap: Tap | None,
    answer: str = "",
    is_unverified: bool = False,
    is_early: bool = False,
    callsign: str = "",
) -> str:
    """Keep an act that fits nothing, inside an open book, and say so. `is_early` where it would
    have counted, had they been out: then a sign-out that comes later may take it up. `callsign`:
    as it was said."""
    answer = answer or _("Recorded. It fits nothing that is out; the duty officer sees it.")
    facts: dict[str, object] = {"kind": kind, "why": why}
    if is_unverified:
        facts["unverified"] = True
    page = book.entry(
        rules.ENTRY_UNMATCHED,
        subject=f"mission:{mission_id}" if mission_id else "gate",
        person=person_id,
        facts=facts,
        tap=tap,
        answer=answer,
    )
    page.add(
        Unmatched(
            id=uuid.uuid4(),
            kind=kind,
            person_id=person_id,
            mission_id=mission_id,
            happened_at=bounded_happened_at(tap.happened_at if tap else None, now=book.now),
            why=why[:500],
            is_early=is_early,
            is_unverified=is_unverified,
        )
    )
    if kind == rules.MISSION_ASKED_FOR_HELP:
        _ring(page, person_id, why, callsign)
    return answer


def _ring(page: Page, person_id: uuid.UUID | None, why: str, callsign: str) -> None:
    """HELP that fits nothing may be meant all the same: whoever holds the watch hears of it at
    once, and no limit holds it back; of somebody we know the deputy and the leaders do too, for
    nothing goes on by itself where the first is not reached. Each of them hears of one source once
    in ten minutes (`_source`): nothing can bury them, and no source silences another."""
    now = page.book.now
    who = people.names([person_id]).get(person_id, "") if person_id else ""
    source = _source(page, str(person_id) if who else callsign)
    key = f"help:{source}/{int(now.timestamp() // RING_AGAIN.total_seconds())}"
    to = recipients.deciders(now=now, without=[person_id] if person_id else ())
    if person_id and who:
        to = list(dict.fromkeys([*to, *_behind(person_id, now=now)]))
    rung = comms.keys_written(f"{key}/{one}" for one in to)
    to = [one for one in to if f"{key}/{one}" not in rung]

    def words() -> Words:
        head = _("HELP that fits no mission: %s") % who if who else ""
        text = _("%(why)s Nobody is looked for by it until somebody has judged it: ring back now.")
        return head or _("HELP from somebody unknown"), (text % {"why": why}).strip()

    said = each_hears(words)
    orders = [
        Order(
            key=f"{key}/{one.person_id}",
            about="gate",
            recipient=one,
            kind=MessageKind.ALARM,
            subject=said(one)[0],
            text=said(one)[1],
            in_danger=True,
            is_first=True,
        )
        for one in people.recipients(to).values()
    ]
    tell(page, orders, now=now)


def _behind(person_id: uuid.UUID, *, now: dt.datetime) -> list[uuid.UUID]:
    """The deputy and every leader: not she, nor who is kept away from her; who rests only where
    nobody else is left."""
    roll = recipients.call_roll([], named=(), now=now)
    without = {person_id, *recipients.away_from_any([person_id])}
    found = [key for key in (*roll.deputies, *roll.leaders) if key in roll.people]
    found = [key for key in found if key not in without]
    return [key for key in found if str(key) not in roll.resting] or found


def _source(page: Page, of_whom: str) -> str:
    """What rings as one: a phone or a number, whoever it says that it is about; a device whose key
    was revoked, whatever it says; all that nobody knows, together. At a gate anybody may stand:
    there, each person or callsign. Never what was written beside it, which is another each time."""
    device = page.entry.device
    if device == "unknown" or device.startswith(_RING_AS_ONE):
        return device
    is_page = not device.startswith(f"{DeviceKind.KIOSK.lower()}:")
    by = page.entry.actor_id if is_page else ""  # at a gate that is whoever was named
    mark = hashlib.sha256(of_whom.casefold().encode()).hexdigest()[:16]
    return f"{device}/{by}/{mark}"


@logbook.once
def note(
    *,
    kind: str,
    who: str,
    person_id: uuid.UUID | None = None,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Note an act of somebody nobody knows, by what they said of themselves, or of a person who is
    not out. `kind` is the entry kind of the act it was meant to be."""
    if not by.keeps_watch:
        raise Refused(_("Ask the gate keeper to note it."))
    if person_id is None and not who.strip():
        raise Refused(who=_("Write who it is, as they say it."))
    known = people.names([person_id]).get(person_id, "") if person_id else ""
    why = _("%s is not out.") % known if known else _("“%s” is on no list.") % who.strip()[:300]
    with logbook.writing(now=now, by=by.person_id) as book:
        return keep_unmatched(
            book, kind, person_id, None, why, tap=tap, is_early=True, callsign=who.strip()
        )


@logbook.once
def settle_unmatched(
    *, unmatched_id: uuid.UUID, how: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Whoever keeps the watch looked into an act that fitted nothing."""
    if not by.keeps_watch:
        raise Refused(_("This is for whoever keeps the watch."))
    if not how.strip():
        raise Refused(how=_("Say in a few words what you found."))
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Unmatched.objects.select_for_update().get(pk=unmatched_id)
        page = book.entry(
            rules.UNMATCHED_SETTLED,
            subject="gate",
            person=row.person_id,
            facts={"how": how},
            tap=tap,
            answer=_("Settled."),
        )
        page.change(row, settled_by_id=by.person_id, settled_at=now, settled_how=how[:500])
    return _("Settled.")
