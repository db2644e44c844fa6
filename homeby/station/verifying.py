"""What `homeby verify` says."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from homeby import keys
from homeby.logbook import keeping, queries
from homeby.logbook.counting import Outside, outside, size_of
from homeby.logbook.notes import Key, Note
from homeby.logbook.tree import Head
from homeby.logbook.verification import Verdict, one_reading, verify
from homeby.missions.queries.signed import Signatures, signatures
from homeby.settings import Settings, log_key
from homeby.station import checkpoints, cosigned
from homeby.station.cosigned import Cosigned

NOTHING_DONE = 2
_BUSY = "Somebody is writing just now, so no checkpoint is signed: ask again."
_COPY = "This is a copy, so no checkpoint is signed: only the live station signs."
Say = Callable[[str], None]


class NoCheckpoint(Exception):
    """What was given is no checkpoint of this station; the text is a sentence."""


def run(*, settings: Settings, against: str, as_json: bool, say: Say) -> int:
    """Replay the logbook; 0 when every row agrees, 1 with the first difference, 2 when `against` is
    no checkpoint of this station."""
    key = keeping.key_of_station(log_key())
    try:
        held = given(against, key) if against else None
    except NoCheckpoint as trouble:
        say(str(trouble))
        return NOTHING_DONE
    until = checkpoints.settled_number()
    with one_reading():
        found = verify(
            progress=lambda done: say(f"{done} entries replayed"),
            against=held,
            key=key.public if key else None,
            until=until,
        )
        phones = signatures()
    unsigned = _BUSY if until is None else _COPY if queries.is_quarantined() else ""
    signed = None if unsigned else Signed.of(found, key, settings.home)
    by_others = cosigned.newest()
    if as_json:
        told = _as_json(found, signed) | {
            "phones": asdict(phones),
            "cosigned": [asdict(one) for one in by_others],
        }
        print(json.dumps(told, indent=2, default=str))
    elif found.difference:
        print(_difference(found))
    else:
        print(
            "\n".join(
                [
                    *_agreement(found, held),
                    *_of_phones(phones),
                    *_seen_by(by_others),
                    *(signed.lines(found) if signed else [unsigned]),
                ]
            )
        )
    return 1 if found.difference else 0


def given(text: str, key: Key | None) -> Outside:
    """The checkpoint that somebody gave: itself, or a file that holds it. Raises NoCheckpoint."""
    with contextlib.suppress(OSError, ValueError):
        if Path(text).is_file():
            text = Path(text).read_text(encoding="utf-8")
    try:
        held = outside(text)
    except ValueError as trouble:
        raise NoCheckpoint(str(trouble)) from None
    if isinstance(held, Note) and key is not None:
        if held.origin != key.name:
            raise NoCheckpoint(
                f"This checkpoint is of {held.origin}, and this station is {key.name}: give one of "
                "this station."
            )
        if key.public.has_signed(held) is False:
            raise NoCheckpoint(
                "The checkpoint is not as this station signed it: a character was changed. Take "
                "another copy of it."
            )
    return held


@dataclass(frozen=True, kw_only=True)
class Signed:
    """The checkpoint of what was verified, in both spellings, and the key to check it by."""

    note: str
    key: str
    signature: str

    @classmethod
    def of(cls, found: Verdict, key: Key | None, home: Path) -> Signed:
        """Sign what was found."""
        head = Head(size=found.size, root=bytes.fromhex(found.root))
        return cls(
            note=str(key.sign(head)) if key else "",
            key=str(key.public) if key else "",
            signature=sign(found.checkpoint, seed=key.seed if key else keys.log_key(home=home)),
        )

    def as_json(self) -> dict[str, str]:
        """For `--json`; `signature` is that of the checkpoint in three words."""
        return {"signed_checkpoint": self.note, "key": self.key, "signature": self.signature}

    def lines(self, found: Verdict) -> list[str]:
        """As it is printed, to be kept elsewhere."""
        lines = [f"Checkpoint: {found.checkpoint}", f"Signature:  {self.signature}"]
        if self.note:
            lines += ["", "Keep this elsewhere, whole:", "", self.note.rstrip("\n")]
            lines += ["", f"Key: {self.key}"]
        return lines


def _as_json(found: Verdict, signed: Signed | None) -> dict[str, object]:
    """Without a checkpoint where none is signed: what is not settled would contradict an honest
    logbook for ever."""
    told = asdict(found)
    if signed is not None:
        return told | signed.as_json()
    return {name: value for name, value in told.items() if name not in _OF_CHECKPOINT}


_OF_CHECKPOINT = ("checkpoint", "size", "root")


def _difference(found: Verdict) -> str:
    if found.first_wrong is None:
        return f"{found.difference}"
    return f"{found.difference}\nFirst wrong index: {found.first_wrong} (counted from 0)."


def _agreement(found: Verdict, held: Outside | None) -> list[str]:
    lines = [
        f"{found.entries} entries rebuild all {found.rows} rows; {found.erased} bodies are erased."
    ]
    if held is not None:
        lines.append(f"The first {size_of(held)} entries are those of the checkpoint you gave.")
    if found.kept:
        lines.append(f"They are those of all {found.kept} checkpoints that were kept here.")
    if found.kept_by_another_key:
        lines.append(
            f"{found.kept_by_another_key} of these bear the signature of another key. If "
            "keys/log.key was never made anew, somebody else has written them."
        )
    return lines


#: So many numbers of entries are printed; `--json` has all.
_NUMBERS_MAX = 10


def _of_phones(found: Signatures) -> list[str]:
    """How many entries of phones bear the phone's own signature. One that is missing or wrong makes
    the logbook no other than it was: a person looks at it."""
    lines = []
    signing = found.signed + found.erased + len(found.wrong) + len(found.missing)
    if signing:
        lines.append(
            f"Of {signing} entries of phones that sign, {found.signed} bear the signature of their "
            f"phone; of {found.erased} what was signed is erased."
        )
    if found.wrong:
        lines.append(f"Signed by another, or not as it stands here: {_numbers(found.wrong)}.")
    if found.missing:
        lines.append(
            f"In the name of a phone that signs, but not signed: {_numbers(found.missing)}."
        )
    if found.other:
        lines.append(f"{found.other} entries are of phones that sign nothing.")
    return lines


def _numbers(found: list[int]) -> str:
    shown = ", ".join(map(str, found[:_NUMBERS_MAX]))
    more = len(found) - _NUMBERS_MAX
    return f"{shown} and {more} more" if more > 0 else shown


def _seen_by(found: list[Cosigned]) -> list[str]:
    """Up to where somebody else has seen them; without a partner station nothing is said."""
    return [
        f"The first {one.size} were cosigned by {one.by} at {one.at:%Y-%m-%d %H:%M:%SZ}: until "
        "then it had seen no other history."
        for one in found
    ]


def sign(text: str, *, seed: bytes) -> str:
    """The Ed25519 signature of a checkpoint in three words: key fingerprint, colon, base64."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes_raw()
    fingerprint = hashlib.sha256(public).hexdigest()[:16]
    return f"{fingerprint}:{base64.b64encode(key.sign(text.encode())).decode()}"
