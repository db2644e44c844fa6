"""`homeby replay` sends records through the real watch; its report agrees with the records."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KEYS = [
    "missions",
    "subjects",
    "most_out",
    "most_out_at",
    "still_out",
    "sent_again_while_out",
    "overdue",
    "overdue_30_min",
    "median_minutes",
    "longest_minutes",
    "alarms",
    "alarms_ended_by_return",
    "messages",
]
#: Minutes of work that say seven times what one day says.
WHOLE = "only where HOMEBY_WHOLE_RECORDS is set: all records take several minutes"
HEAD = "Call Number,Unit ID,Call Type,Dispatch DtTm,Available DtTm,Address,RowID\n"


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "homeby", "replay", *words]


def environment(tmp_path: Path) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if not k.startswith("HOMEBY_")}
    return own | {"TMPDIR": str(tmp_path)}


def replay(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words, "--json"),
        capture_output=True,
        text=True,
        env=environment(tmp_path),
        check=False,
        timeout=600,
    )


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    """Four units: one in time, one exactly at the due time, one a second late, one never back; a
    fifth row sends the first unit again while it is still out, for no time at all."""
    rows = (
        "1,E1,Alarm,03/01/2017 08:00:00 AM,03/01/2017 09:00:00 AM,A,1-E1",
        "2,E2,Alarm,03/01/2017 08:00:00 AM,03/01/2017 09:30:00 AM,A,2-E2",
        "3,E3,Alarm,03/01/2017 08:00:00 AM,03/01/2017 09:30:01 AM,A,3-E3",
        "4,E4,Alarm,03/01/2017 08:10:00 AM,,A,4-E4",
        "5,E1,Alarm,03/01/2017 08:30:00 AM,03/01/2017 08:30:00 AM,A,5-E1",
    )
    path = tmp_path / "calls.csv"
    path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_the_report_is_right_to_the_second_and_the_same_twice(calls: Path, tmp_path: Path) -> None:
    first = replay(tmp_path, str(calls), "--map", "sf-fire", "--due", "out+90m")
    assert first.returncode == 0, first.stderr
    report = json.loads(first.stdout)
    assert [key for key in report if key in KEYS] == KEYS
    assert report | {"messages": 0} == report | {
        "missions": 5,
        "subjects": 4,
        "most_out": 5,
        "most_out_at": "2017-03-01T08:30:00-08:00",
        "still_out": 1,
        "sent_again_while_out": 1,
        "overdue": 2,
        "overdue_30_min": 1,
        "median_minutes": 75.0,
        "longest_minutes": 90.0,
        "alarms": 2,
        "alarms_ended_by_return": 1,
        "messages": 0,
    }
    assert report["messages"] > 2
    assert replay(tmp_path, str(calls), "--map", "sf-fire").stdout == first.stdout
    assert not list(tmp_path.glob("homeby-replay-*")), "the throw-away station is thrown away"


def test_an_interrupted_replay_leaves_nothing_and_runs_again(calls: Path, tmp_path: Path) -> None:
    whole = replay(tmp_path, str(calls), "--map", "sf-fire").stdout
    many = tmp_path / "many.csv"  # long enough not to be over before the signal comes
    row = "{0},E{0},Alarm,03/01/2017 08:00:00 AM,03/01/2017 09:00:00 AM,A,{0}-E{0}"
    many.write_text(HEAD + "\n".join(row.format(n) for n in range(5000)) + "\n", encoding="utf-8")
    child = subprocess.Popen(
        command(str(many), "--map", "sf-fire", "--json"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(tmp_path),
    )
    deadline = time.monotonic() + 20
    while not list(tmp_path.glob("homeby-replay-*")) and time.monotonic() < deadline:
        pass
    child.send_signal(signal.SIGINT)
    assert child.wait(timeout=30) != 0
    assert not list(tmp_path.glob("homeby-replay-*"))
    assert replay(tmp_path, str(calls), "--map", "sf-fire").stdout == whole


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("{file}", "--map", "sf-fire", "--due", "tomorrow"), "out+90m"),
        (("{file}", "--map", "no-such-map"), "no-such-map"),
        (("no-such-file.csv", "--map", "sf-fire"), "no-such-file.csv"),
        (("{file}", "--map", "nasa-eva"), "column"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_a_sentence(
    calls: Path, tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    found = replay(tmp_path, *(word.format(file=calls) for word in words))
    assert found.returncode == 2
    assert found.stdout == ""
    assert says in found.stderr
    assert "Traceback" not in found.stderr


def day_of(file: Path, tmp_path: Path, day: str) -> tuple[Path, list[dt.timedelta | None]]:
    """A file with the dispatches of a day, and how long each took; None for one that never
    came back. Read here by itself, so that the replay is held against the records."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as opened:
        reader = csv.DictReader(opened)
        rows = [row for row in reader if row["Dispatch DtTm"].startswith(day)]
        names = reader.fieldnames or ()
    path = tmp_path / "day.csv"
    with path.open("w", encoding="utf-8", newline="") as made:
        writer = csv.DictWriter(made, names)
        writer.writeheader()
        writer.writerows(rows)
    at = "%m/%d/%Y %I:%M:%S %p"
    lengths = [
        dt.datetime.strptime(row["Available DtTm"], at)
        - dt.datetime.strptime(row["Dispatch DtTm"], at)
        if row["Available DtTm"]
        else None
        for row in rows
    ]
    return path, lengths


@pytest.mark.once  # a replay brings its own database
def test_a_day_of_a_real_fire_department(real_records: Path, tmp_path: Path) -> None:
    """An alarm for each that was overdue, and for none that was in time."""
    week = real_records / "missions" / "sf-fire" / "calls_2016-12.csv.gz"
    file, lengths = day_of(week, tmp_path, "01/02/2017")
    found = replay(tmp_path, str(file), "--map", "sf-fire", "--due", "out+90m")
    assert found.returncode == 0, found.stderr
    report = json.loads(found.stdout)
    overdue = [one for one in lengths if one is None or one > dt.timedelta(minutes=90)]
    assert len(lengths) > 500
    assert len(overdue) > 20
    assert (report["missions"], report["overdue"]) == (len(lengths), len(overdue))
    assert (report["alarms"], report["still_out"]) == (len(overdue), lengths.count(None))
    assert report["alarms_ended_by_return"] == len(overdue) - lengths.count(None)
    longest = max(one for one in lengths if one is not None)
    assert report["longest_minutes"] == round(longest.total_seconds() / 60, 1)


@pytest.mark.skipif("not os.environ.get('HOMEBY_WHOLE_RECORDS')", reason=WHOLE)
@pytest.mark.timeout(900)
def test_all_records_of_a_real_fire_department(real_records: Path, tmp_path: Path) -> None:
    """7,704 dispatches, as the README and the guide tell of them."""
    file = real_records / "missions" / "sf-fire" / "calls_2016-12.csv.gz"
    found = replay(tmp_path, str(file), "--map", "sf-fire", "--due", "out+90m")
    assert found.returncode == 0, found.stderr
    report = json.loads(found.stdout)
    assert report["missions"] == 7704
    assert report["subjects"] == 178
    assert (report["still_out"], report["sent_again_while_out"]) == (5, 416)
    assert (report["overdue"], report["overdue_30_min"]) == (625, 115)
    assert (report["median_minutes"], report["longest_minutes"]) == (17.6, 267.5)
    assert (report["alarms"], report["alarms_ended_by_return"]) == (625, 620)


@pytest.mark.once
@pytest.mark.timeout(300)
def test_spacewalks(real_records: Path, tmp_path: Path) -> None:
    """Another shape of file by another map: parties by name, durations instead of returns."""
    folder, first = real_records / "missions" / "nasa-eva", tmp_path / "first.csv"
    with gzip.open(folder / "eva.csv.gz", "rb") as whole:
        first.write_bytes(b"".join(itertools.islice(whole, 61)))
    # One of the sixty has no date, and is none.
    for file, missions in ((first, 59), (folder / "additions.csv", 16)):
        found = replay(tmp_path, str(file), "--map", "nasa-eva")
        assert found.returncode == 0, found.stderr
        report = json.loads(found.stdout)
        assert report["missions"] == missions
        assert report["alarms"] == report["overdue"] == report["alarms_ended_by_return"]
