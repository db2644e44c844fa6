"""What the processes of a station load, and no more: memory is what a small machine lacks."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

from homeby.database import steps

_LOADED = """
import json, sys
{what}
from homeby import sentences
from homeby.output import route_of
from django.utils import translation
with translation.override("de"):
    said = sentences.gettext("Write a name for the console line.")
print(json.dumps([said, route_of("/board/"), sorted({{*sys.modules}})]))
"""


def _after(what: str) -> Any:
    done = subprocess.run([sys.executable, "-c", what], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _tops(modules: list[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


def test_the_supervisor_holds_nothing_that_could_break_it() -> None:
    modules = _after(
        "import json, sys, homeby.station.supervisor; print(json.dumps(sorted({*sys.modules})))"
    )
    assert not _tops(modules) & {"django", "pydantic", "typer", "rich", "sqlite3", "psycopg"}
    ours = {name for name in modules if name.startswith("homeby.")}
    below = {"clock", "steady", "output", "station"}
    assert {name.split(".")[1] for name in ours} == below


@pytest.mark.parametrize(
    ("ready", "parts"),
    [("part.ready()", ("keeping", "auditing")), ("part.ready(with_duties=True)", ("partner",))],
)
def test_a_part_of_the_station_holds_no_pages_and_speaks_all_languages(
    ready: str, parts: tuple[str, ...]
) -> None:
    what = "\n".join(
        [
            "from homeby.station import part",
            ready,
            *(f"from homeby.station import {one}" for one in parts),
        ]
    )
    said, route, modules = _after(_LOADED.format(what=what))
    assert said != "Write a name for the console line."
    assert route == "/…"
    assert not _tops(modules) & {"allauth", "typer", "rich", "ninja", "requests", "segno"}
    assert not [name for name in modules if name.startswith(("homeby.web", "homeby.urls"))]


def test_the_steps_on_the_disk_are_those_that_django_knows() -> None:
    known = MigrationLoader(None).disk_migrations
    assert steps.on_disk(settings.APPLICATIONS) == {
        name: tuple(migration.replaces) for name, migration in known.items()
    }


def test_a_squashed_step_names_what_it_replaces(tmp_path, monkeypatch) -> None:
    folder = tmp_path / "room_of_tests" / "migrations"
    folder.mkdir(parents=True)
    for name in ("__init__", "0001_one", "0002_two", "_helper"):
        (folder / f"{name}.py").write_text("class Migration:\n    pass\n")
    replaces = [("room_of_tests", "0001_one"), ("room_of_tests", "0002_two")]
    text = f"class Migration:\n    replaces = {replaces!r}\n"
    (folder / "0003_squashed.py").write_text(text)
    (folder.parent / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert steps.on_disk(["room_of_tests"]) == {
        ("room_of_tests", "0001_one"): (),
        ("room_of_tests", "0002_two"): (),
        ("room_of_tests", "0003_squashed"): tuple(replaces),
    }
