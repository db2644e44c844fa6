"""The station's secrets, each a file of its own under `keys/`, readable by its owner only.

`secret.key` signs sessions and forms; losing it logs everybody out. `people.key` opens what is
encrypted in the records of people; losing it loses those records, so it is made once, at the first
start, and never again behind anybody's back. `log.key` signs checkpoints of the logbook; losing it
means that earlier checkpoints can no longer be told from forged ones by their signature alone.
`webpush.key` signs push messages to browsers; with a new one every browser must be asked again.
`kiosk.key` opens what kiosks seal while they wait for the station; with a new one nobody opens what
still waits on them. `open-badges.key` signs the Open Badges that people take away; with a new one
nobody vouches any more for those given before.
"""

from __future__ import annotations

import contextlib
import functools
import os
import secrets
import stat
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

SECRET_KEY_FILE = "secret.key"  # noqa: S105 - a name, not the secret
PEOPLE_KEY_FILE = "people.key"
LOG_KEY_FILE = "log.key"
WEBPUSH_KEY_FILE = "webpush.key"
KIOSK_KEY_FILE = "kiosk.key"
OPEN_BADGES_KEY_FILE = "open-badges.key"

_OWNER_ONLY_FOLDER = 0o700
_OWNER_ONLY_FILE = 0o600
PEOPLE_KEY_BYTES = 32
LOG_KEY_BYTES = 32  # an Ed25519 seed
WEBPUSH_KEY_BYTES = 32
KIOSK_KEY_BYTES = 32
OPEN_BADGES_KEY_BITS = 3072  # as strong as 128 bits; RS256 asks for 2048 (RFC 7518, 3.3)


class KeyProblem(Exception):
    """A key is missing or unusable; the text is a sentence for the person who runs the station."""


def folder(*, home: Path) -> Path:
    """Where the keys of the station in `home` lie."""
    return home / "keys"


def secret_key(*, home: Path) -> str:
    """The text that signs sessions and forms; made at the first start. Raises KeyProblem."""
    path = folder(home=home) / SECRET_KEY_FILE
    _make(path=path, text=lambda: secrets.token_urlsafe(64))
    return _read(path=path)


def make_people_key(*, home: Path) -> None:
    """Make `people.key` if there is none; call it only while the database holds nobody yet.

    Raises KeyProblem when the folder cannot be written.
    """
    _make(
        path=folder(home=home) / PEOPLE_KEY_FILE,
        text=lambda: secrets.token_hex(PEOPLE_KEY_BYTES),
    )


def people_key(*, home: Path) -> bytes:
    """The 32 bytes that protect home, kin, contact points and health.

    Raises KeyProblem when the file is missing, unreadable or not 64 hexadecimal digits: a new key
    would make the records that exist unreadable for ever, so none is made here.
    """
    path = folder(home=home) / PEOPLE_KEY_FILE
    if not path.exists():
        raise KeyProblem(
            f"The key {path} is missing. What it protects cannot be read without it: bring it back "
            "from your copy. A station without records gets a new one from `homeby migrate`."
        )
    return _read_bytes(path=path)


def log_key(*, home: Path) -> bytes:
    """The 32 bytes that sign checkpoints; made when it is first needed. Raises KeyProblem."""
    path = folder(home=home) / LOG_KEY_FILE
    _make(path=path, text=lambda: secrets.token_hex(LOG_KEY_BYTES))
    return _read_bytes(path=path)


def _read_bytes(*, path: Path) -> bytes:
    with contextlib.suppress(ValueError):
        key = bytes.fromhex(_read(path=path))
        if len(key) == PEOPLE_KEY_BYTES:
            return key
    raise KeyProblem(
        f"The key {path} is damaged: it must hold 64 hexadecimal digits. Bring it back from your "
        "copy."
    )


def webpush_key(*, home: Path) -> bytes:
    """The 32 bytes that sign push messages to browsers; made when first needed. Raises KeyProblem
    when the file cannot be made, cannot be read or is damaged."""
    path = folder(home=home) / WEBPUSH_KEY_FILE
    _make(path=path, text=lambda: secrets.token_hex(WEBPUSH_KEY_BYTES))
    with contextlib.suppress(ValueError):
        key = bytes.fromhex(_read(path=path))
        if len(key) == WEBPUSH_KEY_BYTES:
            return key
    raise KeyProblem(f"The key {path} is damaged: it must hold 64 hexadecimal digits.")


def kiosk_key(*, home: Path) -> bytes:
    """The 32 bytes that open what kiosks have sealed; made when first needed. Raises KeyProblem."""
    path = folder(home=home) / KIOSK_KEY_FILE
    _make(path=path, text=lambda: secrets.token_hex(KIOSK_KEY_BYTES))
    return _read_bytes(path=path)


def make_open_badges_key(*, home: Path) -> None:
    """Make `open-badges.key` if there is none; call it only while nobody has an Open Badge yet.
    Raises KeyProblem when the folder cannot be written."""
    path = folder(home=home) / OPEN_BADGES_KEY_FILE
    _make(path=path, text=lambda: _pem(key=new_open_badges_key()))


def open_badges_key(*, home: Path) -> rsa.RSAPrivateKey:
    """The RSA key that signs Open Badges. Raises KeyProblem when the file is missing, unreadable or
    damaged: by a new key nobody could check the badges given before, so none is made here."""
    path = folder(home=home) / OPEN_BADGES_KEY_FILE
    if not path.exists():
        raise KeyProblem(
            f"The key keys/{OPEN_BADGES_KEY_FILE} is missing. It is made with the first Open Badge "
            "that somebody takes. If there was one, bring it back from your copy: with another key "
            "nobody can check the badges given before."
        )
    # TypeError: it asks for a password.
    with contextlib.suppress(ValueError, TypeError, UnsupportedAlgorithm):
        return _rsa_key(pem=_read(path=path))
    raise KeyProblem(
        f"The key {path} is damaged: it must hold a private RSA key of "
        f"{OPEN_BADGES_KEY_BITS} bits or more, as PEM without a password. Bring it back from "
        "your copy."
    )


def new_open_badges_key() -> rsa.RSAPrivateKey:
    """A key for Open Badges that nobody had before."""
    return rsa.generate_private_key(public_exponent=65537, key_size=OPEN_BADGES_KEY_BITS)


def _pem(*, key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode().strip()


@functools.lru_cache(maxsize=1)
def _rsa_key(*, pem: str) -> rsa.RSAPrivateKey:
    """Read once for each text: to examine the primes takes longer than to sign."""
    key = load_pem_private_key(pem.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < OPEN_BADGES_KEY_BITS:
        raise ValueError("not a key for RS256")
    return key


def readable_by_others(*, path: Path) -> bool:
    """Whether anybody but the owner may read or write this file or folder."""
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _read(*, path: Path) -> str:
    try:
        text = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"The key {path} cannot be read: {error}.") from None
    if not text:
        raise KeyProblem(f"The key {path} is empty. Bring it back from your copy.")
    return text


def _make(*, path: Path, text: Callable[[], str]) -> None:
    """Write the key whole or not at all; of two processes that try at once, one wins for both."""
    if path.exists():
        return
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        for place in (path.parent.parent, path.parent):  # the station's folder first
            place.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY_FOLDER)
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY_FILE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    except OSError as error:
        raise KeyProblem(
            f"The key {path} cannot be made: {error.strerror}. Give the account that runs Homeby "
            f"the right to write in {path.parent}."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()
