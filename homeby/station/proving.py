"""`homeby prove`: the proof of one entry, as a file that is checked without Homeby."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from homeby import clock, keys, settings
from homeby.logbook import keeping, notes, queries
from homeby.logbook.keeping import Contradiction
from homeby.logbook.models import Entry
from homeby.logbook.notes import Key, Note
from homeby.logbook.proving import NoProof, Proof, prove
from homeby.station import checkpoints, cosigned, verifying


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What was asked for: an entry by id or number, the file, the checkpoint that it shall lead to
    (else one of this moment), and where its body goes (None: into the proof)."""

    entry: str
    out: Path | None = None
    against: str = ""
    body: Path | None = None


def run(wish: Wish, *, say: Callable[[str], None]) -> int:
    """Write the proof; 0, or 2 with a sentence when there is none."""
    try:
        key = keeping.key_of_station(settings.log_key())
        if key is None:
            raise NoProof("There is no station here yet, so there is nothing to prove.")
        entry = _entry(wish.entry)
        proof = prove(entry, note=_note(wish, key, entry.number), with_body=wish.body is None)
        _write(wish, entry, proof, say)
    except (NoProof, Contradiction, verifying.NoCheckpoint, keys.KeyProblem) as refused:
        say(str(refused))
        return verifying.NOTHING_DONE
    except OSError as error:
        say(f"The file cannot be written: {error}. Name another one with --out.")
        return verifying.NOTHING_DONE
    say(f"Check it on any machine: python3 check_proof.py FILE '{key.public}'")
    return 0


def _entry(word: str) -> Entry:
    rows = Entry.objects.select_related("content")
    found = None
    if word.isdecimal() and len(word) < 19:
        found = rows.filter(number=int(word)).first()
    else:
        try:
            found = rows.filter(entry_id=uuid.UUID(word)).first()
        except ValueError:
            raise NoProof(f"{word} is neither the id nor the number of an entry.") from None
    if found is None:
        raise NoProof(f"The logbook has no entry {word}.")
    return found


def _note(wish: Wish, key: Key, number: int) -> Note:
    """The checkpoint that the proof of the entry of this number leads to, with the signature of
    this station; one that a partner station has cosigned, where there is one."""
    if not wish.against:
        seen = cosigned.newest_note(from_number=number)
        if seen is not None:
            return notes.read(seen)
        kept = checkpoints.keep_now(now=clock.now())
        if kept is None:
            raise NoProof("No checkpoint could be made: somebody is writing. Try again.")
        return notes.read(kept.note)
    held = verifying.given(wish.against, key)
    if not isinstance(held, Note):
        raise NoProof("A checkpoint in three words has no tree: give a signed one, or none.")
    if key.public.has_signed(held):
        return held
    if queries.is_quarantined():
        raise NoProof(
            "This is a copy, which signs nothing: give a checkpoint that bears the signature of "
            "the station, or none."
        )
    return key.sign(held.head)


def _write(wish: Wish, entry: Entry, proof: Proof, say: Callable[[str], None]) -> None:
    out = wish.out or Path(f"entry-{entry.number}.tlog-proof")
    out.write_text(proof.text, encoding="utf-8")
    say(f"{out} proves entry {entry.number} ({entry.kind}), index {proof.index} from 0.")
    salt, body = entry.content.salt, entry.content.body
    if body is None or salt is None:
        say("Its body was erased: the proof shows that it stood there, and not what it said.")
    elif wish.body is not None:
        told = {"salt": bytes(salt).hex(), "body": body}
        wish.body.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        say(f"What it says stands in {wish.body}; show it with --body where you wish to.")
    elif not proof.has_body:
        say("What it says is too long for the proof: give --body FILE to have it beside it.")
