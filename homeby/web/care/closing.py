"""The door whose words are sealed in the browser: to whose keys, before she writes, and the sealed
file as it arrives. Both go to the page's own address, with bodies of one length and answers of one
length, so that whoever watches the line cannot tell the one from the other.
"""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from homeby.logbook.rules import Refused
from homeby.missions.queries import sealed
from homeby.people import queries as people
from homeby.web.care import speaking
from homeby.web.care.forms import SpeakForm
from homeby.web.door import Door, tap_of
from homeby.welfare.actions import door
from homeby.welfare.actions.door import Closed, Spoken
from homeby.welfare.queries.sealed_to import is_offered
from homeby.welfare.rules.concerns import WORDS_MOST

#: What the page's script sends: which keys there are, and the sealed file.
ACTS = ("keys", "seal")
#: Every body of the script is filled up to this, and no longer one is read.
BODY_BYTES = 64 * 1024
_BODY_MOST = 4 * BODY_BYTES
_ANSWER_STEP = 8 * 1024


def too_large(at: Door) -> str:
    """A sentence where more is on its way than any form of this page sends; "" where not. The
    length is looked at before a byte is read."""
    sent = at.request.headers.get("Content-Length", "")
    if not (sent.isdecimal() and int(sent) > _BODY_MOST):
        return ""
    return _("This is larger than what is said at the door may be. Nothing of it was kept.")


def offered(at: Door, *, is_open: bool) -> dict[str, Any]:
    """What the page says of sealing before she writes. `is_open`: what she said came as text
    already, and goes on so."""
    can = is_offered(at.viewer, now=at.now)
    by_hand = is_open or "open" in at.request.GET
    mine = people.person(at.viewer, speaking.me(at))
    return {
        "seals": can and not by_hand,
        "can_seal": can,
        "author": mine,
        "words_most": WORDS_MOST,
        "body_bytes": BODY_BYTES,
    }


def answered(at: Door, form: SpeakForm, act: str) -> HttpResponse:
    """What the script asks for, or gives in."""
    if not form.is_valid():
        wrong = next(str(text) for texts in form.errors.values() for text in texts)
        return _padded(
            {"state": "UNCLEAR", "sentence": wrong}, status=422 if act == "seal" else 200
        )
    if act == "keys":
        return _padded(_keys(at, speaking.spoken(at, form)))
    try:
        said = speaking.spoken(at, form, _closed(at))
        messages.success(
            at.request,
            door.speak(spoken=said, by=at.viewer, now=at.now, tap=tap_of(at.request)),
        )
    except Refused as refused:
        return _padded({"sentence": str(refused)}, status=422)
    return _padded({"next": reverse("help")})


def _padded(told: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """An answer of whole steps."""
    body = json.dumps(told).encode()
    body += b" " * (-len(body) % _ANSWER_STEP)
    return HttpResponse(body, content_type="application/json", status=status)


def _keys(at: Door, said: Spoken) -> dict[str, Any]:
    """To whom it would be sealed, or why it would not. Nothing is kept by asking."""
    if problems := door.problems_but_words(said, at.viewer, now=at.now):
        return {"state": "UNCLEAR", "sentence": next(iter(problems.values()))}
    if not door.who_would_read(said, now=at.now):
        sentence = _(
            "No welfare officer is outside your team and outside theirs: this could reach nobody. "
            "Call somebody instead."
        )
        return {"state": "NOBODY", "sentence": sentence}
    keys, archive = door.sealed_to(said, at.viewer, now=at.now), sealed.archive_key(at.viewer)
    if not keys or archive is None:
        sentence = _(
            "None of the welfare officers who would read this has a key yet. It is not sealed in "
            "your browser: the station keeps it encrypted, and whoever rules the station could "
            "read it."
        )
        return {"state": "OPEN", "sentence": sentence}
    names = people.names([one.person_id for one in keys], to=at.viewer)
    readers = [
        {"reader": str(one.person_id), "name": names.get(one.person_id, "?"), "key": one.public}
        for one in keys
    ]
    return {
        "state": "SEALED",
        "sentence": _("Sealed in this browser before it leaves. Opened by:"),
        "readers": readers,
        "archive": archive.public,
    }


def _closed(at: Door) -> Closed:
    """The sealed file out of what was sent. Raises Refused for what is none."""
    sent = at.request.POST
    try:
        content = base64.b64decode(sent.get("sealed", ""), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Refused(_("This is not sealed. Nothing of it was kept: seal it first.")) from None
    readers, archive = sent.getlist("reader"), sent.get("archive", "")
    return Closed(content=content, readers=readers, archive=archive)
