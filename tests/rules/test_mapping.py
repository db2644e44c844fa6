"""A map is checked before the first row is read: every slip gets a sentence with its place."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from homeby.station.importing import loading, mapping

GOOD = """
name = "log"
[missions]
zone = "Europe/Zurich"
[missions.key]
columns = ["No"]
[missions.subjects]
column = "Who"
[missions.out]
column = "Out"
formats = ["%d.%m.%Y %H:%M"]
[missions.back]
column = "Back"
formats = ["%d.%m.%Y %H:%M"]
"""


def understood(text: str) -> mapping.Mapping:
    return loading.understand(content=tomllib.loads(text), shown_as="log.toml")


def refused(text: str) -> str:
    with pytest.raises(loading.MapProblem) as problem:
        understood(text)
    return str(problem.value)


@pytest.mark.parametrize("name", loading.ready_maps())
def test_the_ready_maps_load_by_name_and_by_path(name: str) -> None:
    assert loading.load(path=Path(name)) == loading.load(path=loading.READY_MAPS / f"{name}.toml")
    assert loading.load(path=Path(f"{name}.toml")).name


def test_there_are_ready_maps_for_the_records_of_the_issue() -> None:
    assert {"sf-fire", "nasa-eva"} <= set(loading.ready_maps())


def test_a_good_map_is_understood() -> None:
    missions = understood(GOOD).missions
    assert missions is not None
    assert missions.key.columns[0].column == ("No",)
    assert missions.missing_back == "still_out"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("zone =", "zome =", "“missions.zome” is not a key of a map. Did you mean “zone”?"),
        ("[missions.back]", "[missions.bak]", "“missions.bak” is not a key of a map."),
        ('column = "Who"', 'colum = "Who"', "Did you mean “column”?"),
        ('column = "Who"\n', "", "“missions.subjects.column” is missing."),
        ("Europe/Zurich", "Europe/Zürich", "“Europe/Zürich” is not a time zone."),
        ("%d.%m.%Y %H:%M", "%d.%m.%Q", "this is not a date format"),
        ("%d.%m.%Y %H:%M", "day.month.year", "a date format has directives such as"),
        ("%d.%m.%Y %H:%M", "%d.%m.%Y", "has no time of day; say which"),
        ('formats = ["%d.%m.%Y %H:%M"]', "formats = []", "“missions.out.formats”:"),
        ('name = "log"', 'name = "My Log"', "“name”:"),
        ('name = "log"', 'name = "log"\nmissing_back = "x"', "“missing_back” is not a key"),
        (
            'zone = "Europe/Zurich"',
            'zone = "Europe/Zurich"\nmissing_back = "home"',
            "“missions.missing_back” must be 'still_out' or 'reject'.",
        ),
        (
            'zone = "Europe/Zurich"',
            'zone = "Europe/Zurich"\ndue_after = "+90"',
            "does not say when they are due",
        ),
        ('column = "Who"', "column = \"Who\"\npattern = '('", "this pattern does not compile"),
        ('column = "Who"', "column = 17", "“missions.subjects.column”:"),
    ],
)
def test_a_slip_in_a_map_gets_a_sentence(old: str, new: str, says: str) -> None:
    assert old in GOOD
    assert says in refused(GOOD.replace(old, new))


@pytest.mark.parametrize(
    ("added", "says"),
    [
        ('[file]\nencoding = "utf-99"', "nobody knows this encoding"),
        ('[file]\nencoding = "utf-16"', "cannot be read line by line"),
        ('[file]\nencoding = "rot13"', "cannot be read line by line"),
        ('[file]\ndelimiter = ";;"', "“file.delimiter”:"),
        ('[file]\nkind = "xlsx"', "“file.kind” must be 'auto', 'csv', 'json' or 'jsonl'."),
        (
            "[[normalise]]\ncolumn='Out'\npattern='a'\nreplacement='\\2'",
            "this replacement does not fit",
        ),
        (
            '[people]\nname = "N"\nkey = {columns = ["N"]}',
            "one of [missions], [people] and [records]",
        ),
    ],
)
def test_a_slip_beside_the_missions_gets_a_sentence(added: str, says: str) -> None:
    assert says in refused(GOOD + added)


def test_a_map_must_know_how_they_came_back() -> None:
    without = GOOD[: GOOD.index("[missions.back]")]
    assert "say [missions.back] or [missions.duration]" in refused(without)


def test_a_map_of_nothing_says_what_it_needs() -> None:
    assert "“name” is missing." in refused("")
    assert "one of [missions], [people] and [records]" in refused('name = "x"')


def test_roles_and_channels_are_said_in_the_organisations_words() -> None:
    people = understood(
        """
        name = "m"
        [people]
        name = "Name"
        key = { columns = "Name" }
        roles = { column = "Role", values = { "Leiterin" = "leader", "Pikett" = "duty officer" } }
        channels = [{ channel = "email", column = "Mail" }]
        """
    ).people
    assert people is not None
    assert people.roles is not None
    assert {role.value for role in people.roles.values.values()} == {"LEADER", "DUTY_OFFICER"}
    assert "must be 'MEMBER'" in refused(
        'name="m"\n[people]\nname="N"\nkey={columns="N"}\nroles={column="R",values={A="boss"}}'
    )
    assert "for missions" in refused('name="m"\n[people]\nname="N"\nkey={columns="@out"}')


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name = ", "This is not TOML"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"#" * 1_000_001, "too long for a map"),
    ],
)
def test_a_file_that_is_no_map_gets_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(content)
    with pytest.raises(loading.MapProblem) as problem:
        loading.load(path=path)
    assert says in str(problem.value)


@pytest.mark.parametrize("path", ["nowhere.toml", "."])
def test_a_map_that_cannot_be_read_names_the_ready_ones(path: str) -> None:
    with pytest.raises(loading.MapProblem, match=r"cannot be read: .* Ready maps: .*sf-fire"):
        loading.load(path=Path(path))


def test_every_key_of_a_map_is_in_the_guide() -> None:
    guide = Path(__file__).parents[2] / "docs" / "guide" / "importing.md"
    text = guide.read_text()
    parts: list[Any] = [part for part in vars(mapping).values() if isinstance(part, type)]
    keys = {key for part in parts for key in getattr(part, "model_fields", {})}
    assert [key for key in sorted(keys) if not re.search(rf"[`\[]{key}[`\]]", text)] == []
