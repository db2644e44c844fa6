"""Pairing two stations by one code, with a person on both sides.

One makes an invitation: the code holds the station's address, the fingerprint of its key and a
secret, lasts ten minutes and serves one station. The other takes the code: each side's card (name,
address, key, addresses of duty officers) travels sealed under a key made from the secret, so that
nobody between them reads or changes it, and the inviting side's key must have the fingerprint.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import os
import uuid
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms import channels
from homeby.comms.actions.deliver import channel_settings
from homeby.logbook import actions as logbook
from homeby.logbook import queries as station
from homeby.logbook.actions import Book
from homeby.logbook.rules import Refused, Tap, canonical
from homeby.people import queries as people
from homeby.people.actions.organisation import require
from homeby.people.actions.partners import SHARED, OfficerCard, add_officers, cards
from homeby.people.rules import ChannelName, Role, Viewer
from homeby.watch import texts, texts_partner
from homeby.watch.actions import recipients, subjects
from homeby.watch.actions.partners import line, marks, signing
from homeby.watch.actions.partners.judging import await_message
from homeby.watch.actions.partners.news import tell_own
from homeby.watch.actions.partners.signing import PairingKey
from homeby.watch.actions.plans import PlanFields, add_plan
from homeby.watch.models import Partner, PartnerInvitation
from homeby.watch.rules import DeadlineKind
from homeby.watch.rules import partners as rules

_WORD = "HOMEBY1-"
_SECRET_BYTES, _CHECK_BYTES = 16, 4
_CODE_MAX = 600
INVITATION, SEALED = "invitation", "sealed"


@dataclass(frozen=True, kw_only=True)
class Code:
    """What a pairing code holds."""

    url: str
    fingerprint: bytes
    secret: bytes
    expires_at: dt.datetime

    def as_text(self) -> str:
        """The code as it is shown, with a check against a typing mistake."""
        end = int(self.expires_at.timestamp()).to_bytes(5, "big")
        body = self.secret + self.fingerprint + end + self.url.encode()
        whole = body + hashlib.sha256(body).digest()[:_CHECK_BYTES]
        return _WORD + base64.urlsafe_b64encode(whole).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> Code:
        """Read a code that somebody brought. Raises Refused with a sentence."""
        found = "".join(text.split())
        wrong = _(
            "This is no pairing code of Homeby, or a part of it is missing or wrong; copy it whole."
        )
        if not found.startswith(_WORD) or len(found) > _CODE_MAX:
            raise Refused(code=wrong)
        try:
            packed = found.removeprefix(_WORD)
            whole = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
            body, check = whole[:-_CHECK_BYTES], whole[-_CHECK_BYTES:]
            if len(body) < 38 or hashlib.sha256(body).digest()[:_CHECK_BYTES] != check:
                raise Refused(code=wrong)
            end = dt.datetime.fromtimestamp(int.from_bytes(body[32:37], "big"), tz=dt.UTC)
            return cls(
                url=body[37:].decode(),
                fingerprint=body[16:32],
                secret=body[:16],
                expires_at=end,
            )
        except (ValueError, OverflowError, OSError, binascii.Error):
            raise Refused(code=wrong) from None


@logbook.once
def invite(*, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Make a pairing code. It is shown once, to whoever asked for it, and entered in no logbook."""
    require(by, Role.ADMINISTRATOR)
    code = _new_code(by, now=now)
    pairing = PairingKey.of(code.secret)
    with logbook.writing(now=now, by=by.person_id) as book:
        facts = {"until": code.expires_at}
        book.entry(rules.PARTNER_INVITED, subject="partner", facts=facts, tap=tap, answer="")
        marks.keep_invitation(pairing, until=code.expires_at, now=now)
    return code.as_text()


def _new_code(by: Viewer, *, now: dt.datetime) -> Code:
    if Partner.objects.filter(ended_at=None).count() >= rules.PARTNERS_MAX:
        raise Refused(_("%d partner stations are enough; end one first.") % rules.PARTNERS_MAX)
    if station.is_quarantined():
        raise Refused(_("This station is a copy: first say which one is live."))
    public_key = signing.ours().public_key
    return Code(
        url=settings.current().public_url,
        fingerprint=signing.fingerprint(public_key),
        secret=os.urandom(_SECRET_BYTES),
        expires_at=now + rules.CODE_LASTS,
    )


# --- cards ---------------------------------------------------------------------------------------


def _own_card(*, now: dt.datetime) -> dict[str, Any]:
    """What the other station learns of us. Of people: callsigns and addresses of duty officers."""
    us = station.station()
    if us is None:
        raise Refused(_("This station has not been started yet: run homeby run once."))
    officers = people.recipients(recipients.deciders(now=now)).values()
    deputies = people.recipients(people.holders(Role.DUTY_OFFICER, now=now)).values()
    wanted = {one.person_id: one for one in (*officers, *deputies)}
    signer = signing.ours()
    card = {
        "station": str(us.pk),
        "name": settings.current().station_name,
        "url": settings.current().public_url,
        "key": signer.public_key,
        "officers": [asdict(one) for one in cards(list(wanted.values())[: rules.OFFICERS_MAX])],
    }
    return {"card": card, "signature": signer.sign(canonical(card), purpose=signing.CARD)}


@dataclass(frozen=True, kw_only=True)
class Card:
    """The other station's card, read and checked."""

    station_id: uuid.UUID
    name: str
    url: str
    public_key: str
    officers: tuple[OfficerCard, ...]


def _read_card(values: dict[str, Any] | None) -> Card:
    """Read a card that the other side has sealed. Raises Refused."""
    wrong = _("What the other station sent of itself cannot be used: bring both up to date.")
    try:
        if values is None:
            raise Refused(wrong)
        card, signature = values["card"], values["signature"]
        key = str(card["key"])
        signed = signing.is_signed(canonical(card), signature, purpose=signing.CARD, public_key=key)
        if not signed:
            raise Refused(wrong)
        found = Card(
            station_id=uuid.UUID(card["station"]),
            name=rules.plain_name(card["name"]) or "?",
            url=str(card["url"])[:300],
            public_key=key,
            officers=tuple(_officer(one) for one in list(card["officers"])[: rules.OFFICERS_MAX]),
        )
    except (KeyError, TypeError, ValueError, AttributeError, AssertionError, RecursionError):
        raise Refused(wrong) from None
    if problem := line.problem_with(found.url):
        raise Refused(problem)
    us = station.station()
    if us is not None and found.station_id == us.pk:
        raise Refused(_("That is this station itself, or a copy of it: it cannot be its partner."))
    return found


def _officer(found: dict[str, Any]) -> OfficerCard:
    """An officer with the addresses that this station can use; the others are left out."""
    usable = []
    for channel, address in list(found["addresses"])[: rules.ADDRESSES_MAX]:
        name, at = ChannelName(channel), str(address)
        if name not in SHARED or len(at) > rules.ADDRESS_MAX:
            continue
        if channels.channel(name, channel_settings()).problem_with(at) is None:
            usable.append((name, at))
    return OfficerCard(
        callsign=rules.plain_name(found["callsign"], most=30),
        language=str(found["language"])[:10],
        addresses=tuple(usable),
    )


# --- the two sides -------------------------------------------------------------------------------


def answer_request(values: dict[str, Any], *, now: dt.datetime) -> dict[str, Any]:
    """The inviting side: take the card of whoever knows the code, and give ours. Repeating it with
    the same key gets the same partnership; another station, or a later hour, is refused."""
    gone = _("This pairing code is not known here, was used, or has lapsed: make a new one.")
    try:
        invitation_id = uuid.UUID(str(values.get(INVITATION)))
    except ValueError:
        raise Refused(gone) from None
    with logbook.writing(now=now, by=None, device="partner") as book:
        row = PartnerInvitation.objects.select_for_update().filter(pk=invitation_id).first()
        if row is None or row.expires_at <= now:
            raise Refused(gone)
        pairing = PairingKey(invitation=row.pk, key=bytes(row.key))
        sealed = str(values.get(SEALED))
        card = _read_card(pairing.unseal(sealed, purpose=signing.REQUEST_SEAL))
        if row.used_by is None:
            partner = _write(book, card)
            marks.use_invitation(row.pk, by=partner)
        else:
            known = Partner.objects.filter(pk=row.used_by, ended_at=None)
            if not known.filter(public_key=card.public_key, station_id=card.station_id).exists():
                raise Refused(gone)
    return {SEALED: pairing.seal(_own_card(now=now), purpose=signing.ANSWER_SEAL)}


@logbook.once
def accept(*, code: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """The other side: bring the code to the station that made it, and become its partner. Raises
    Refused with a sentence; nothing is written down then."""
    require(by, Role.ADMINISTRATOR)
    found = Code.read(code)
    if found.expires_at <= now:
        raise Refused(
            code=_("This pairing code has lapsed: it lasts ten minutes. Ask for a new one.")
        )
    if station.is_quarantined():
        raise Refused(_("This station is a copy: first say which one is live."))
    pairing = PairingKey.of(found.secret)
    sealed = pairing.seal(_own_card(now=now), purpose=signing.REQUEST_SEAL)
    request = {INVITATION: str(pairing.invitation), SEALED: sealed}
    came = line.post(found.url, line.PAIR_PATH, request)
    if came.values is None:
        raise Refused(code=came.sentence)
    opened = pairing.unseal(str(came.values.get(SEALED)), purpose=signing.ANSWER_SEAL)
    card = _read_card(opened)
    if signing.fingerprint(card.public_key) != found.fingerprint:
        raise Refused(code=_("Somebody else answered for that station: its key is not the code's."))
    with logbook.writing(now=now, by=by.person_id) as book:
        _write(book, card, tap=tap)
    return _("%s is our partner station now.") % card.name


def _write(book: Book, card: Card, *, tap: Tap | None = None) -> Partner:
    """The partnership with all that belongs to it: plan, subject, deadline, duty officers."""
    now = book.now
    for old in Partner.objects.filter(station_id=card.station_id, ended_at=None):
        raise Refused(_("%s is a partner of this station already; end that first.") % old.name)
    reached = [one for one in card.officers if one.addresses]
    officers = add_officers(book, reached, of=card.name)
    partner_id = uuid.uuid4()
    page = book.entry(
        rules.PARTNER_PAIRED,
        subject=rules.ref_of(partner_id),
        facts={"name": card.name, "url": card.url, "key": card.public_key},
        tap=tap,
        answer=_("%s is our partner station now.") % card.name,
    )
    fields = PlanFields(
        name=f"{texts.partner_title(card.name)} ({str(partner_id)[:8]})",
        kind=DeadlineKind.PARTNER,
        steps=rules.steps(tuple(officers)),
    )
    partner = Partner(
        id=partner_id,
        station_id=card.station_id,
        name=card.name,
        url=card.url,
        public_key=card.public_key,
        plan=add_plan(page, fields),
        officers=[str(key) for key in officers],
        paired_at=now,
    )
    page.add(partner)
    marks.begin(partner, now=now)
    subjects.describe(
        page,
        rules.ref_of(partner_id),
        subjects.SubjectFacts(
            title=texts.partner_title(card.name),
            place="",
            zone=people.zone(),
            party=[],
            leader_id=None,
            team_id=None,
        ),
    )
    await_message(page, partner, due_at=now + rules.SILENT_AFTER)
    tell_own(page, partner, lambda _names: texts_partner.partner_paired(partner))
    return partner
