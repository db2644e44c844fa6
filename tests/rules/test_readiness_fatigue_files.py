"""Sleep histories and reference rows of others: each fault is a sentence with its line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bench.fatigue_files import COLUMNS, Faults, read_histories, read_reference

ROOT = Path(__file__).parents[2]
SLEEPS = "scenario,start,end,asleep,awake\n"
NIGHT = "a,2026-01-05T07:00,2026-01-07T07:00,2026-01-05T23:00,2026-01-06T07:00\n"
REFERENCE = ",".join(COLUMNS) + "\n"
ROW = (
    "a,2026-01-05T07:30,0.5,1,0.5,7.8627269598,-1.901014914,-0.00615582970243,-2.68846071626,"
    "5.95555621609,8.6397427001,0.299623452088,0.123451464891,0.424098467606,0.905768306854,"
    "2.0511501233\n"
)


def faults_of(folder: Path, sleeps: str | bytes, reference: str | bytes = REFERENCE + ROW) -> str:
    faults = Faults()
    for name, text in (("sleeps.csv", sleeps), ("ref.csv", reference)):
        (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    known = read_histories(folder / "sleeps.csv", faults)
    if not faults.found:
        read_reference(folder / "ref.csv", known, faults)
    return "\n".join(faults)


@pytest.mark.parametrize(
    "sleeps",
    [
        SLEEPS + NIGHT,
        "\ufeff" + SLEEPS + NIGHT,
        SLEEPS + "a,2026-01-05T07:00,2026-01-07T07:00,,\n",
        SLEEPS + NIGHT.replace("T", " ").replace("\n", "\r\n") + "\r\n",
        "awake,asleep,end,start,scenario\n" + ",".join(reversed(NIGHT.strip().split(","))) + "\n",
        SLEEPS + NIGHT.replace("2026-01-05T23:00,", "2026-01-06T00:00:00+01:00,"),
        SLEEPS + NIGHT.replace("-05T23:00,2026-01-06", "-06T23:00,2026-01-07") + NIGHT,
    ],
)
def test_what_is_in_order_is_taken(tmp_path: Path, sleeps: str) -> None:
    assert faults_of(tmp_path, sleeps) == ""


@pytest.mark.parametrize(
    ("sleeps", "said"),
    [
        ("", "sleeps.csv: the file is empty"),
        (SLEEPS, "there is no line below the heading"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        ("scenario,start,end\n", "line 1: columns that are missing: asleep, awake"),
        (SLEEPS.replace("end", "end,end"), "there twice: end"),
        (SLEEPS.replace("end", "end,mood"), "unknown: mood"),
        (SLEEPS + NIGHT + "a,b\n", "line 3: there are 2 cells, the heading has 5"),
        (SLEEPS + NIGHT + NIGHT, "line 3: this sleep of a overlaps the one of line 2"),
        (SLEEPS + NIGHT.replace("23:00", "25:00"), "line 2: asleep: “2026-01-05T25:00” is no time"),
        (SLEEPS + NIGHT.replace("-05T23", "-04T23"), "line 2: asleep at 2026-01-04T23:00 is not"),
        (
            SLEEPS + NIGHT.replace("06T07:00", "05T23:00"),
            "line 2: awake at 2026-01-05T23:00 is not",
        ),
        (SLEEPS + NIGHT.replace("2026-01-06T07:00", ""), "line 2: awake: “” is no time"),
        (SLEEPS + NIGHT.replace("07T07:00", "05T07:00"), "line 2: the history ends at"),
        (
            SLEEPS
            + NIGHT
            + NIGHT.replace("05T23", "06T23")
            .replace("06T07", "07T07")
            .replace("-07T07:00,", "-08T07:00,", 1),
            "line 3: start or end differ from those of line 2",
        ),
        (SLEEPS + NIGHT[1:], "line 2: scenario is empty"),
        (SLEEPS + '"a,2026', "is no CSV"),
    ],
)
def test_a_fault_in_the_sleeps_is_named_with_its_line(
    tmp_path: Path, sleeps: str | bytes, said: str
) -> None:
    assert said in faults_of(tmp_path, sleeps)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("", "ref.csv: there is no line below the heading"),
        (ROW.replace("7.8627269598", "nan"), "line 2: tpm_s: “nan” is no number"),
        (ROW.replace("7.8627269598", "1_0"), "line 2: tpm_s: “1_0” is no number"),
        (ROW.replace("0.5,1,0.5", "0.5,yes,0.5"), "line 2: awake: “yes” is no number"),
        (ROW.replace("0.5,1,0.5", "0.5,2,0.5"), "line 2: awake: “2” is neither 1 nor 0"),
        (ROW.replace("07:30,0.5", "07:30,3.5"), "line 2: sim_hours is 3.5, but 0.5 h have passed"),
        (ROW.replace("2026", "2025"), "line 2: 2025-01-05T07:30 UTC is not within start and end"),
        ("b" + ROW[1:], "line 2: no line of the sleeps is of the scenario “b”"),
        (ROW[:40] + "\n", "cells, the heading has 16"),
    ],
)
def test_a_fault_in_the_reference_is_named_with_its_line(
    tmp_path: Path, row: str, said: str
) -> None:
    assert said in faults_of(tmp_path, SLEEPS + NIGHT, REFERENCE + row)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    faults = Faults()
    read_histories(tmp_path / "none.csv", faults)
    assert "cannot be read" in "".join(faults)


def test_the_bench_prints_the_largest_difference_and_ends_by_it(tmp_path: Path) -> None:
    """Equal rows: 0. A value that differs by a millionth: 1, and named. A fault: 2."""
    (tmp_path / "sleeps.csv").write_text(SLEEPS + NIGHT)
    ended = []
    for row in (ROW, ROW.replace("7.8627269598", "7.8627279598"), "b" + ROW[1:]):
        (tmp_path / "ref.csv").write_text(REFERENCE + row)
        done = subprocess.run(
            [
                sys.executable,
                "bench/readiness.py",
                "--fatigue",
                tmp_path / "ref.csv",
                "--sleeps",
                tmp_path / "sleeps.csv",
                "--json",
                "--out",
                tmp_path / "rows.csv",
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        ended.append((done.returncode, json.loads(done.stdout) if done.stdout else {}))
    assert [code for code, _figure in ended] == [0, 1, 2]
    assert ended[0][1]["value"] < 1e-10
    assert ended[1][1]["value"] == pytest.approx(1e-6, rel=1e-3)
    assert ended[1][1]["where"]["column"] == "tpm_s"
    assert (tmp_path / "rows.csv").read_text().count("\n") == 2
