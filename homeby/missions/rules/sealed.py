"""The sealed debrief: what a sealed text is, how big, who may read one, until when it is opened.

A sealed text is a file of age (age-encryption.org/v1), closed to keys of readers alone. The station
reads its header and how long it is, and nothing else. Pure.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from enum import StrEnum

from homeby.logbook.rules import SEALED_SUBJECT, Audience, Erasure, declare
from homeby.people.rules import Role
from homeby.sentences import gettext as _

#: What is sealed is filled up to whole steps, so that its length tells little.
STEP_BYTES = 4096
#: More is not taken: some pages of text, and photographs made small.
MOST_BYTES = 4 * 1024 * 1024
#: A reader and the archive: nobody is the only one who can open it.
FEWEST = 2
#: Whoever holds one of these may be chosen as a reader.
READERS = (Role.LEADER, Role.WELFARE_OFFICER)
#: By then a reader has opened it; then the next one is asked, and the author hears so.
OPENED_WITHIN = dt.timedelta(days=2)
ASKED_AGAIN_AFTER = dt.timedelta(days=1)
SHARES = 3

_FIRST_LINE = b"age-encryption.org/v1\n"
_HEADER_MOST = 8192
_CHUNK, _TAG, _NONCE = 64 * 1024, 16, 16
_BODY_OF = rb"(?:[A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/]{0,63}"
_STANZA_OF = rb"-> (\S+)((?: \S+)*)\n(" + _BODY_OF + rb")\n"
_STANZAS_OF = rb"((?:-> \S+(?: \S+)*\n" + _BODY_OF + rb"\n)+)"
_HEADER_OF = rb"age-encryption\.org/v1\n" + _STANZAS_OF + rb"--- [A-Za-z0-9+/]{43}\n"
_STANZA = re.compile(_STANZA_OF)
_HEADER = re.compile(_HEADER_OF)
_PUBLIC = re.compile(r"age1[02-9ac-hj-np-z]{58}")


class SealState(StrEnum):
    """How far a sealed debrief has come, with one of its readers."""

    SEALED = "SEALED"  # it lies at the station
    DELIVERED = "DELIVERED"  # handed to the reader's browser
    OPENED = "OPENED"  # the browser has opened it
    ANSWERED = "ANSWERED"  # the reader says that she has answered


def ref_of(debrief_id: object) -> str:
    """The text by which the logbook knows a sealed debrief."""
    return f"{SEALED_SUBJECT}{debrief_id}"


def problem_with_public(text: str) -> str | None:
    """What is wrong with the public half of a key."""
    if _PUBLIC.fullmatch(text):
        return None
    return _("This is not the public half of a key: it begins with age1 and has 62 signs.")


def problem_with_signer(text: str) -> str | None:
    """What is wrong with the public half of a key that signs: a point of P-256, 65 bytes."""
    if re.fullmatch("B[A-Za-z0-9_-]{86}", text):
        return None
    return _("This is not the public half of a key that signs.")


def fingerprint(public: str) -> str:
    """The short form that two people compare: the last twelve signs, in threes. They are of the key
    itself and of its check sum, so a key that shares them is not found by trying."""
    return " ".join(public[-12:][at : at + 4] for at in range(0, 12, 4))


def problem_with_text(data: bytes, *, recipients: int) -> str | None:
    """What is wrong with a sealed text that is said to be closed to so many keys."""
    if len(data) > MOST_BYTES:
        return _("This is larger than a sealed debrief may be; leave out a photograph.")
    if not data.startswith(_FIRST_LINE):
        return _("This is not sealed. Nothing of it was kept: seal it first.")
    header = _header(data)
    if header is None:
        return _("The beginning of this sealed text is damaged. Nothing of it was kept.")
    end, kinds = header
    if any(kind != b"X25519" for kind in kinds):
        return _("This is sealed with a password or another kind of key, which no reader has.")
    if len(kinds) != recipients:
        return _("This is not sealed to those who are named. Seal it once more.")
    size = _clear_size(len(data) - end)
    if size is None or size == 0 or size % STEP_BYTES:
        return _("This sealed text is cut short or was not filled up. Nothing of it was kept.")
    return None


def steps_of(data: bytes) -> int:
    """How many steps a sealed text fills; it was looked at before."""
    header = _header(data)
    assert header is not None, "a sealed text that was looked at"
    size = _clear_size(len(data) - header[0])
    assert size is not None, "a sealed text that was looked at"
    return size // STEP_BYTES


def _header(data: bytes) -> tuple[int, list[bytes]] | None:
    """Where the header ends, and the kinds of its stanzas but for those that mean nothing
    (`-grease`, put in by some programs so that readers learn to pass over them)."""
    found = _HEADER.match(data[:_HEADER_MOST])
    if found is None:
        return None
    stanzas = [one for one in _STANZA.finditer(found[1]) if not one[1].endswith(b"-grease")]
    if any(one[1] == b"X25519" and not _is_share(one[2], one[3]) for one in stanzas):
        return None
    return found.end(), [one[1] for one in stanzas]


def _is_share(arguments: bytes, body: bytes) -> bool:
    """Whether a stanza holds what one of X25519 holds: a share and a wrapped key, 32 bytes each."""
    words = arguments.split()
    return len(words) == 1 and all(_length(word) == 32 for word in (words[0], body))


def _length(word: bytes) -> int | None:
    try:
        return len(base64.b64decode(word + b"=" * (-len(word) % 4), validate=True))
    except ValueError:
        return None


def _clear_size(sealed: int) -> int | None:
    """How much lies within: a nonce, then chunks, each with a tag."""
    whole = sealed - _NONCE
    if whole <= _TAG:
        return None
    chunks = -(-whole // (_CHUNK + _TAG))
    size = whole - chunks * _TAG
    return size if size > (chunks - 1) * _CHUNK else None


def padded(clear: bytes) -> bytes:
    """Filled up with spaces to whole steps: what is sealed is JSON, which does not mind."""
    return clear + b" " * (-len(clear) % STEP_BYTES)


def _of_author(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.NOTHING_PERSONAL)


def _of_keys(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.OFFICE, erase=Erasure.NOTHING_PERSONAL)


DEBRIEF_SEALED = _of_author("DEBRIEF_SEALED", "A sealed debrief was given in")
DEBRIEF_DELIVERED = _of_author("DEBRIEF_DELIVERED", "A sealed debrief was handed to a reader")
DEBRIEF_OPENED = _of_author("DEBRIEF_OPENED", "A sealed debrief was opened")
DEBRIEF_ANSWERED = _of_author("DEBRIEF_ANSWERED", "A sealed debrief was answered")
DEBRIEF_ASKED_FOR = _of_author("DEBRIEF_ASKED_FOR", "A sealed debrief waits unopened: asked for")
DEBRIEF_ERASED = _of_author("DEBRIEF_ERASED", "A sealed debrief was erased: its time was over")
READER_KEY_ADDED = _of_keys("READER_KEY_ADDED", "A reader key was added")
READER_KEY_REMOVED = _of_keys("READER_KEY_REMOVED", "A reader key was removed")
READER_KEY_OPENED_BY = _of_keys("READER_KEY_OPENED_BY", "A reader key got one more way to open it")
AUTHOR_KEY_ADDED = _of_keys("AUTHOR_KEY_ADDED", "A key that signs debriefs was added")
ARCHIVE_KEY_ADDED = _of_keys("ARCHIVE_KEY_ADDED", "The archive key was added")
