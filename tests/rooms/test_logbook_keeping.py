"""A checkpoint is kept each minute in which the logbook grew, costs what is new, and lets `homeby
verify` say which entry is the first wrong one."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from homeby import settings
from homeby.logbook import actions as logbook
from homeby.logbook import keeping, notes, queries, rules
from homeby.logbook.counting import leaves, outside
from homeby.logbook.keeping import Contradiction
from homeby.logbook.models import Entry, EntryBody, KeptCheckpoint
from homeby.logbook.notes import Key
from homeby.logbook.tree import Tree, consistency, is_grown
from homeby.logbook.verification import Verdict, verify
from homeby.station import proving, verifying
from homeby.station.checkpoints import Keeper, keep_now
from tests.house.tree import ROOT
from tests.rooms.test_logbook_verify import lived, unguarded
from tests.world import World

__all__ = ["lived"]

NOW = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.UTC)
CHECKER = ROOT / "tools" / "check_proof.py"


def key() -> Key:
    found = keeping.key_of_station(settings.log_key())
    assert found is not None
    return found


def founded() -> Key:
    if queries.station() is None:
        logbook.found_station(place="here", now=NOW)
    return key()


def write(count: int = 1, *, now: dt.datetime = NOW) -> None:
    for _ in range(count):
        with logbook.writing(now=now, by=None) as book:
            book.entry(rules.AUDIT_AGREED, subject="audit")


def keep(*, now: dt.datetime = NOW, is_lasting: bool = False) -> KeptCheckpoint:
    own = founded()
    kept = keeping.keep(until=queries.last_number(), key=own, now=now, is_lasting=is_lasting)
    assert kept is not None
    return kept


def verdict(against: str = "") -> Verdict:
    held = outside(against) if against else None
    return verify(against=held, key=key().public)


def rewrite(entry: Entry, text: str) -> None:
    """Whoever owns the database changes what an entry says, and its hash."""
    content = EntryBody.objects.get(pk=entry.pk)
    assert content.salt is not None
    made = rules.body_hash(salt=bytes(content.salt), body=text)
    with unguarded():
        EntryBody.objects.filter(pk=entry.pk).update(body=text)
        Entry.objects.filter(pk=entry.pk).update(body_hash=made)


def changed(entry: Entry) -> str:
    body = json.loads(entry.content.body or "")
    body["facts"]["why"] = "another"
    return rules.canonical(body)


@pytest.mark.django_db
def test_a_minute_in_which_nothing_grew_keeps_nothing_and_each_other_one_goes_on() -> None:
    founded()
    keeper = Keeper()
    for minute in range(4):
        at = NOW + dt.timedelta(minutes=minute)
        write(minute % 2 * 3, now=at)
        for second in (0, 20, 40):
            keeper.look(now=at + dt.timedelta(seconds=second))
    rows = list(KeptCheckpoint.objects.order_by("size"))
    before = rows[0].size
    assert [row.size for row in rows] == [before, before + 3, before + 6]
    assert [row.is_lasting for row in rows] == [True, False, False]
    for earlier, later in itertools.pairwise(rows):
        tree = Tree.kept(earlier.size, bytes(earlier.frontier))
        fresh = [leaf for _n, _id, leaf in leaves(after=earlier.number, until=later.number)]
        heads = notes.read(earlier.note).head, notes.read(later.note).head
        assert is_grown(*heads, consistency(tree, fresh))
    found = verdict()
    assert (found.difference, found.kept, found.kept_by_another_key) == (None, 3, 0)
    newest = notes.read(rows[-1].note)
    assert (found.size, bytes.fromhex(found.root)) == (newest.head.size, newest.head.root)
    assert key().public.has_signed(newest) is True


@pytest.mark.django_db
def test_a_copy_keeps_none() -> None:
    founded()
    logbook.quarantine(why="It is a copy.", here="there", now=NOW)
    Keeper().look(now=NOW)
    assert not KeptCheckpoint.objects.exists()
    assert keep_now(now=NOW) is None


@pytest.mark.django_db
def test_of_days_long_past_the_first_alone_is_kept_and_no_leaf_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    founded()
    for day in range(10):
        for minute in range(3):
            at = NOW + dt.timedelta(days=day, minutes=minute)
            write(now=at)
            keep(now=at)
    rows = list(KeptCheckpoint.objects.order_by("size"))
    assert len(rows) < 30
    assert [len(bytes(row.leaves)) // 32 for row in rows] == [
        row.size - before for row, before in zip(rows, [0, *[r.size for r in rows]], strict=False)
    ]
    assert verdict().difference is None
    monkeypatch.setattr(keeping, "AT_ONCE", 4)
    write(9)
    kept = keep_now(now=NOW + dt.timedelta(days=10))
    assert kept is not None
    assert (kept.number, kept.is_lasting) == (queries.last_number(), True)


def test_the_first_wrong_entry_is_named_though_every_hash_was_made_anew(lived: World) -> None:
    founded()
    write(5)
    held = keep().note
    write(9)
    keep()
    entries = list(Entry.objects.order_by("number"))
    index = len(entries) - 4
    rewrite(entries[index], changed(entries[index]))
    found = verdict(held)
    assert found.first_wrong == index
    assert "The first" in str(found.difference)
    rewrite(entries[6], changed(entries[6]))
    found = verdict(held)
    assert found.first_wrong == 6
    assert "are not those of the checkpoint: something in them" in str(found.difference)
    rewrite(entries[-1], changed(entries[-1]))
    with pytest.raises(Contradiction, match="homeby verify"):
        keep()


def test_without_a_checkpoint_outside_a_kept_one_says_what_was_taken_away(lived: World) -> None:
    keep()
    count = Entry.objects.count()
    with unguarded():
        last = Entry.objects.latest("number")
        EntryBody.objects.filter(pk=last.pk)._raw_delete(using="default")
        Entry.objects.filter(pk=last.pk)._raw_delete(using="default")
    found = verdict()
    assert (found.first_wrong, found.entries) == (count - 1, count - 1)
    assert f"A checkpoint of {count} entries was kept" in str(found.difference)


@pytest.mark.parametrize("what", ["note", "root", "other key"])
def test_a_kept_checkpoint_that_somebody_changed_is_found(lived: World, what: str) -> None:
    row = keep()
    note = notes.read(row.note)
    if what == "note":
        text = row.note.replace("\n\n", "x\n\n", 1)
    elif what == "root":
        text = row.note.replace(row.note.split()[2], "A" * 43 + "=")
    else:
        text = str(Key(name=note.origin, seed=b"\x01" * 32).sign(note.head))
    KeptCheckpoint.objects.update(note=text)
    found = verdict()
    if what == "other key":
        assert (found.difference, found.kept_by_another_key) == (None, 1)
    else:
        assert "is not as it was signed" in str(found.difference)


def test_what_is_held_outside_is_read_in_every_spelling(
    lived: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    founded()
    said: list[str] = []

    def ask(against: str = "") -> tuple[int, str]:
        own = settings.current()
        code = verifying.run(settings=own, against=against, as_json=False, say=said.append)
        return code, capsys.readouterr().out

    code, first = ask()
    assert code == 0, first
    note = first.split("whole:\n\n")[1].split("\n\nKey: ")[0]
    words = next(line for line in first.splitlines() if line.startswith("Checkpoint: "))
    file = tmp_path / "kept"
    file.write_text(note + "\n")
    held = [note, " ".join(note.split()), str(file), words.partition(" ")[2]]
    held.append("\n".join(note.splitlines()[:3]))
    for one in held:
        write()
        code, text = ask(one)
        assert code == 0
        assert "entries are those of the checkpoint you gave" in text
    other = str(Key(name="homeby/other", seed=b"\x01" * 32).sign(notes.read(note).head))
    for wrong in (other, note.replace("\n\n", "\n", 1)[:60], note[:-9] + "AAAAAAAA=", "x"):
        assert ask(wrong)[0] == 2, wrong
        assert said[-1].endswith((".", "whole."))


def test_the_proof_of_an_entry_is_checked_without_homeby(lived: World, tmp_path: Path) -> None:
    founded()
    said: list[str] = []
    entry = Entry.objects.filter(kind="MISSION_SIGNED_IN").latest("number")
    out, body = tmp_path / "one.tlog-proof", tmp_path / "body.json"
    wish = proving.Wish(entry=str(entry.entry_id), out=out)
    assert proving.run(wish, say=said.append) == 0, said
    public = str(key().public)
    code, text = check(out, public)
    assert code == 0, text
    assert entry.content.body is not None
    assert entry.content.body in text
    assert out.stat().st_size <= 4096
    kept = tmp_path / "kept"
    row = keeping.newest()
    assert row is not None
    kept.write_text(row.note)
    assert check(out, public, "--checkpoint", str(kept))[0] == 0
    kept.write_text("")
    assert check(out, public, "--checkpoint", str(kept))[0] == 1
    beside = proving.Wish(entry=str(entry.number), out=out, body=body, against=row.note)
    assert proving.run(beside, say=said.append) == 0
    assert "Its body is not shown" in check(out, public)[1]
    assert entry.content.body in check(out, public, "--body", str(body))[1]
    body.write_text(body.read_text().replace("facts", "fakes"))
    assert check(out, public, "--body", str(body))[0] == 1
    proof = out.read_text()
    made = row.note.split()[-1]
    for was, now in (
        ("index ", "index 1"),
        ("\n\n", "\nAAAA\n\n"),
        (row.note.split()[2], "A" * 44),
        (made, f"{made[:60]}{'A' if made[60] != 'A' else 'B'}{made[61:]}"),
    ):
        out.write_text(proof.replace(was, now, 1))
        code, text = check(out, public)
        assert (code, text.startswith("It does NOT hold.")) == (1, True), text
    other = Key(name=key().name, seed=b"\x01" * 32).public
    out.write_text(proof)
    assert check(out, str(other))[0] == 1
    assert check(tmp_path / "none", public)[0] == 2


def check(file: Path, public: str, *more: str) -> tuple[int, str]:
    """The stand-alone script, by a Python that sees nothing of ours."""
    command = [sys.executable, "-I", "-S", str(CHECKER), str(file), public, *more]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_the_proof_of_every_entry_is_small_and_what_cannot_be_proven_is_said(
    lived: World, tmp_path: Path
) -> None:
    founded()
    said: list[str] = []
    out = tmp_path / "one"
    sample = list(Entry.objects.order_by("number"))
    for entry in [*sample[::40], sample[-1]]:
        assert proving.run(proving.Wish(entry=str(entry.number), out=out), say=said.append) == 0
        assert out.stat().st_size <= 4096
    early = keep().note
    write()
    last = str(queries.last_number())
    for wish in (
        proving.Wish(entry="x", out=out),
        proving.Wish(entry="99999999", out=out),
        proving.Wish(entry=last, out=out, against=early),
        proving.Wish(entry=last, out=tmp_path / "no" / "folder"),
    ):
        assert proving.run(wish, say=said.append) == 2
        assert said[-1].endswith(".")
