"""The test file of the quarterly trial: sealed to a public half, it holds a word of the station's
that only whoever opened it can say. The word is signed and lives for an hour, so nothing is kept.
"""

from __future__ import annotations

import secrets

import pyrage
from django.core import signing

_SALT = "homeby.key-trial"
_SECONDS = 3600


def test_file(public: str) -> str:
    """A file of age, armoured, to this public half."""
    word = signing.dumps([public, secrets.token_urlsafe(16)], salt=_SALT)
    to = [pyrage.x25519.Recipient.from_str(public)]
    return bytes(pyrage.encrypt(word.encode(), to, armored=True)).decode()


def opened_by(found: str) -> str:
    """The public half to which the file was sealed in which this stood; "" where it is no word of
    this station's, or an old one."""
    try:
        public, _word = signing.loads(found[:500], salt=_SALT, max_age=_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(public)
