"""What `homeby import` answers to bad input: a sentence, an exit code, and nothing half done."""

from __future__ import annotations

import csv
import gzip
import os
import time
from pathlib import Path

import pytest

from homeby.logbook.models import Entry
from homeby.missions.models import Mission
from homeby.settings import current
from homeby.station.importing import rejects
from tests import imports
from tests.imports import CALLS_HEADER, SAMPLES, call, calls

pytestmark = pytest.mark.django_db

NOTHING = "Nothing was imported."
RUBBISH_BYTES = 100 * 1000 * 1000


def refused(path: Path, map_name: str = "sf-fire") -> str:
    """What is said of a file of which nothing is taken."""
    told = imports.run(path, map_name)
    assert (told.code, told.printed, told.said[-1]) == (2, "", NOTHING)
    assert not Entry.objects.exists()
    return "\n".join(told.said[:-1])


# --- the map and the file -----------------------------------------------------------------------


def test_a_map_that_is_not_there_names_the_ready_ones() -> None:
    said = refused(SAMPLES / "calls.csv", "sf-fier")
    assert said.startswith("sf-fier: This map cannot be read: No such file or directory.")
    assert "sf-fire" in said


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('name = "x"\n[missions]\nzonne = "UTC"\n', "“missions.zonne” is not a key of a map. Did"),
        ('name = "x', "This is not TOML"),
        ("\udcff", "This map is not UTF-8 text"),
        ('name = "x"\n', "a map holds one of [missions], [people] and [records]"),
    ],
)
def test_a_map_with_a_slip_is_answered_before_the_file_is_opened(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "own.toml"
    path.write_bytes(os.fsencode(text))
    assert says in refused(tmp_path / "not-there.csv", str(path))


def test_a_file_that_is_no_file_is_answered(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.csv").endswith("cannot be opened: No such file or directory.")
    assert refused(tmp_path).endswith("cannot be opened: Is a directory.")
    os.mkfifo(tmp_path / "pipe")
    assert "is no file that can be read twice; save it as one first" in refused(tmp_path / "pipe")


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_text("Call Number,Unit,Out\n1,E01,now\n", encoding="utf-8")
    said = refused(tmp_path / "calls.csv")
    assert "The file lacks the column “Unit ID”, “Dispatch DtTm”, “Available DtTm”." in said
    assert "It has “Call Number”, “Unit”, “Out”." in said


@pytest.mark.parametrize("kind", ["noise", "one line", "rows", "blanks"])
def test_a_hundred_megabytes_of_rubbish_are_answered_soon(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "rubbish"
    pattern = {
        "noise": os.urandom(1_000_000),
        "one line": b"x" * 1_000_000,
        "rows": b"1,E01,yesterday,tomorrow,Alarms,x\n" * 30_000,
        "blanks": b"\n" * 1_000_000,
    }[kind]
    with path.open("wb") as out:
        if kind == "rows":
            out.write(CALLS_HEADER.encode())
        while out.tell() < RUBBISH_BYTES:
            out.write(pattern)
    began = time.monotonic()
    assert refused(path)
    assert time.monotonic() - began < 10


# --- cut in half --------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [True, False])
def test_of_a_file_cut_in_half_nothing_is_taken_unless_one_says_so(
    tmp_path: Path, packed: bool
) -> None:
    text = CALLS_HEADER + "".join(f"{call(number)}\n" for number in range(2000))
    whole = gzip.compress(text.encode()) if packed else text.encode()
    path = tmp_path / "calls.csv"
    path.write_bytes(whole[: len(whole) // 2])
    said = refused(path)
    assert "The file is cut off in line" in said
    assert "rows can be read; --keep-good-rows imports them." in said
    told = imports.run(path, "sf-fire", keep_good_rows=True)
    read, added, _there, _rejected = told.table
    assert told.code == 1
    assert read == added == Mission.objects.count() > 100
    path.write_bytes(whole)
    assert imports.run(path, "sf-fire").table == (2000, 2000 - added, added, 0)
    imports.assert_replayable()


# --- rows ---------------------------------------------------------------------------------------


def mixed(folder: Path, name: str = "calls.csv") -> Path:
    """Good rows among bad ones."""
    return calls(
        folder,
        call(1),
        "2,E02,31.02.2017,,Alarms,x",
        call(3, back="10:59:59 AM"),
        call(1, out="11:00:01 AM"),
        "5,E05",
        '6,E06,03/01/2017 11:00:00 AM,,"Alarms, more","say ""x"""',
        "7,,03/01/2017 11:00:00 AM,,Alarms,x",
        name=name,
    )


def test_bad_rows_are_listed_and_kept_and_can_be_mended(tmp_path: Path) -> None:
    told = imports.run(mixed(tmp_path), "sf-fire")
    assert (told.code, told.table) == (1, (7, 2, 0, 5))
    for sentence in (
        "line 3: “31.02.2017” is not",
        "line 4: back “03/01/2017 10:59:59 AM” is before out “03/01/2017 11:00:00 AM”",
        "line 5: line 2 has the same key sf-fire:1|E01 and says something else",
        "line 6: the row has 2 columns, the header 6",
        "line 8: it does not say who went out",
    ):
        assert sentence in told.printed
    kept = tmp_path / "calls.csv.rejects.csv"
    assert str(kept) in told.printed
    assert kept.stat().st_mode & 0o777 == 0o600
    with kept.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.reader(opened))
    assert rows[0] == ["homeby line", "homeby reason", *CALLS_HEADER.strip().split(",")]
    assert [row[0] for row in rows[1:]] == ["3", "4", "5", "6", "8"]
    assert rows[1][2:] == ["2", "E02", "31.02.2017", "", "Alarms", "x"]
    assert rows[4][2:] == ["5", "E05"]

    text = kept.read_text(encoding="utf-8-sig").replace("31.02.2017", "03/01/2017 11:00:00 AM")
    kept.write_text(text, encoding="utf-8")
    again = imports.run(kept, "sf-fire")
    assert again.table == (5, 1, 0, 4)
    second = (tmp_path / "calls.csv.rejects.csv.rejects.csv").read_text(encoding="utf-8-sig")
    assert second.splitlines()[0] == "homeby line,homeby reason," + CALLS_HEADER.strip()
    assert imports.run(tmp_path / "calls.csv", "sf-fire").table == (7, 0, 2, 5)


def test_rejects_that_somebody_is_mending_are_not_overwritten(tmp_path: Path) -> None:
    path = mixed(tmp_path)
    imports.run(path, "sf-fire")
    imports.run(path, "sf-fire")  # the same again: the same file
    kept = tmp_path / "calls.csv.rejects.csv"
    kept.write_text("being mended", encoding="utf-8")
    imports.run(path, "sf-fire")
    names = sorted(one.name for one in tmp_path.iterdir())
    assert names == ["calls.csv", "calls.csv.rejects-2.csv", "calls.csv.rejects.csv"]
    assert kept.read_text(encoding="utf-8") == "being mended"


def test_rejects_go_where_they_are_asked_for(tmp_path: Path) -> None:
    path, place = mixed(tmp_path), tmp_path / "rest.csv"
    place.write_text("old", encoding="utf-8")
    assert imports.run(path, "sf-fire", dry_run=True).table == (7, 2, 0, 5)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["calls.csv", "rest.csv"]
    imports.run(path, "sf-fire", dry_run=True, rejects=place)
    assert len(place.read_text(encoding="utf-8-sig").splitlines()) == 6
    for wrong, says in (
        (path, "would take the place of the file itself"),
        (tmp_path, "is a folder; name a file"),
        (Path(os.devnull), "is no ordinary file"),
        (tmp_path / "no" / "x.csv", "There is no folder"),
    ):
        told = imports.run(path, "sf-fire", rejects=wrong)
        assert (told.code, told.said[-1]) == (2, NOTHING)
        assert says in told.said[0]


def test_beside_a_file_on_a_read_only_disk_rejects_go_to_the_station(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = mixed(tmp_path, name="read-only.csv")
    opened = rejects.RejectsFile._opened_in
    closed = [tmp_path]

    def refuse(self: rejects.RejectsFile, folder: Path, *rest: object) -> object:
        if folder in closed:
            raise OSError(30, "Read-only file system")
        return opened(self, folder, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(rejects.RejectsFile, "_opened_in", refuse)
    told = imports.run(path, "sf-fire")
    kept = current().home / "read-only.csv.rejects.csv"
    assert str(kept) in told.printed
    kept.unlink()
    closed.append(current().home)
    told = imports.run(path, "sf-fire")
    assert told.table == (7, 0, 2, 5)
    assert told.said[-1] == "The rejected rows could not be kept in a file: Read-only file system."


def test_a_row_that_repeats_a_rejected_one_is_rejected_too(tmp_path: Path) -> None:
    imports.run(calls(tmp_path, call(1)), "sf-fire")
    other = call(1, out="11:00:01 AM")
    told = imports.run(calls(tmp_path, other, other, call(2), call(2)), "sf-fire")
    assert told.table == (4, 1, 1, 2)
    assert "line 3: line 2 says the same and was rejected" in told.printed


def test_only_the_first_ten_rejects_are_shown(tmp_path: Path) -> None:
    rows = [f"{number},E01,never,,Alarms,x" for number in range(12)]
    told = imports.run(calls(tmp_path, *rows, call(99)), "sf-fire")
    assert told.table == (13, 1, 0, 12)
    assert told.printed.count("\nline ") == 10
    assert "and 2 more" in told.printed
