"""A cosignature is kept with its checkpoint; who has the standard and no Homeby reads both."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from homeby.logbook import keeping, notes
from homeby.logbook.cosigning import Cosigner, cosign, line_of, with_line, with_signature
from homeby.logbook.counting import outside, size_of
from homeby.logbook.models import Entry, KeptCheckpoint
from homeby.logbook.notes import Key, NoNote
from homeby.logbook.proving import MOST_BYTES, prove
from homeby.logbook.tree import Head
from homeby.logbook.verification import verify
from tests.rooms.test_logbook_keeping import CHECKER, keep, key, write

AT = dt.datetime(2026, 11, 20, 12, 0, 5, tzinfo=dt.UTC)
WITNESS = Key(name=f"homeby/{uuid.UUID(int=3)}", seed=bytes(range(32)))
BY = Cosigner(name=WITNESS.name, raw=WITNESS.public.raw)
NOTE = Key(name="homeby/other", seed=bytes(32)).sign(Head(size=7, root=bytes(range(32))))


def test_a_cosignature_is_what_the_standard_says() -> None:
    """c2sp.org/tlog-cosignature, "Format" and "Ed25519 signed message", by hand."""
    dash, name, coded = line_of(cosign(NOTE, key=WITNESS, at=AT)).split(" ")
    raw = base64.b64decode(coded)
    public = Ed25519PrivateKey.from_private_bytes(WITNESS.seed).public_key()
    key_id = hashlib.sha256(name.encode() + b"\n\x04" + public.public_bytes_raw()).digest()[:4]
    seconds = int(AT.timestamp())
    root = base64.b64encode(bytes(range(32))).decode()
    said = f"cosignature/v1\ntime {seconds}\nhomeby/other\n7\n{root}\n"
    assert (dash, name, raw[:4]) == ("\u2014", WITNESS.name, key_id)
    assert int.from_bytes(raw[4:12], "big") == seconds
    public.verify(raw[12:], said.encode())
    assert key_id != WITNESS.public.key_id, "what it signs as a logbook is another kind"


def test_one_that_was_changed_or_moved_says_nothing() -> None:
    made = cosign(NOTE, key=WITNESS, at=AT)
    good = with_line(NOTE, line_of(made))
    assert BY.cosigned_at(good) == AT
    assert BY.cosigned_at(NOTE) is None
    other = notes.Note(origin="homeby/other", head=Head(size=8, root=bytes(32)))
    assert BY.cosigned_at(with_signature(other, made)) is None
    later = (2**40 + 1).to_bytes(8, "big") + made.made[8:]
    for wrong in (later, made.made[:20], made.made + b"x"):
        changed = notes.Signature(name=made.name, key_id=made.key_id, made=wrong)
        assert BY.cosigned_at(with_signature(NOTE, changed)) is None
    for nonsense in ("", "nonsense", line_of(made)[:-9], "\u2014 a b\n\u2014 c d"):
        with pytest.raises(NoNote):
            with_line(NOTE, nonsense)


@pytest.mark.django_db
def test_it_stays_with_the_checkpoint_and_leaves_with_a_proof(tmp_path: Path) -> None:
    write(5)
    kept = keep()
    for seconds in (0, 60):
        at = AT + dt.timedelta(seconds=seconds)
        made = cosign(notes.read(kept.note), key=WITNESS, at=at)
        keeping.keep_cosignature(size=kept.size, made=made)
    keeping.keep_cosignature(size=kept.size + 9, made=made)  # not kept any more: nothing to add to
    row = KeptCheckpoint.objects.get()
    note = notes.read(row.note)
    assert len(note.signatures) == 2, "the newest of each witness"
    assert BY.cosigned_at(note) == at
    assert key().public.has_signed(note)
    assert verify(key=key().public, against=outside(" ".join(row.note.split()))).difference is None
    assert size_of(outside(row.note)) == kept.size
    entry = Entry.objects.select_related("content").order_by("number")[1]
    proof = prove(entry, note=note)
    assert len(proof.text.encode()) <= MOST_BYTES
    file = tmp_path / "one.tlog-proof"
    file.write_text(proof.text, encoding="utf-8")
    command = [sys.executable, "-I", "-S", str(CHECKER), str(file), str(key().public)]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    assert said.startswith("It holds.")
