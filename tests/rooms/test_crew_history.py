"""`homeby crew-history`: the real list of astronauts, and what is wrong in it, line by line."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from homeby.cli import app
from homeby.comms.models import Message
from homeby.missions.models import Mission, PartyMember
from homeby.people.models import Person
from homeby.readiness.models import PartyPosition
from homeby.station.crews import command
from homeby.station.crews.seats import NUMBERS, TEXTS, spelled
from tests import imports

HEADER = ",".join((*TEXTS, *NUMBERS))


#: What docs/reference/crew-history.md says of each.
REAL_DEFECTS = Counter(
    TOTAL_HOURS=170,
    SPELLING=45,
    ROLE_CASE=16,
    YEAR_DIFFERS=16,
    TOTAL_OUTSIDE=10,
    ZERO_HOURS=6,
    EMPTY=3,
    BEFORE_SELECTION=2,
    TOTAL_MISSIONS=2,
    TWO_UNDER_ONE_NUMBER=2,
    OUTSIDE_TOO_LONG=1,
    TWO_OF_ONE_NAME=1,
)
REAL_MISSIONS = 397


def seat(number: int = 1, name: str = "Ann", *, line: str = "", **other: object) -> str:
    """One row: somebody on one mission of ten hours."""
    cells: dict[str, object] = dict.fromkeys(NUMBERS, 0) | {
        "id": f"{number}-{name}-{line}",
        "name": name,
        "nationality": "U.S.",
        "occupation": "pilot",
        "mission_title": "Apollo 9",
        "ascend_shuttle": "Apollo 9",
        "descend_shuttle": "Apollo 9",
        "number": number,
        "mission_number": 1,
        "total_number_of_missions": 1,
        "year_of_selection": 1960,
        "year_of_mission": 1969,
        "hours_mission": 10,
        "total_hrs_sum": 10,
    }
    return ",".join(str({**cells, **other}[name]) for name in (*TEXTS, *NUMBERS))


def crews(folder: Path, *rows: str) -> Path:
    path = folder / "crews.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def take(path: Path, *, dry_run: bool = False) -> tuple[int, list[str], Counter[str]]:
    """The exit code, what was said, and how often each rule found something."""
    said: list[str] = []
    listed = path.parent / "defects.csv"
    code = command.run(path, dry_run=dry_run, listed=listed, now=imports.NOW, say=said.append)
    rows = list(csv.DictReader(listed.open(encoding="utf-8"))) if listed.exists() else []
    return code, said, Counter(row["rule"] for row in rows)


@pytest.mark.django_db
@pytest.mark.once  # as all real records
@pytest.mark.timeout(240)
def test_the_real_list_of_astronauts(real_records: Path, tmp_path: Path) -> None:
    source = real_records / "missions" / "astronauts" / "astronauts.csv.gz"
    path = tmp_path / source.name
    path.write_bytes(source.read_bytes())
    code, said, found = take(path)
    assert code == 0, said
    assert found == REAL_DEFECTS
    assert Person.objects.count() == 565, "two of one name, and two under one number"
    assert PartyMember.objects.count() == PartyPosition.objects.count() == 1277
    assert Mission.objects.count() == REAL_MISSIONS
    glenn = PartyPosition.objects.filter(person__name="Glenn, John H., Jr.").order_by("done_date")
    assert [(one.qualification.key, one.hours) for one in glenn] == [
        ("CREW-PILOT", 5),
        ("CREW-PAYLOAD-SPECIALIST", 213),
    ]
    assert Message.objects.count() == 0
    code, said, _found = take(path)
    assert code == 0
    assert [one for one in said if "added" in one] == [
        f"missions of the past: added 0, already there {REAL_MISSIONS}, rejected 0",
        "seats: added 0, already there 1,277, rejected 0",
    ]
    imports.assert_replayable()


@pytest.mark.parametrize(
    ("rows", "rule", "sentence"),
    [
        ([seat(hours_mission=0, total_hrs_sum=0)], "ZERO_HOURS", "a mission of zero hours"),
        ([seat(eva_hrs_mission=11, total_eva_hrs=11)], "OUTSIDE_TOO_LONG", "11 h outside"),
        ([seat(year_of_selection=1970)], "BEFORE_SELECTION", "before the selection in 1970"),
        ([seat(occupation="Pilot")], "ROLE_CASE", "“Pilot” is written with other capitals"),
        ([seat(occupation="cook")], "ROLE_UNKNOWN", "“cook” is not known"),
        ([seat(total_hrs_sum=12)], "TOTAL_HOURS", "total_hrs_sum says 12, the rows add up to 10"),
        ([seat(total_number_of_missions=2)], "TOTAL_MISSIONS", "the rows add up to 1"),
        ([seat(total_eva_hrs=2)], "TOTAL_OUTSIDE", "the rows add up to 0"),
        ([seat(descend_shuttle="")], "EMPTY", "descend_shuttle is empty"),
        ([seat(), seat(1, "Bo")], "TWO_UNDER_ONE_NUMBER", "number 1 is “Ann” in line 2"),
        ([seat(), seat(2, "ann")], "TWO_OF_ONE_NAME", "“ann” is another person in line 2"),
        ([seat(), seat(2, "Bo"), seat(3, "Cy", mission_title="apollo-9")], "SPELLING",
         "“apollo-9” is “Apollo 9” in other rows"),
        ([seat(), seat(2, "Bo"), seat(3, "Cy", year_of_mission=1968)], "YEAR_DIFFERS",
         "of 1968 here and of 1969 in 2 other rows"),
        ([seat(), seat(2, "Bo", hours_mission="ten")], "NUMBER", "“ten”, which is no number"),
        ([seat(), seat(2, "")], "NUMBER", "it names nobody"),
        ([seat(), "1,2"], "ROW", "the row has 2 columns"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_each_defect_is_listed_with_its_line(
    tmp_path: Path, rows: list[str], rule: str, sentence: str
) -> None:
    path = crews(tmp_path, *rows)
    code, _said, found = take(path, dry_run=True)
    assert found == {rule: 1}
    text = (tmp_path / "defects.csv").read_text(encoding="utf-8").replace('""', '"')
    assert f"{len(rows) + 1},{rule}," in text
    assert sentence in text
    assert code == (1 if rule in ("NUMBER", "ROW") else 0)
    assert Mission.objects.count() == 0


@pytest.mark.django_db
def test_what_can_be_used_is_taken_and_a_role_nobody_knows_gives_no_position(
    tmp_path: Path,
) -> None:
    path = crews(tmp_path, seat(), seat(2, "Bo", occupation="cook", line="x"), "1,2")
    code, said, _found = take(path)
    assert code == 1
    assert "missions of the past: added 1, already there 0, rejected 0" in said
    assert PartyMember.objects.count() == 2
    assert PartyPosition.objects.count() == 1


def test_another_file_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    code, said, _found = take(path)
    assert code == 2
    assert "lacks the column “number”" in said[0]
    assert said[1] == "Nothing was imported."


def test_the_command_is_there() -> None:
    assert "--defects" in CliRunner().invoke(app, ["crew-history", "--help"]).output
    assert spelled("STS\u00ad 91") == spelled("sts-91")
