"""The secret link that opens the page of one of the kin: made, renewed, withdrawn.

What is kept is the hash, by which the page is found, and the secret sealed under the person's own
key, so that she and the outbox can give it away: a stolen database opens no page.
"""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from typing import Any

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import private, rules
from homeby.people.models import Kin
from homeby.people.rules import Viewer

SECRET_BYTES = 24


def new_link(person_id: uuid.UUID, *, now: dt.datetime) -> dict[str, Any]:
    """The columns of a fresh link for one of this person's kin; an earlier one opens nothing."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    return {
        "link_hash": rules.hash_of(secret),
        "link_sealed": private.seal(person_id, {"link": secret}),
        "link_at": now,
    }


@logbook.once
def renew_link(*, kin_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """A new link in place of the old one, which opens nothing from now on. Only the person."""
    answer = _("There is a new link. The old one opens nothing any more.")
    _change(kin_id, rules.KIN_LINK_RENEWED, answer, by=by, now=now, tap=tap)
    return answer


@logbook.once
def withdraw_link(*, kin_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """No link any more: their page is gone, messages come as before. Only the person."""
    answer = _("The link opens nothing any more.")
    _change(kin_id, rules.KIN_LINK_WITHDRAWN, answer, by=by, now=now, tap=tap)
    return answer


def _change(
    kin_id: uuid.UUID, kind: str, answer: str, *, by: Viewer, now: dt.datetime, tap: Tap
) -> None:
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Kin.objects.select_for_update().filter(pk=kin_id).first()
        if row is None or by.person_id != row.person_id:
            raise Refused(_("Only the person who named them changes this."))
        subject = f"person:{row.person_id}"
        page = book.entry(kind, subject=subject, person=row.person_id, tap=tap, answer=answer)
        gone = {"link_hash": None, "link_sealed": None, "link_at": None}
        is_new = kind == rules.KIN_LINK_RENEWED
        page.change(row, **(new_link(row.person_id, now=now) if is_new else gone))
