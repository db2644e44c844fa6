"""The door of devices: entries of phones and kiosks, judged by their keys, done by the gate.

A group of batches shares one commit, and each entry is all or nothing by itself. An answer is given
only once the commit has returned; if anything fails on the way, each entry is taken alone.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from homeby.database import trouble
from homeby.logbook import actions as logbook
from homeby.logbook import queries as entries
from homeby.logbook.rules import Refused, Tap
from homeby.missions import rules
from homeby.missions.actions import duress, spoken
from homeby.missions.actions.check_ins import Sent, check_in_many
from homeby.missions.actions.unmatched import REVOKED, keep_unmatched, not_judged, not_known
from homeby.missions.models import Unmatched
from homeby.missions.rules.intake import (
    KINDS,
    UNVERIFIED_HELP_MAX,
    UNVERIFIED_MAX,
    Answer,
    Claim,
    Proof,
    Taken,
    hears_promise,
    is_plain,
)
from homeby.people.queries.devices import devices_of_keys
from homeby.people.rules import Act, DeviceFacts, DeviceKind
from homeby.people.texts import in_language

logger = logging.getLogger(__name__)

#: Under this name stand the entries of sources that nobody knows; their ids are made anew from it,
#: so that an entry may still count when it comes again by a key that is known.
UNKNOWN = uuid.UUID("57a71015-0000-4000-8000-0000000000ee")


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one device sent at once. `key_hash` is empty where it showed no key; `language` is the
    reader's, by what the device asked for."""

    claims: tuple[Claim, ...]
    key_hash: str
    language: str
    now: dt.datetime


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """It could not be recorded: nothing of this batch is lost, for nothing was confirmed.
    `is_of_database` where the next batch would fare no better."""

    sentence: str
    is_of_database: bool = True


Result = list[Answer] | Trouble


class _Overfull(Exception):
    """Too much of unknown devices waits to be looked into; the text is the sentence."""


def take(batches: Sequence[Batch]) -> list[Result]:
    """Take these batches by one commit; where that fails, each entry by a commit of its own. Gives
    the answers of each batch, in its order."""
    try:
        with transaction.atomic():
            return [*_answers(batches)]
    except Exception as error:  # noqa: BLE001 - whatever one entry does, the others must count
        known = trouble.recognise(error=error)
        logger.warning("a group of entries is taken one by one: %s", error)
        if known is not None and known.kind is not trouble.Kind.BUSY:
            return [Trouble(sentence=str(known.sentence)) for _batch in batches]
    results: list[Result] = []
    for batch in batches:  # a database that just kept us waiting in vain is not asked by each again
        last = results[-1] if results else None
        if isinstance(last, Trouble) and last.is_of_database:
            results.append(last)
        else:
            results.append(_one_by_one(batch))
    return results


@dataclass
class _Group:
    """Batches that share a transaction, taken in their order. Check-ins that come one after another
    from phones are kept until something else comes, and are then noted together."""

    batches: Sequence[Batch]
    known: dict[str, DeviceFacts]
    before: dict[uuid.UUID, entries.Given]
    answers: list[list[Answer]] = field(default_factory=list)
    full: dict[int, Trouble] = field(default_factory=dict)
    kept: list[tuple[int, int, Sent]] = field(default_factory=list)
    seen: set[uuid.UUID] = field(default_factory=set)

    def take(self) -> list[Result]:
        """The answers of each batch. What found no place any more is sent again as a whole; what
        was kept of it before then is here already."""
        for number in range(len(self.batches)):
            self.answers.append([])
            try:
                self._batch(number)
            except _Overfull as full:
                self.full[number] = Trouble(sentence=str(full), is_of_database=False)
        self._note_kept()
        return [self.full.get(number, told) for number, told in enumerate(self.answers)]

    def _batch(self, number: int) -> None:
        batch = self.batches[number]
        device = self.known.get(batch.key_hash)
        for place, claim in enumerate(batch.claims):
            self.answers[number].append(_WAITS)
            self._one(number, place, claim, device)

    def _one(self, number: int, place: int, claim: Claim, device: DeviceFacts | None) -> None:
        batch, is_again = self.batches[number], claim.entry_id in self.seen
        self.seen.add(claim.entry_id)
        if not is_again and claim.entry_id not in self.before and is_plain(claim, device):
            self.kept.append((number, place, _sent(claim, device, batch)))
            return
        self._note_kept()
        if is_again:  # it stands twice in this group
            self.before |= entries.given_before([claim.entry_id])
        given = self.before.get(claim.entry_id)
        self.answers[number][place] = _answer(claim, device, given, batch)

    def _note_kept(self) -> None:
        kept, self.kept = self.kept, []
        said = check_in_many([sent for _number, _place, sent in kept]) if kept else []
        for (number, place, _sent_one), answer in zip(kept, said, strict=True):
            batch = self.batches[number]
            claim = batch.claims[place]
            if answer is None:
                device = self.known.get(batch.key_hash)
                self.answers[number][place] = _answer(claim, device, None, batch)
            else:
                self.answers[number][place] = Answer(
                    entry_id=claim.entry_id, taken=Taken.COUNTED, sentence=answer
                )


_WAITS = Answer(entry_id=uuid.UUID(int=0), taken=Taken.REFUSED, sentence="")


def _answers(batches: Sequence[Batch]) -> list[Result]:
    known = devices_of_keys(batch.key_hash for batch in batches if batch.key_hash)
    before = entries.given_before(claim.entry_id for batch in batches for claim in batch.claims)
    return _Group(batches, known, before).take()


def _sent(claim: Claim, device: DeviceFacts | None, batch: Batch) -> Sent:
    assert device is not None, "a plain check-in comes from a phone"
    assert device.person_id is not None, "a phone is somebody's"
    assert claim.mission_id is not None, "a plain check-in names its mission"
    return Sent(
        mission_id=claim.mission_id,
        actor=device.person_id,
        note=claim.note,
        tap=tap_of(claim, device),
        language=device.language or batch.language,
        now=batch.now,
    )


def _answer(
    claim: Claim, device: DeviceFacts | None, given: entries.Given | None, batch: Batch
) -> Answer:
    with in_language((device.language if device else "") or batch.language):
        try:
            if given is not None:
                return _again(claim, device, given)
            if device is None or not device.works:
                return _unverified(claim, device, now=batch.now)
            return _judged(claim, device, now=batch.now)
        except Refused as refused:
            return Answer(entry_id=claim.entry_id, taken=Taken.REFUSED, sentence=str(refused))


def _again(claim: Claim, device: DeviceFacts | None, given: entries.Given) -> Answer:
    """The first answer, for the device that got it, or one of the same person with a new key. Any
    other learns only that it is here, and not that it counts: for all we know it does not."""
    sentence, first = _("Recorded."), Taken.UNVERIFIED
    if device is not None and device.works and _got_it(device, given):
        sentence = given.answer
        first = Taken.UNVERIFIED if given.kind == rules.ENTRY_UNMATCHED else Taken.COUNTED
        first = Taken.REFUSED if given.refused else first
        if device.kind is DeviceKind.KIOSK:
            first, sentence = _at_a_kiosk(claim, first, promise=sentence)
    return Answer(entry_id=claim.entry_id, taken=Taken.AGAIN, sentence=sentence, first=first)


def _got_it(device: DeviceFacts, given: entries.Given) -> bool:
    is_own = device.person_id is not None and device.person_id == given.actor_id
    return is_own or given.device == device.label


def _judged(claim: Claim, device: DeviceFacts, *, now: dt.datetime) -> Answer:
    tap = tap_of(claim, device)
    with duress.watched(claim, device, tap=tap, now=now):
        return _said(claim, device, tap=tap, now=now)


def _said(claim: Claim, device: DeviceFacts, *, tap: Tap, now: dt.datetime) -> Answer:
    if claim.act not in device.acts:
        raise Refused(_("This device may not do that. Ask whoever keeps the watch."))
    try:
        said = spoken.speak(claim, device, tap=tap, now=now)
    except Refused as refused:
        if device.kind is not DeviceKind.KIOSK:
            raise
        if entries.given_before([claim.entry_id]):  # why not, would tell of somebody
            raise Refused(_("This could not be recorded here. Ask the gate keeper.")) from None
        said = spoken.keep(claim, device, why=str(refused), tap=tap, now=now)
    taken, sentence = Taken.COUNTED if said.fits else Taken.UNVERIFIED, said.answer
    if device.kind is DeviceKind.KIOSK:
        taken, sentence = _at_a_kiosk(claim, taken, promise=said.answer)
    return Answer(entry_id=claim.entry_id, taken=taken, sentence=sentence)


#: What a kiosk is answered alike whether it fits or not, or whoever stole one could ask by it who
#: is out. At a sign-out and HELP, whoever leaves must know that nobody watches.
_SAID_IN_SILENCE = frozenset({Act.SIGN_IN, Act.CHECK_IN})


def _at_a_kiosk(claim: Claim, taken: Taken, *, promise: str) -> tuple[Taken, str]:
    """What a screen that anybody may touch is told."""
    if claim.proof is Proof.WRONG and claim.act is not Act.HELP:
        return Taken.UNVERIFIED, _(
            "It does not count yet: callsign and PIN, or the card, do not fit. Ask the gate keeper."
        )
    if claim.act in _SAID_IN_SILENCE or taken is Taken.COUNTED:
        return Taken.COUNTED, promise if hears_promise(claim) else _("Recorded.")
    return taken, _("Ask the gate keeper.")


def tap_of(claim: Claim, device: DeviceFacts | None) -> Tap:
    """The tap of an entry that a device sent."""
    return Tap(
        entry_id=claim.entry_id,
        device=_source(device),
        happened_at=claim.happened_at,
        claimed_at=claim.claimed_at,
        device_sequence=claim.sequence,
        signed=claim.signed,
    )


def _unverified(claim: Claim, device: DeviceFacts | None, *, now: dt.datetime) -> Answer:
    """What a source says that nobody knows, or whose key was revoked: it changes nothing that is
    out, and a person looks at it. The answer is the same for all, and tells of nobody."""
    answer = not_known(claim.act)
    tap = Tap(
        entry_id=uuid.uuid5(UNKNOWN, f"{claim.entry_id}/{device.id if device else ''}"),
        device=_source(device),
        happened_at=claim.happened_at,
        claimed_at=claim.claimed_at,
    )
    before = entries.given_before([tap.entry_id])
    if before:
        first = Taken.UNVERIFIED
        return Answer(entry_id=claim.entry_id, taken=Taken.AGAIN, sentence=answer, first=first)
    # Of a device that was ours it is always kept: nobody without a key may bury that.
    if device is None and has_no_place(claim.act):
        raise _Overfull(_("Too much of unknown devices is waiting. Call whoever keeps the watch."))
    with logbook.writing(now=now, by=None) as book:
        keep_unmatched(
            book,
            KINDS[claim.act],
            _of_whom(claim, device),
            None,
            _why_unverified(claim, device),
            tap=tap,
            answer=answer,
            is_unverified=True,
        )
    return Answer(entry_id=claim.entry_id, taken=Taken.UNVERIFIED, sentence=answer)


def has_no_place(act: Act) -> bool:
    """Whether the list of what unknown devices said is full; HELP has a part of it to itself."""
    rows, of_help = Unmatched.objects.filter(is_unverified=True, settled_at=None), KINDS[Act.HELP]
    if act is Act.HELP:
        return rows.filter(kind=of_help).count() >= UNVERIFIED_HELP_MAX
    return rows.exclude(kind=of_help).count() >= UNVERIFIED_MAX


def _why_unverified(claim: Claim, device: DeviceFacts | None) -> str:
    why = _("Unverified: its key was revoked.") if device else _("Unverified: no key we know.")
    parts = [why, f"“{claim.callsign}”" if claim.callsign else "", claim.note[:300]]
    return " ".join(part for part in parts if part)


def _one_by_one(batch: Batch) -> Result:
    answers: list[Answer] = []
    for claim in batch.claims:
        try:
            found = _alone(replace(batch, claims=(claim,)))
        except Exception as error:
            known = trouble.recognise(error=error)
            if known is not None and trouble.is_of_all_rows(error=error):
                return Trouble(sentence=str(known.sentence))
            logger.exception("an entry of a device could not be judged")
            found = [_not_judged(claim, batch)]
        if isinstance(found, Trouble):
            return found
        answers += found
    return answers


def _alone(batch: Batch, *, tries: int = 4) -> Result:
    """A batch of one claim by a commit of its own. Where the same entry came twice at once, the
    other one has won by now: a second look finds its answer. Where two waited for each other, the
    database has let the other one go on, and the way is free."""
    try:
        with transaction.atomic():
            return _answers([batch])[0]
    except (IntegrityError, OperationalError) as error:
        gives_way = isinstance(error, IntegrityError) or trouble.gave_way(error=error)
        if not gives_way or tries == 1:
            raise
    return _alone(batch, tries=tries - 1)


def _not_judged(claim: Claim, batch: Batch) -> Answer:
    """An entry that our own code cannot judge goes to a person, as one that fits nothing, with
    whoever said it: HELP is rung back."""
    works = (device := _known(batch.key_hash)) is not None and device.works
    with in_language((device.language if device else "") or batch.language):
        answer = not_judged(claim.act)
        tap = tap_of(claim, device)
        with logbook.writing(now=batch.now, by=None) as book:
            answer = keep_unmatched(
                book,
                KINDS[claim.act],
                _of_whom(claim, device),
                None,
                _("Could not be judged. %s") % claim.note[:300],
                tap=tap,
                answer=answer,
                is_unverified=not works,
                callsign=claim.callsign,
            )
    if device is not None and works:
        _not_unheard(claim, device, tap=tap, now=batch.now)
    return Answer(entry_id=claim.entry_id, taken=Taken.UNVERIFIED, sentence=answer)


def _not_unheard(claim: Claim, device: DeviceFacts, *, tap: Tap, now: dt.datetime) -> None:
    """A duress PIN is told all the same; where just that is what fails, the entry is kept."""
    try:
        with transaction.atomic(), duress.watched(claim, device, tap=tap, now=now):
            pass
    except Exception:
        logger.exception("a duress PIN could not be told")


def _known(key_hash: str) -> DeviceFacts | None:
    """The device of a key; none where just that is what fails."""
    with contextlib.suppress(Exception), transaction.atomic():
        return devices_of_keys([key_hash]).get(key_hash) if key_hash else None
    return None


def _source(device: DeviceFacts | None) -> str:
    """The label of a device in the logbook, which says so where its key was revoked."""
    if device is None:
        return "unknown"
    return device.label if device.works else f"{REVOKED}{device.label}"


def _of_whom(claim: Claim, device: DeviceFacts | None) -> uuid.UUID | None:
    """The first one it names, else the phone's person."""
    return claim.person_ids[0] if claim.person_ids else device.person_id if device else None


def is_light(batch: Batch) -> bool:
    """Whether it holds check-ins only. They lock rows of their own mission alone, so that many of
    them may share a commit beside other writers; HELP and a sign-in also lock what belongs to all
    (the number of the next alarm, messages), and two such commits could wait for each other. So
    does a check-in by a duress PIN."""
    return all(one.act is Act.CHECK_IN and not one.is_by_duress for one in batch.claims)
