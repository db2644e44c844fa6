"""Backup keys: whom a backup is sealed to, and with what it is opened (age, X25519).

A backup key has two halves. The public one, `age1...`, stands in the settings and seals; the secret
one, `AGE-SECRET-KEY-1...`, is printed once, lies with a person and never at the station, so that
whoever takes the station's disk, or a backup of it, can open no backup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pyrage

_SECRET = "AGE-SECRET-KEY-"  # noqa: S105 - how one begins, not one
FEWEST = 2


class KeyRefused(Exception):
    """A backup key cannot be used; the text is a sentence for whoever gave it."""


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whom a backup is sealed to: the public half of her key, and a name where one was given."""

    public_half: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.public_half})" if self.name else self.public_half


def holder(word: str) -> Holder:
    """Read `age1...` or `name=age1...`. Raises KeyRefused with a sentence."""
    name, _, half = word.rpartition("=")
    half = half.strip()
    if half.upper().startswith(_SECRET):
        raise KeyRefused(
            "That is the secret half of a backup key. It must not stand here: keep it with its "
            "person, make a new one with `homeby backup-key`, and name its public half (age1...)."
        )
    try:
        pyrage.x25519.Recipient.from_str(half)
    except pyrage.RecipientError:
        raise KeyRefused(
            f"{word!r} is not the public half of a backup key: it is one word that begins with "
            "age1 and has 62 letters and digits, with a name and an equals sign before it if you "
            "like. `homeby backup-key` makes one."
        ) from None
    return Holder(public_half=half, name=name.strip())


def holders(words: Iterable[str]) -> tuple[Holder, ...]:
    """Those whom a backup is sealed to, each key once. Raises KeyRefused where they are fewer than
    two different ones: a backup that one person alone can open is lost with that person's key."""
    found: dict[str, Holder] = {}
    for one in map(holder, words):
        if one.public_half not in found or one.name:
            found[one.public_half] = one
    if len(found) < FEWEST:
        said = "only one is named" if found else "none is named"
        raise KeyRefused(
            f"A backup is sealed to at least two people, each with a backup key of her own, and "
            f"{said}. Let each run `homeby backup-key`, and name the public halves in "
            "backup_recipients in homeby.toml, or with --to. There is no backup that is not sealed."
        )
    return tuple(found.values())


def secret_halves(*, text: str, source: str) -> list[pyrage.x25519.Identity]:
    """The secret halves in a text. Spaces and line breaks inside one are those of paper; a line
    that begins with # is a remark. Raises KeyRefused."""
    kept = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    whole = "".join("".join(kept).split()).upper()
    if whole.startswith("AGE1"):
        raise KeyRefused(
            f"{source} holds a public half (age1...), which seals and does not open. Give the "
            "secret half: it begins with AGE-SECRET-KEY-1."
        )
    words = [word for word in re.split(f"(?={_SECRET})", whole) if word]
    if not words:
        raise KeyRefused(f"{source} holds no secret half of a backup key (AGE-SECRET-KEY-1...).")
    try:
        return [pyrage.x25519.Identity.from_str(word) for word in words]
    except pyrage.IdentityError:
        raise KeyRefused(
            f"{source} does not hold the secret half of a backup key: a letter is wrong or "
            "missing. It begins with AGE-SECRET-KEY-1 and has 74 letters and digits; compare it "
            "with the paper."
        ) from None


def read_secret_halves(*, path: Path) -> list[pyrage.x25519.Identity]:
    """The secret halves in a file. Raises KeyRefused."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as trouble:
        raise KeyRefused(f"{path} cannot be read: {trouble}.") from None
    return secret_halves(text=text, source=str(path))


def made() -> str:
    """A new backup key, with what its person must do with each half."""
    secret = pyrage.x25519.Identity.generate()
    text = str(secret)
    groups = "\n".join(f"    {text[at : at + 16]}" for at in range(0, len(text), 16))
    return (
        "Your backup key. It is shown this once and kept nowhere: write it down or print it.\n\n"
        f"SECRET HALF (opens backups; on paper, with you, never at the station):\n\n{groups}\n\n"
        "To open a backup, type it into a file, in lines as here or in one:\n\n"
        "    homeby restore FILE --identity THAT-FILE\n\n"
        "PUBLIC HALF (seals backups; goes to whoever runs the station, is no secret):\n\n"
        f"    {secret.to_public()}\n\n"
        'In homeby.toml: backup_recipients = ["your name=age1...", "a second person=age1..."]\n'
    )
