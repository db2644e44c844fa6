"""What fits nothing: kept, shown to whoever keeps the watch, never refused (house rule 7)."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import uuid

from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.database import trouble
from homeby.logbook import actions as logbook
from homeby.logbook.actions import Book, Page
from homeby.logbook.rules import Refused, Tap, bounded_happened_at
from homeby.missions import rules
from homeby.missions.models import Unmatched
from homeby.people import queries as people
from homeby.people.rules import BY_TEXT, Act, DeviceKind, Viewer
from homeby.people.texts import Words, each_hears
from homeby.watch import queries as watch
from homeby.watch.actions import alarms, recipients, unplaced
from homeby.watch.actions.acts import drop_act, lock_ref
from homeby.watch.actions.unplaced import Unplaced
from homeby.watch.rules import DeadlineKind
from homeby.watch.rules.unplaced import RING_AGAIN, help_ref

log = logging.getLogger(__name__)

#: What stands before the label of a device whose key was revoked.
REVOKED = "revoked "

#: What stands before the mark of a number in a text message of nobody we know.
TEXT_OF_NOBODY = f"{BY_TEXT}:unknown"

#: How the labels of sources begin that speak with one voice. A kiosk and a page do not.
_RING_AS_ONE = (f"{DeviceKind.PHONE.lower()}:", f"{BY_TEXT}:", REVOKED)
_UNKNOWN = "unknown"
#: How the labels of sources begin for which no key that holds answers, nor a number that we know.
_STRANGERS = (TEXT_OF_NOBODY, REVOKED)


def thanks() -> str:
    """The answer to a member who may not know more of whom they spoke of: always the same."""
    return _("Recorded. Thank you; whoever keeps the watch sees it.")


def not_known(act: Act) -> str:
    """The answer to a device that nobody knows: the same for all, and it tells of nobody."""
    if act is Act.HELP:
        return _("Kept, but this device is not known here. Do not wait for an answer: call.")
    return _("Kept, but not counted: this device is not known here. Somebody looks at it.")


def not_judged(act: Act) -> str:
    """The answer where our own code fails; of HELP "": whether anybody can be told of it is said
    once it is kept."""
    if act is Act.HELP:
        return ""
    return _("Recorded, but the station could not judge it; the duty officer sees it.")


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
    is_help = kind == rules.MISSION_ASKED_FOR_HELP
    answer = answer or (_told(person_id, now=book.now) if is_help else _waits())
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
    asked = _asked(page, person_id, why, callsign) if is_help else None
    page.add(
        Unmatched(
            id=uuid.uuid4(),
            kind=kind,
            person_id=person_id,
            mission_id=mission_id,
            happened_at=bounded_happened_at(tap.happened_at if tap else None, now=book.now),
            why=why[:500],
            help_ref=asked.ref if asked else "",
            is_early=is_early,
            is_unverified=is_unverified,
        )
    )
    if asked:
        _call(page, asked)
    return answer


def _waits() -> str:
    return _("Recorded. It fits nothing that is out; the duty officer sees it.")


def _told(person_id: uuid.UUID | None, *, now: dt.datetime) -> str:
    """What whoever calls HELP is answered: whether anybody but herself can be told of it."""
    if recipients.rising_about([person_id] if person_id else [], now=now):
        return _(
            "HELP is recorded, but it fits no mission that is out. The watch is being told now; "
            "call as well."
        )
    return _(
        "HELP is recorded, but it fits no mission that is out, and nobody can be told of it now. "
        "Call for help yourself."
    )


def _asked(page: Page, person_id: uuid.UUID | None, why: str, callsign: str) -> Unplaced:
    who = people.names([person_id]).get(person_id, "") if person_id else ""
    source = _source(page, str(person_id) if who else callsign)
    return Unplaced(
        ref=help_ref(source),
        person_id=person_id if who else None,
        who=who or callsign,
        said=why,
        is_stranger=source == _UNKNOWN or source.startswith(_STRANGERS),
    )


def _call(page: Page, asked: Unplaced) -> None:
    """HELP that fits nothing may be meant all the same: an alarm of its own opens, one for each
    source (`_source`): nothing can bury those who keep the watch, and no source silences another.
    Where no alarm can be opened, they are told once at least."""
    book = page.book
    plan = watch.default_plan(DeadlineKind.RETURN) or watch.default_plan(DeadlineKind.CHECK_IN)
    for _again in range(2):  # of two first calls of one source at once the second looks again
        try:
            assert plan is not None, "nobody can leave without a plan"
            with logbook.writing(now=book.now, by=book.by, device=book.device) as own:
                unplaced.call(own, asked, plan_id=plan.id)
            return
        except Exception as error:
            if trouble.is_of_all_rows(error=error):
                raise
            log.exception("no alarm could be opened for HELP that fits no mission")
    _tell_once(page, asked)


def _tell_once(page: Page, asked: Unplaced) -> None:
    now = page.book.now
    key = f"{asked.ref}/{int(now.timestamp() // RING_AGAIN.total_seconds())}"
    without = [asked.person_id] if asked.person_id else []
    to = dict.fromkeys(
        [
            *recipients.deciders(now=now, without=without),
            *(one for level in recipients.rising_about(without, now=now) for one in level),
        ]
    )
    rung = comms.keys_written(f"{key}/{one}" for one in to)
    to_ring = [one for one in to if f"{key}/{one}" not in rung]

    def words() -> Words:
        head = _("HELP that fits no mission: %s") % asked.who if asked.person_id else ""
        text = _("%(why)s Nobody is looked for by it until somebody has judged it: ring back now.")
        return head or _("HELP from somebody unknown"), (text % {"why": asked.said}).strip()

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
        for one in people.recipients(to_ring).values()
    ]
    tell(page, orders, now=now)


def _source(page: Page, of_whom: str) -> str:
    """What rings as one: a phone or a number, whoever it says that it is about; a device whose key
    was revoked, whatever it says; all that nobody knows, together. At a gate anybody may stand:
    there, each person or callsign. Never what was written beside it, which is another each time."""
    device = page.entry.device
    if device == _UNKNOWN or device.startswith(_RING_AS_ONE):
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
    """Whoever keeps the watch looked into an act that fitted nothing. With the last HELP of a
    source its alarm is over, and everybody who was told of it hears what was found."""
    if not by.keeps_watch:
        raise Refused(_("This is for whoever keeps the watch."))
    if not how.strip():
        raise Refused(how=_("Say in a few words what you found."))
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Unmatched.objects.select_for_update().get(pk=unmatched_id)
        if row.help_ref and by.person_id == row.person_id:
            raise Refused(_("You are the one who asked for HELP. Somebody else looks into it."))
        page = _settle(book, row, how=how, by=by, tap=tap, answer=_("Settled."))
        if row.help_ref:
            assert by.person_id is not None, "a person settles"
            lock_ref(row.help_ref)  # HELP that joins it meanwhile is waited for, and seen
            others = Unmatched.objects.filter(help_ref=row.help_ref, settled_at=None)
            if not others.exists():
                drop_act(page, row.help_ref, by=by.person_id, why=how.strip())
    return _("Settled.")


@logbook.once
def stand_help_down(
    *, alarm_id: uuid.UUID, reason: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """End the alarm about HELP that fits no mission, with a reason: what was said by then is
    settled with it, but for what she asked for herself. What came in that very moment waits in the
    list."""
    with logbook.writing(now=now, by=by.person_id) as book:
        ref = watch.ref_of(alarm_id)
        rows = Unmatched.objects.select_for_update().filter(help_ref=ref, settled_at=None)
        found = [row for row in rows.order_by("pk") if row.person_id != by.person_id]
        answer = alarms.end_with(book, alarm_id, reason=reason, by=by, tap=tap)
        for row in found:
            _settle(book, row, how=reason.strip(), by=by)
    return answer


def _settle(
    book: Book, row: Unmatched, *, how: str, by: Viewer, tap: Tap | None = None, answer: str = ""
) -> Page:
    page = book.entry(
        rules.UNMATCHED_SETTLED,
        subject="gate",
        person=row.person_id,
        facts={"how": how},
        tap=tap,
        answer=answer or None,
    )
    page.change(row, settled_by_id=by.person_id, settled_at=book.now, settled_how=how[:500])
    return page
