"""PINs and badges: by what somebody shows at a kiosk who they are. A PIN is the person's own; a
badge is given by an administrator, and taken away by whoever keeps the watch, for cards are lost at
night.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import secrets
import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from homeby import settings
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import rules
from homeby.people.actions.organisation import require
from homeby.people.models import Badge, Person, Pin
from homeby.people.queries.proofs import pin_hashes_of
from homeby.people.rules import (
    PinFits,
    Role,
    Viewer,
    problem_with_duress_pin,
    problem_with_pin,
)

CODE_LENGTHS = (6, 200)
NAME_MAX = 100
BADGES_MAX = 5
#: How the code of a printed badge begins; `kiosk-reader.js` knows it, too.
PRINTED = "HB"


def badge_hash(code: str) -> str:
    """What is kept of what a badge says. Raises KeyProblem."""
    return hmac.new(settings.kiosk_key(), b"badge:" + code.encode(), hashlib.sha256).hexdigest()


def judge(pin: str, *, person_id: uuid.UUID | None) -> PinFits:
    """Whether this is the person's PIN, or the duress PIN. Both are compared whatever the first one
    says, and it takes as long where there is no such person and no PIN: nobody learns by the time
    which it was, nor who has one. Slow on purpose; call it in no transaction."""
    known, under_duress = pin_hashes_of(person_id) if person_id is not None else ("", "")
    is_theirs, is_duress = _is_of(pin, known), _is_of(pin, under_duress)
    if is_duress:
        return PinFits.DURESS
    return PinFits.YES if is_theirs else PinFits.NO


def _is_of(pin: str, known: str) -> bool:
    if not known:
        make_password(pin)
        return False
    return check_password(pin, known)


@logbook.once
def set_pin(
    *,
    pin: str,
    duress: str = "",
    on_phone: bool = False,
    by: Viewer,
    now: dt.datetime,
    tap: Tap,
) -> str:
    """Set one's own PIN, and with it the duress PIN; without one there is none any more. Entry,
    answer and row are the same either way, so that neither logbook nor table tells who has one.
    `on_phone` where one's own phones ask for it too. Raises Refused."""
    if by.person_id is None:
        raise Refused(_("A PIN is a person's own."))
    if problem := problem_with_pin(pin):
        raise Refused(pin=problem)
    if duress and (problem := problem_with_duress_pin(duress, pin=pin)):
        raise Refused(duress=problem)
    answer = _("The PIN is set: at a kiosk your sign-in counts with it only.")
    values = {"set_at": now, "asks_on_phone": on_phone}
    hashed, hidden = make_password(pin), make_password(duress or secrets.token_hex())
    with logbook.writing(now=now, by=by.person_id) as book:
        Person.objects.select_for_update().get(pk=by.person_id)  # two at once: one after the other
        row = Pin.objects.filter(person_id=by.person_id).first()
        page = book.entry(
            rules.PIN_SET,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        if row is None:
            row = Pin(id=tap.entry_id, person_id=by.person_id, **values)
            row.pin_hash, row.duress_hash = hashed, hidden
            page.add(row)
        else:
            page.change(row, pin_hash=hashed, duress_hash=hidden, **values)
    return answer


@logbook.once
def remove_pin(*, person_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Do without a PIN and a duress PIN: one's own, or by an administrator those of somebody who
    forgot hers. Raises Refused."""
    if person_id != by.person_id:
        require(by, Role.ADMINISTRATOR)
    answer = _("The PIN is removed: at a kiosk the callsign is enough.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Pin.objects.select_for_update().filter(person_id=person_id).first()
        if row is None:
            raise Refused(_("There is no PIN."))
        page = book.entry(
            rules.PIN_REMOVED,
            subject=f"person:{person_id}",
            person=person_id,
            tap=tap,
            answer=answer,
        )
        page.change(row, pin_hash="", duress_hash="", asks_on_phone=False)
    return answer


@logbook.once
def add_badge(
    *, person_id: uuid.UUID, name: str, code: str, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Give a person a badge that says `code`. Raises Refused."""
    require(by, Role.ADMINISTRATOR)
    code, name = code.strip(), name.strip()
    least, most = CODE_LENGTHS
    if not least <= len(code) <= most:
        raise Refused(code=_("A reader at a kiosk takes codes of 6 to 200 characters."))
    if not name or len(name) > NAME_MAX:
        raise Refused(name=_("Give it a name of at most %s characters.") % NAME_MAX)
    hashed, answer = badge_hash(code), _("The badge now says at a kiosk who they are.")
    with logbook.writing(now=now, by=by.person_id) as book:
        Person.objects.select_for_update().get(pk=person_id)
        if Badge.objects.filter(code_hash=hashed, removed_at=None).exists():
            raise Refused(code=_("This badge is somebody's already. Remove it there first."))
        if _given(person_id) >= BADGES_MAX:
            raise Refused(code=_("There are %s badges already. Remove one first.") % BADGES_MAX)
        page = book.entry(
            rules.BADGE_ADDED,
            subject=f"person:{person_id}",
            person=person_id,
            tap=tap,
            answer=answer,
        )
        page.add(
            Badge(id=tap.entry_id, person_id=person_id, name=name, code_hash=hashed, added_at=now)
        )
    return answer


def _given(person_id: uuid.UUID) -> int:
    """How many badges others gave this person; the one she prints is hers beside them."""
    rows = Badge.objects.filter(person_id=person_id, removed_at=None, is_printed=False)
    return rows.count()


def new_printed_code() -> str:
    """What a badge that somebody prints says: only capitals and digits, which any reader types. By
    its beginning a kiosk knows that a PIN is to be asked for."""
    return PRINTED + base64.b32encode(secrets.token_bytes(20)).decode()


@logbook.once
def print_badge(*, hashed: str, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """Give oneself a badge to print, of whose code this is the hash; the one before says nothing
    from this commit on. It says who stands there, no more: whoever has a PIN types it, too."""
    if by.person_id is None:
        raise Refused(_("Log in first, or ask the gate keeper."))
    answer = _("The badge is made. One that was printed before says nothing any more.")
    with logbook.writing(now=now, by=by.person_id) as book:
        Person.objects.select_for_update().get(pk=by.person_id)
        page = book.entry(
            rules.BADGE_ADDED,
            subject=f"person:{by.person_id}",
            person=by.person_id,
            tap=tap,
            answer=answer,
        )
        for row in Badge.objects.filter(person_id=by.person_id, is_printed=True, removed_at=None):
            page.change(row, removed_at=now)
        page.add(
            Badge(
                id=tap.entry_id,
                person_id=by.person_id,
                name=_("printed"),
                code_hash=hashed,
                is_printed=True,
                added_at=now,
            )
        )
    return answer


@logbook.once
def remove_badge(*, badge_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """From this commit on the badge says nothing: whoever keeps the watch, or carries it, may."""
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Badge.objects.select_for_update().filter(pk=badge_id).first()
        sees_to_it = by.keeps_watch or by.has(Role.ADMINISTRATOR)
        if row is None or not (sees_to_it or row.person_id == by.person_id):
            raise Refused(_("There is no such badge, or it is not yours."))
        answer = _("The badge says nothing any more.")
        page = book.entry(
            rules.BADGE_REMOVED,
            subject=f"person:{row.person_id}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        if row.removed_at is None:
            page.change(row, removed_at=now)
    return answer
