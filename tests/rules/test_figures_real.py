"""The ready maps against the real records, where HOMEBY_DATA says they lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from homeby.station.importing import loading, reading
from homeby.station.importing.durations import parse_due
from homeby.station.importing.records import facts
from homeby.station.replay.figures import Figures, figures

MISSIONS = Path(os.environ.get("HOMEBY_DATA", "/nowhere")) / "missions"

pytestmark = pytest.mark.skipif(
    not MISSIONS.is_dir(), reason="HOMEBY_DATA does not say where the real records lie"
)


def read(the_map: str, file: str) -> reading.Reading:
    return reading.read_all(MISSIONS / the_map / file, loading.load(path=Path(the_map)))


def test_a_week_of_san_francisco() -> None:
    found = read("sf-fire", "calls_2016-12.csv.gz")
    assert (found.rejects, found.repeats, found.problem) == ([], [], None)
    assert figures(found.missions, due_after=parse_due(text="out+90m")) == Figures(
        missions=7704,
        subjects=178,
        most_out=64,
        most_out_at="2017-01-03T18:23:39-08:00",
        still_out=5,
        sent_again_while_out=416,
        overdue=625,
        overdue_30_min=115,
        median_minutes=17.6,
        longest_minutes=267.5,
    )


@pytest.mark.parametrize(
    ("file", "missions", "rejects"),
    [("eva.csv.gz", 373, 2), ("eva-data.json.gz", 330, 45), ("additions.csv", 16, 0)],
)
def test_walks_in_three_shapes(file: str, missions: int, rejects: int) -> None:
    found = read("nasa-eva", file)
    assert (len(found.missions), len(found.rejects)) == (missions, rejects)
    assert (found.repeats, found.problem) == ([], None)


def test_the_json_of_walks_says_what_the_csv_says() -> None:
    csv = {one.key: one for one in read("nasa-eva", "eva.csv.gz").missions}
    differ = [
        one.key
        for one in read("nasa-eva", "eva-data.json.gz").missions
        if facts(one) != facts(csv[one.key])
    ]
    # the CSV writes the crews of these with one blank or a stroke between the names
    assert sorted(differ) == ["nasa-eva:217", "nasa-eva:218", "nasa-eva:219", "nasa-eva:64"]
