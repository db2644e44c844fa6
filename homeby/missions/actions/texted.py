"""What somebody texts from out there: done as if her phone had said it, or kept for a person.

The number is what it is known by: a confirmed contact point of exactly one person who is out, or
who is known here at all. A gateway with the station's secret vouches for it, but numbers can be
forged: so a text may do what her phone may do and no more, and whoever has her phone ask for a PIN
is asked for it here. All else goes to whoever keeps the watch.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from homeby import instants
from homeby.comms import queries as comms
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MESSAGE_QUEUED, MessageKind, Order
from homeby.instants import Problem
from homeby.logbook import actions as logbook
from homeby.logbook import queries as entries
from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries, rules
from homeby.missions.actions import duress, spoken
from homeby.missions.actions.intake import has_no_place
from homeby.missions.actions.unmatched import TEXT_OF_NOBODY, keep_unmatched
from homeby.missions.rules.intake import ASKED_ON_PHONES, KINDS, Claim, Proof, Taken
from homeby.missions.rules.texts import is_minutes, read_text
from homeby.people import queries as people
from homeby.people.numbers import Holder, in_digits
from homeby.people.rules import STATION, Act, DeviceFacts, DeviceKind
from homeby.people.texts import Words, in_language
from homeby.watch import queries as watch
from homeby.watch.actions import notices, recipients
from homeby.watch.rules.unplaced import RING_AGAIN

#: Under this name stand the entries of texts: an id of a gateway is no id of ours.
_TEXTS = uuid.UUID("57a71015-0000-4000-8000-000000000515")
ACTS = frozenset({Act.CHECK_IN, Act.SIGN_IN, Act.HELP, Act.MORE_TIME})


class Overfull(Exception):
    """Too much of numbers that nobody knows waits to be looked into: the gateway keeps it."""


@dataclass(frozen=True, kw_only=True)
class Texted:
    """One text as a gateway brought it. `sent_id` is the gateway's, "" for none; `sent_at` when it
    was sent, None where it does not say; `time_is_clear` is False where it says what is no time;
    `received_at` is when it came, or was signed where a gateway `signed` it that gives no time."""

    number: str
    text: str
    received_at: dt.datetime
    sent_id: str = ""
    sent_at: dt.datetime | None = None
    time_is_clear: bool = True
    signed: str = ""

    @property
    def entry_id(self) -> uuid.UUID:
        """The same for each delivery of one text. A gateway may begin to count anew, so number, day
        and words belong to it; without an id it is the time that tells two apart, and without that
        the second at which it was signed."""
        when = self.signed if self.sent_at is None else str(self.sent_at)
        if not self.sent_id and not when:
            return uuid.uuid4()
        if self.sent_id:
            when = self._about_when()
        name = "\n".join([in_digits(self.number), self.sent_id, when, self.text])
        return uuid.uuid5(_TEXTS, name.encode("utf-8", "replace").decode())

    def _about_when(self) -> str:
        """The day; of HELP the moment, or ten minutes where no time was given: better that it rings
        twice than that another is taken for the first."""
        at = self.sent_at or self.received_at
        if read_text(self.text).act is not Act.HELP:
            return str(at.date())
        return str(self.sent_at or int(at.timestamp() // RING_AGAIN.total_seconds()))


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A text with whose it is: `sender` None for nobody, or for several; `is_clear` False where its
    words are not, and then its claim only bears the PIN in them. `kept` is what is written down of
    it, `whole` what stands there where it turns out to hold no PIN."""

    texted: Texted
    sender: DeviceFacts | None
    claim: Claim
    is_clear: bool
    kept: str
    whole: str = field(repr=False)
    of_several: bool = False

    def judged(self, claim: Claim) -> Heard:
        """The same with its PIN judged. Of HELP nothing is left out that is not her PIN: it may say
        where she is."""
        if claim.act is not Act.HELP or claim.proof in (Proof.SHOWN, Proof.DURESS):
            return replace(self, claim=claim)
        claim = replace(claim, note=self.whole[:500])
        return replace(self, claim=claim, kept=self.whole)

    @property
    def _of_nobody(self) -> str:
        """So that one number that nobody knows cannot silence another, nor ring without end."""
        digits = in_digits(self.texted.number) or self.texted.number
        mark = hashlib.sha256(digits.encode("utf-8", "replace")).hexdigest()[:16]
        return f"{TEXT_OF_NOBODY} {mark}"

    @property
    def tap(self) -> Tap:
        """The tap of its entry."""
        return Tap(
            entry_id=self.texted.entry_id,
            device=self.sender.label if self.sender else self._of_nobody,
            happened_at=self.texted.sent_at,
            claimed_at=self.texted.sent_at,
        )


def hear(texted: Texted, holders: Sequence[Holder], *, now: dt.datetime) -> Heard:
    """Whose it is, and what it says."""
    holder = _only(holders)
    found = read_text(texted.text, has_pin=any(one.has_pin for one in holders))
    act = found.act if texted.time_is_clear or found.act is Act.HELP else None
    sender = _device(holder) if holder else None
    due_at = _due_at(sender, found.amount, now=now) if act is Act.MORE_TIME else None
    is_clear = act is not None and (act is not Act.MORE_TIME or due_at is not None)
    claim = Claim(
        entry_id=texted.entry_id,
        act=act if act is not None and is_clear else Act.CHECK_IN,
        happened_at=texted.sent_at,
        claimed_at=texted.sent_at,
        note=found.kept[:500] if act in (Act.HELP, Act.MORE_TIME) else "",
        due_at=due_at,
        pin=found.pin,
    )
    heard = Heard(
        texted=texted,
        sender=sender,
        claim=claim,
        is_clear=is_clear,
        kept=found.kept,
        whole=found.whole,
        of_several=holder is None and bool(holders),
    )
    return heard if holder else heard.judged(claim)


def _only(holders: Sequence[Holder]) -> Holder | None:
    """The one of these who is out; the one there is, where nobody is."""
    if len(holders) > 1:
        out = {row.person_id for row in queries.open_outings([one.person_id for one in holders])}
        holders = [one for one in holders if one.person_id in out]
    return holders[0] if len(holders) == 1 else None


def _device(holder: Holder) -> DeviceFacts:
    return DeviceFacts(
        id=holder.contact_id,
        kind=DeviceKind.PHONE,
        acts=ACTS,
        person_id=holder.person_id,
        language=holder.language,
        asks_pin=holder.asks_pin,
        by_text=True,
    )


def _due_at(sender: DeviceFacts | None, amount: str, *, now: dt.datetime) -> dt.datetime | None:
    """So much after what was promised, or after now where that has passed; or until that time of
    the day, where they are."""
    outings = queries.open_outings([sender.person_id]) if sender and sender.person_id else []
    promised = [row.mission.due_at for row in outings if row.mission.due_at is not None]
    if not promised:
        return None
    zone = outings[0].mission.zone
    if ":" in amount:
        found = instants.parse_typed(amount, zone, now)
    else:
        later = f"+{amount} min" if is_minutes(amount) else f"+{amount}"
        found = instants.parse_typed(later, zone, max(*promised, now))
    return None if isinstance(found, Problem) else found.instant


def take(heard: Heard, *, now: dt.datetime) -> tuple[Taken, str]:
    """Record it once, by one commit, and answer whoever sent it by the outbox. What became of it,
    and what the gateway may say of it, which tells nothing of anybody. Raises Overfull."""
    try:
        with transaction.atomic():
            return _take(heard, now=now)
    except IntegrityError:  # two gateways brought it at once: the other one has won
        with transaction.atomic():
            return _take(heard, now=now)


def _take(heard: Heard, *, now: dt.datetime) -> tuple[Taken, str]:
    given = entries.given_before([heard.tap.entry_id])
    if given:
        return Taken.AGAIN, _("Recorded.")
    if heard.sender is None:
        return _unverified(heard, now=now)
    with in_language(heard.sender.language):
        fits, answer = _said(heard, heard.sender, now=now)
        _answer(heard, answer, now=now)
    return (Taken.COUNTED if fits else Taken.UNVERIFIED), _("Recorded.")


def _said(heard: Heard, sender: DeviceFacts, *, now: dt.datetime) -> tuple[bool, str]:
    claim, tap = heard.claim, heard.tap
    if not heard.is_clear:
        with duress.watched(claim, sender, tap=tap, now=now):
            return False, _passed_on(heard, sender, _unclear(), now=now)
    if _calms_an_alarm(claim, sender):
        it = _provisional() if claim.act is Act.SIGN_IN else _provisionally_fine()
        return False, _passed_on(heard, sender, it, now=now)
    try:
        with duress.watched(claim, sender, tap=tap, now=now), transaction.atomic():
            said = spoken.speak(claim, sender, tap=tap, now=now)
    except Refused as refused:
        why = f"{refused} “{heard.kept[:300]}”"
        said = spoken.keep(claim, sender, why=why, tap=tap, now=now)
        return False, f"{said.answer} {refused}"
    return said.fits, said.answer


def _calms_an_alarm(claim: Claim, sender: DeviceFacts) -> bool:
    """Whether "back" would end an alarm, or "ok" hold its next step, while nothing shows that it is
    she: a number can be forged, so a person confirms it first, and no step waits for it
    (`RELIABILITY.md` threat 7). A silent alarm stands beside the mission, not on it: whoever forces
    her reads nothing of it here."""
    if claim.act not in ASKED_ON_PHONES or claim.proof is not Proof.NONE or sender.asks_pin:
        return False
    assert sender.person_id is not None, "a number is somebody's"
    refs = {row.mission.ref for row in queries.open_outings([sender.person_id])}
    return any(one.subject.ref in refs for one in watch.open_alarms(STATION))


@dataclass(frozen=True, kw_only=True)
class _ForAPerson:
    """Words about a text that changes nothing by itself: as which act it is kept and why, what its
    sender is answered, and what whoever has the watch reads, in the language of each."""

    kind: str
    why: str
    answer: str
    told: Callable[[str], Words]


def _unclear() -> _ForAPerson:
    return _ForAPerson(
        kind=rules.MISSION_CHECKED_IN,
        why=_("A text message in words that are not clear:"),
        answer=_(
            "Somebody reads your message; by itself it changes nothing. Text one of these alone: "
            "OK, BACK, LATE 2H, HELP."
        ),
        told=lambda who: (
            _("%s texts, and it is not clear") % who,
            _("“%s” It changed nothing by itself. Ring back, and enter what it means."),
        ),
    )


def _provisional() -> _ForAPerson:
    return _ForAPerson(
        kind=rules.MISSION_SIGNED_IN,
        why=_("A text message says so while an alarm is open, and a number can be forged:"),
        answer=_("The duty officer reads that you are back, and confirms it. Stay reachable."),
        told=lambda who: (
            _("%s texts to be back: confirm it") % who,
            _("“%s” A number can be forged, so no alarm ends by it. Ring back, and sign them in."),
        ),
    )


def _provisionally_fine() -> _ForAPerson:
    return replace(
        _provisional(),
        kind=rules.MISSION_CHECKED_IN,
        answer=_("Kept, but not counted: somebody looks at it."),
        told=lambda who: (
            _("%s texts to be fine: confirm it") % who,
            _("“%s” It changed nothing by itself. Ring back, and enter what it means."),
        ),
    )


def _passed_on(heard: Heard, sender: DeviceFacts, it: _ForAPerson, *, now: dt.datetime) -> str:
    """Of somebody we know: whoever has the watch reads it now, for it may be all that she could
    send; but of one number once in ten minutes, for a phone may answer our answers by itself."""
    assert sender.person_id is not None, "a number is somebody's"
    with logbook.writing(now=now, by=sender.person_id) as book:
        keep_unmatched(
            book, it.kind, sender.person_id, None, f"{it.why} “{heard.kept[:380]}”", tap=heard.tap,
            answer=it.answer,
        )  # fmt: skip
        _tell_the_watch(book, heard, sender, it)
    return it.answer


def _tell_the_watch(book: Book, heard: Heard, sender: DeviceFacts, it: _ForAPerson) -> None:
    person_id, now = sender.person_id, book.now
    assert person_id is not None, "a number is somebody's"
    who, text = people.names([person_id]).get(person_id, "?"), heard.kept
    key = f"text:{it.kind}/{_window(sender, now)}"
    told = recipients.deciders(now=now, without=[person_id])
    if comms.keys_written(f"{key}/{one}" for one in told):
        return

    def words() -> Words:
        head, said = it.told(who)
        return head, said % text[:400]

    facts = {"kind": MessageKind.NOTICE}
    page = book.entry(MESSAGE_QUEUED, subject="gate", person=person_id, facts=facts)
    notices.notify(page, told, words, key=key, about="gate")


def _window(sender: DeviceFacts, now: dt.datetime) -> str:
    """One number, and the ten minutes in which it rings or is answered once."""
    return f"{sender.id}/{int(now.timestamp() // RING_AGAIN.total_seconds())}"


def _unverified(heard: Heard, *, now: dt.datetime) -> tuple[Taken, str]:
    """Of a number that is nobody's here, or several people's: a person looks at it; HELP rings."""
    act = heard.claim.act
    if has_no_place(act):
        raise Overfull
    why = _("A text message from %s, a number of nobody here.")
    if heard.of_several:
        why = _("A text message from %s, a number of several people.")
    answer = _("Kept, but not counted: somebody looks at it.")
    text = f"{why % heard.texted.number[:40]} “{heard.kept[:380]}”"
    with logbook.writing(now=now, by=None) as book:
        keep_unmatched(
            book, KINDS[act], None, None, text, tap=heard.tap, answer=answer, is_unverified=True
        )
    return Taken.UNVERIFIED, answer


def _answer(heard: Heard, answer: str, *, now: dt.datetime) -> None:
    """To the number it came from, at any hour: she waits for it out there. To what is not clear
    once in ten minutes: two machines would answer each other without end."""
    assert heard.sender is not None, "nobody we do not know is answered"
    recipient = people.recipient_at(heard.sender.id)
    of_what = heard.tap.entry_id if heard.is_clear else _window(heard.sender, now)
    key = f"text-answer:{of_what}"
    if recipient is None or comms.keys_written([key]):
        return
    with logbook.writing(now=now, by=None) as book:
        person_id = heard.sender.person_id
        about, facts = f"person:{person_id}", {"kind": MessageKind.NOTICE}
        page = book.entry(MESSAGE_QUEUED, subject=about, person=person_id, facts=facts)
        order = Order(
            key=key,
            about=about,
            recipient=recipient,
            kind=MessageKind.NOTICE,
            subject="Homeby",
            text=answer,
            in_danger=True,
        )
        tell(page, [order], now=now)
