"""Whoever must not sign does not, what nobody signed is no checkpoint, and keeping one holds up no
writer; the script that checks a proof survives whatever stands in it."""

from __future__ import annotations

import base64
import json
import os
import resource
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from homeby import settings
from homeby.logbook import actions as logbook
from homeby.logbook import keeping, notes, rules
from homeby.logbook.models import Entry, KeptCheckpoint
from homeby.logbook.tree import Tree
from homeby.station import proving, verifying
from tests.rooms.test_logbook_keeping import CHECKER, NOW, founded, keep, key, verdict, write

MEMORY_MOST = 256 * 2**20


def said_by_verify(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> str:
    own = settings.current()
    assert verifying.run(settings=own, against="", as_json=as_json, say=lambda _said: None) == 0
    return capsys.readouterr().out


@pytest.mark.django_db
def test_a_copy_signs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    founded()
    write(3)
    row = keep()
    unsigned = "\n".join(row.note.splitlines()[:3])
    assert "signed_checkpoint" in json.loads(said_by_verify(capsys, as_json=True))
    logbook.quarantine(why="It is a copy.", here="there", now=NOW)
    told = json.loads(said_by_verify(capsys, as_json=True))
    assert told["difference"] is None
    assert not {"checkpoint", "size", "root", "signed_checkpoint", "signature"} & set(told)
    assert "This is a copy, so no checkpoint is signed" in said_by_verify(capsys, as_json=False)
    said: list[str] = []
    entry, out = str(Entry.objects.earliest("number").number), tmp_path / "proof"
    for against, code in ((unsigned, 2), (row.note, 0), ("", 0)):
        wish = proving.Wish(entry=entry, out=out, against=against)
        assert proving.run(wish, say=said.append) == code, said
    assert "signs nothing" in said[0]


@pytest.mark.django_db
def test_a_kept_checkpoint_that_nobody_signed_is_not_as_it_was_kept() -> None:
    founded()
    write(3)
    row = keep()
    assert verdict().difference is None
    bare = "\n".join(row.note.splitlines()[:3]) + "\n"
    KeptCheckpoint.objects.update(note=bare)
    assert "not as it was signed" in str(verdict().difference)


@pytest.mark.django_db
def test_a_kept_checkpoint_of_rubbish_is_named() -> None:
    founded()
    write(3)
    keep()
    value = "'text'" if connection.vendor == "sqlite" else "'\\x00'"
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE logbook_keptcheckpoint SET frontier = {value}")
    assert "not as it was signed" in str(verdict().difference)


@pytest.mark.django_db
def test_what_another_process_kept_at_the_same_instant_stays_for_good(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    founded()
    write(2)
    keep()
    write(2)
    real = keeping._going_on

    def meanwhile(last: KeptCheckpoint | None) -> Tree:
        monkeypatch.setattr(keeping, "_going_on", real)
        keep()  # the other process, between what this one has read and what it writes
        return real(last)

    monkeypatch.setattr(keeping, "_going_on", meanwhile)
    kept = keep(is_lasting=True)
    assert KeptCheckpoint.objects.get(size=kept.size).is_lasting
    assert verdict().difference is None


@pytest.mark.django_db
def test_nobody_waits_while_a_checkpoint_is_counted() -> None:
    founded()
    keep()
    with CaptureQueriesContext(connection) as asked:
        keep()
    begun = ("SAVEPOINT", "BEGIN")
    assert not [one for one in asked if one["sql"].startswith(begun)], "nothing has grown"
    write(3)
    with CaptureQueriesContext(connection) as asked:
        keep()
    words = [one["sql"] for one in asked]
    first = next(at for at, sql in enumerate(words) if sql.startswith(begun))
    read = [at for at, sql in enumerate(words) if "logbook_entry" in sql]
    assert read
    assert max(read) < first, "what is settled is read before anybody could wait"


def checked(proof: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MOST, MEMORY_MOST))

    return subprocess.run(
        [sys.executable, str(CHECKER), str(proof), str(key().public)],
        env=dict(os.environ) | environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
        preexec_fn=limited,
    )


@pytest.mark.django_db
def test_the_script_survives_whatever_stands_in_a_proof(tmp_path: Path) -> None:
    founded()
    with logbook.writing(now=NOW, by=None) as book:
        book.entry(rules.AUDIT_DISAGREED, subject="audit", facts={"sentences": ["Übermüdet 雪"]})
    row = keep()
    entry = Entry.objects.latest("number")
    out = tmp_path / "proof"
    wish = proving.Wish(entry=str(entry.number), out=out, against=row.note)
    assert proving.run(wish, say=lambda _said: None) == 0
    found = checked(out, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")
    assert (found.returncode, found.stderr) == (0, "")
    assert "Übermüdet 雪" in found.stdout
    assert notes.read(row.note).head.size
    lines = out.read_text().split("\n")
    packed = zlib.compress(bytes(2**29), 9)
    lines[1] = f"extra {base64.b64encode(packed).decode()}"
    out.write_text("\n".join(lines))
    bomb = checked(out)
    assert (bomb.returncode, bomb.stderr) == (1, "")
    assert bomb.stdout.startswith("It does NOT hold.")
