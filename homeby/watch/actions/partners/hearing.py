"""Taking a signed message of a partner station, and the signed answer to it.

The answer holds the newest message whose checkpoint we keep of the other station, with its own
signature: whoever was restored from a copy learns by it that the logbook once was longer, and no
partner can invent a checkpoint that the other did not sign.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook import queries as station
from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused, canonical
from homeby.watch import texts_partner
from homeby.watch.actions import subjects
from homeby.watch.actions.partners import marks, signing, witnessing
from homeby.watch.actions.partners.ending import ended_by_them
from homeby.watch.actions.partners.judging import await_message
from homeby.watch.actions.partners.news import tell_told
from homeby.watch.actions.partners.witnessing import Witnessed
from homeby.watch.models import Deadline, Partner, PartnerMark
from homeby.watch.models import Subject as Subject
from homeby.watch.queries.partners import said_of
from homeby.watch.rules import DeadlineState
from homeby.watch.rules import partners as rules
from homeby.watch.rules.partners import Said, Verb

MESSAGE, SIGNATURE, SENDER = "message", "signature", "sender"
_SIGNATURE_MAX = 128


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as it came: its text, and the signature under it."""

    text: str
    signature: str
    values: dict[str, Any]


def take(values: dict[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    """Take one message; the signed answer. Raises Refused with a sentence, and nothing is written
    down, where no partner of ours signed it or it cannot be read."""
    partner, letter = _sender(values)
    try:
        said = rules.read(letter.text)
    except rules.Nonsense as problem:
        raise Refused(str(problem)) from None
    us = station.station()
    if us is None or said.receiver != us.pk or said.sender != partner.station_id:
        raise Refused(_("This message is not for this station."))
    if said.verb is Verb.ASK:  # it changes nothing, and keeps no dead station alive
        mark = PartnerMark.objects.get(partner=partner)
        return _answer(us.pk, partner, mark, _made(said, "asked", mark, None, now=now))
    with logbook.writing(now=now, by=None, device="partner") as book:
        subjects.Subject.objects.select_for_update(no_key=True).filter(
            ref=rules.ref_of(partner.pk)
        ).first()
        mark = marks.locked(partner)
        verdict, witnessed = _taken(book, partner, mark, said, letter)
    witnessing.take_told(partner, values)
    return _answer(us.pk, partner, mark, _made(said, verdict, mark, witnessed, now=now))


def _sender(values: dict[str, Any]) -> tuple[Partner, Letter]:
    text, signature = values.get(MESSAGE), values.get(SIGNATURE)
    try:
        sender = uuid.UUID(str(values.get(SENDER)))
    except ValueError:
        raise Refused(_("The message does not say which station it comes from.")) from None
    partner = Partner.objects.filter(station_id=sender, ended_at=None).first()
    if partner is None:
        raise Refused(_("No partner station of ours has this id."))
    if not isinstance(text, str) or not isinstance(signature, str):
        raise Refused(_("The message or its signature is missing."))
    known = len(text) <= rules.MESSAGE_MAX and len(signature) <= _SIGNATURE_MAX
    if not known or not signing.is_signed(
        text, signature, purpose=signing.MESSAGE, public_key=partner.public_key
    ):
        raise Refused(_("The signature is not that of the partner station."))
    return partner, Letter(text=text, signature=signature, values=values)


def _taken(
    book: Book, partner: Partner, mark: PartnerMark, said: Said, letter: Letter
) -> tuple[str, Witnessed | None]:
    """What the message changes. One that came before, or comes too soon, changes nothing: a replay
    keeps no dead station alive."""
    now = book.now
    if said.sequence <= mark.sequence:
        return "old", None
    if said.verb is Verb.END:
        ended_by_them(book, partner, reason=said.reason)
        return "ended", None
    if mark.heard_at is not None and dt.timedelta() <= now - mark.heard_at < rules.SOONEST:
        return "soon", None
    held = said_of(mark.seen)
    seen = held.point if held else None
    before, silent_since = set(mark.troubles), mark.well_at
    witnessed = witnessing.look(partner, mark, letter.values)
    fits = rules.may_keep(said, seen=seen) and witnessed.fits
    mark.unproven = 0 if fits else mark.unproven + 1
    by_message = rules.troubles(said, seen=seen, unproven=mark.unproven, now=now)
    found = tuple(dict.fromkeys((*by_message, *witnessed.troubles)))
    mark.heard_at, mark.sequence, mark.said = now, said.sequence, letter.text
    mark.troubles = list(found)
    if not found:
        mark.well_at = now
    if fits:
        mark.seen, mark.seen_signature = letter.text, letter.signature
        _keep(book, partner, mark)
    marks.note_heard(mark)
    _judge(book, partner, mark, new=set(found) - before, silent_since=silent_since)
    return "heard", witnessed


def _keep(book: Book, partner: Partner, mark: PartnerMark) -> None:
    """Once an hour the other's signed checkpoint enters our own logbook, and stays."""
    kept_at = mark.kept_at
    if kept_at is not None and dt.timedelta() <= book.now - kept_at < rules.KEEP_EVERY:
        return
    facts = {"message": mark.seen, "signature": mark.seen_signature}
    book.entry(rules.PARTNER_KEPT, subject=rules.ref_of(partner.pk), facts=facts)
    mark.kept_at = book.now


def _judge(
    book: Book,
    partner: Partner,
    mark: PartnerMark,
    *,
    new: set[rules.Trouble],
    silent_since: dt.datetime,
) -> None:
    """Bring the deadline forward for a new trouble; after a missed one, say that all is well."""
    ref, now = rules.ref_of(partner.pk), book.now
    open_ones = Deadline.objects.select_for_update(of=("self",)).filter(
        subject__ref=ref, state=DeadlineState.OPEN
    )
    deadline = open_ones.first()
    if new:
        page = book.entry(rules.PARTNER_TROUBLED, subject=ref, facts={"troubles": sorted(new)})
        if deadline is not None:
            call_out_at = now + rules.CALL_OUT_AFTER
            page.change(deadline, due_at=now, call_out_at=call_out_at, act_at=now)
    elif deadline is None and not mark.troubles:
        page = book.entry(rules.PARTNER_HEARD, subject=ref, facts={"silent_since": silent_since})
        await_message(page, partner, due_at=now + rules.SILENT_AFTER)
        if subjects.heard(book, ref, heard_at=now, now=now):
            tell_told(
                page, partner, partial(texts_partner.partner_heard, partner, silent_since, now=now)
            )


def _made(
    said: Said, verdict: str, mark: PartnerMark, found: Witnessed | None, *, now: dt.datetime
) -> dict[str, Any]:
    """What the answer says to this one message."""
    told = witnessing.answered(mark, found, now=now)
    return {"sequence": said.sequence, "verdict": verdict} | told


def _answer(
    us: uuid.UUID, partner: Partner, mark: PartnerMark, made: dict[str, Any]
) -> dict[str, Any]:
    text = canonical(
        {
            "sender": us,
            "receiver": partner.station_id,
            "troubles": mark.troubles,
            "seen": mark.seen,
            "seen_signature": mark.seen_signature,
            **made,
        }
    )
    return {MESSAGE: text, SIGNATURE: signing.ours().sign(text, purpose=signing.ANSWER)}
