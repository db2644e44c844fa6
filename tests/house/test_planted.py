"""The command that applies planted breaks tells caught, not caught and stale apart."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.planted import __main__ as planted
from tests.proof import stored

PATCH = """\
{head}
# The hour is doubled.
--- a/house.py
+++ b/house.py
@@ -1,2 +1,2 @@
 def minutes(hours):
-    return {was} * hours
+    return 120 * hours
"""


@pytest.fixture
def small_tree(tmp_path: Path) -> Path:
    tree = tmp_path / "small"
    (tree / "tests").mkdir(parents=True)
    (tree / "house.py").write_text("def minutes(hours):\n    return 60 * hours\n", encoding="utf-8")
    (tree / "pytest.ini").write_text("[pytest]\npythonpath = .\naddopts = -p no:django\n")
    (tree / "tests/test_house.py").write_text(
        "from house import minutes\n\ndef test_hour():\n    assert minutes(1) == 60\n\n"
        "def test_nothing():\n    assert minutes(0) == 0\n\ndef test_wrong():\n    assert False\n"
    )
    return tree


def a_patch(folder: Path, *, test: str, was: int = 60) -> Path:
    path = folder / "break.patch"
    path.write_text(PATCH.format(head=f"# test: {test}", was=was), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("test", "was", "told"),
    [
        ("tests/test_house.py::test_hour", 60, "caught"),
        ("tests/test_house.py::test_nothing", 60, "NOT CAUGHT"),
        ("tests/test_house.py::test_hour", 61, "THE PATCH DOES NOT APPLY"),
        ("tests/test_house.py::test_wrong", 60, "THE TESTS FAIL WITHOUT ANY BREAK"),
        ("tests/test_house.py::test_absent", 60, "THE TESTS FAIL WITHOUT ANY BREAK"),
        ("house.py", 60, "break.patch: the first line must be"),
    ],
)
def test_each_verdict(small_tree: Path, tmp_path: Path, test: str, was: int, told: str) -> None:
    rows = planted.judge(small_tree, [a_patch(tmp_path, test=test, was=was)])
    assert [row[1][: len(told)] for row in rows] == [told]
    kept = (small_tree / "house.py").read_text(encoding="utf-8")
    assert kept.endswith("return 60 * hours\n")


def test_one_test_that_fails_by_itself_holds_up_no_other(small_tree: Path, tmp_path: Path) -> None:
    well = a_patch(tmp_path, test="tests/test_house.py::test_hour")
    text = well.read_text(encoding="utf-8")
    wrong = well.with_name("wrong.patch")
    wrong.write_text(text.replace("::test_hour", "::test_wrong"), encoding="utf-8")
    rows = planted.judge(small_tree, [wrong, well])
    assert [row[0] for row in rows] == ["(untouched copy)", "break.patch"]
    assert rows[1][1] == "caught"


def test_it_goes_on_where_it_was_interrupted(
    small_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was never tried comes first, then what another commit caught; nothing is lost."""
    first = a_patch(tmp_path, test="tests/test_house.py::test_hour")
    second = first.with_name("another.patch")
    second.write_text(first.read_text(encoding="utf-8"), encoding="utf-8")
    names, paths, out = [first.name, second.name], [second, first], tmp_path / "out.json"
    for commit, left in (("a", [second, first]), ("a", [first]), ("b", [second, first])):
        monkeypatch.setattr(stored, "commit", lambda commit=commit: commit)
        kept = planted.Kept(out, names)
        rest = kept.rest(paths)
        assert rest == left
        planted.judge(small_tree, rest[:1], kept.keep)
        assert not planted.judge(small_tree, rest, minutes=0)
    whole = planted.Kept(out, names)
    assert {name: row["commit"] for name, row in whole.rows.items()} == {
        first.name: "a",
        second.name: "b",
    }


def test_every_break_of_ours_names_a_test_that_exists() -> None:
    for path in planted.FOLDER.glob("*.patch"):
        one = planted.read(path)
        assert isinstance(one, planted.Break), one
        assert one.what, f"{path.name}: the second line says in a sentence what is broken"
        file, _, name = one.test.partition("::")
        text = (planted.ROOT / file).read_text(encoding="utf-8")
        assert not name or f"def {name.rpartition('::')[2].partition('[')[0]}(" in text


def test_every_break_of_ours_still_applies() -> None:
    """A patch that has gone stale breaks nothing, and nobody would notice before `make planted`."""
    if not (planted.ROOT / ".git").exists():
        return  # a copy of the sources, as `make planted` makes it, is broken on purpose already
    for path in planted.FOLDER.glob("*.patch"):
        tried = subprocess.run(
            ["git", "apply", "--check", path], cwd=planted.ROOT, capture_output=True, text=True
        )
        assert tried.returncode == 0, f"{path.name} does not apply any more:\n{tried.stderr}"


def test_every_listed_failure_has_its_patch() -> None:
    listed = planted.listed()
    assert len(listed) >= 15
    for what, names in listed.items():
        assert names, f"listed.toml: {what} names no patch"
        for name in names:
            assert (planted.FOLDER / f"{name}.patch").exists(), f"listed.toml: there is no {name}"


def test_a_listed_failure_is_caught_when_all_its_patches_are() -> None:
    every = {f"{name}.patch" for names in planted.listed().values() for name in names}
    assert all("caught" in line for line in planted.listed_lines(every))
    fewer = every - {"later-instant-of-two.patch"}
    (line,) = [line for line in planted.listed_lines(fewer) if "NOT" in line]
    assert "local time by addition" in line
