"""The list of what a station consists of is in step with the pins, and is what CycloneDX 1.6 asks
for. Its schema is not fetched here: the rules of it that concern us are written down below."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from pathlib import Path

import pytest

from tests import sbom

FOUND = json.loads(sbom.FILE.read_text(encoding="utf-8"))
PINS = (sbom.ROOT / "requirements/run.txt").read_text(encoding="utf-8")


def test_it_is_in_step_with_what_is_pinned() -> None:
    assert sbom.FILE.read_text(encoding="utf-8") == sbom.text(), "make sbom"


def test_every_pin_and_every_hash_is_in_it_once() -> None:
    listed = [(one["name"], one["version"]) for one in FOUND["components"] if "version" in one]
    pinned = re.findall(r"(?m)^([A-Za-z0-9._-]+)==([^\s;\\]+)", PINS)
    assert listed == pinned
    assert len(pinned) > 30
    hashes = [one["content"] for part in FOUND["components"] for one in part["hashes"]]
    assert set(re.findall(r"sha256:([0-9a-f]{64})", PINS)) <= set(hashes)


def test_it_is_what_the_format_asks_for() -> None:
    assert (FOUND["bomFormat"], FOUND["specVersion"], FOUND["version"]) == ("CycloneDX", "1.6", 1)
    uuid = r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    assert re.fullmatch(uuid, FOUND["serialNumber"])
    assert set(FOUND) <= {"$schema", "bomFormat", "specVersion", "serialNumber", "version",
                          "metadata", "components", "dependencies"}  # fmt: skip
    own = FOUND["metadata"]["component"]
    refs = [own["bom-ref"], *(one["bom-ref"] for one in FOUND["components"])]
    assert len(refs) == len(set(refs))
    for one in [own, *FOUND["components"]]:
        assert one["type"] in ("application", "library", "file")
        assert one["name"]
        for digest in one.get("hashes", []):
            assert digest["alg"] == "SHA-256"
            assert re.fullmatch(r"[0-9a-f]{64}", digest["content"])
        for told in one.get("licenses", []):
            assert set(told) in ({"expression"}, {"license"})
        if "expression" in str(one.get("licenses", "")):
            assert len(one["licenses"]) == 1, "an expression stands alone"
    assert {one["ref"] for one in FOUND["dependencies"]} <= set(refs)
    for one in FOUND["dependencies"]:
        assert set(one["dependsOn"]) <= set(refs)
        assert len(one["dependsOn"]) == len(set(one["dependsOn"]))


def test_every_library_has_a_licence_and_somebody_who_needs_it() -> None:
    without = [one["name"] for one in FOUND["components"] if not one.get("licenses")]
    assert without == []
    needed = {ref for one in FOUND["dependencies"] for ref in one["dependsOn"]}
    libraries = {one["bom-ref"] for one in FOUND["components"] if one["type"] == "library"}
    assert libraries <= needed


def test_a_script_of_others_is_listed_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "js/vendor").mkdir(parents=True)
    (tmp_path / "js/own.js").write_text("1")
    (tmp_path / "js/vendor/theirs.js").write_text("1")
    (one,) = sbom.scripts(tmp_path)
    assert one["name"] == "js/vendor/theirs.js"
    assert one["hashes"][0]["content"].startswith("6b86b273ff34fce1")


def test_a_script_of_others_lies_in_a_folder_named_vendor() -> None:
    """Ours is written by hand, line by line; what was bundled or bears a banner is not."""
    for path in sbom.STATIC.rglob("*.js"):
        if "vendor" not in path.parts:
            text = path.read_text(encoding="utf-8")
            assert max(map(len, text.splitlines())) < 400, path
            assert not re.search(r"/\*!|@license|sourceMappingURL", text), path


def test_what_is_bundled_is_what_its_manifest_says() -> None:
    folder = sbom.STATIC / "homeby/vendor"
    told = json.loads((folder / sbom.BUNDLED).read_text(encoding="utf-8"))
    there = {one.name for one in folder.iterdir()} - {sbom.BUNDLED}
    assert there == {*told, *(one["licence_text"] for one in told.values())}
    for name, one in told.items():
        content = (folder / name).read_bytes()
        assert (one["bytes"], one["sha256"]) == (
            len(content), hashlib.sha256(content).hexdigest(),
        ), name  # fmt: skip
        texts = (folder / one["licence_text"]).read_text(encoding="utf-8")
        assert all(f"== {package}\n" in texts for package in one["packages"])
        assert "age-encryption" in one["packages"]


def test_the_libraries_are_compared_within_the_time_that_is_written_down() -> None:
    """The pins themselves are held to it before each release (`python -m tests.releases`)."""
    assert sbom.looked_on() >= dt.date(2026, 11, 22)
    looked = dt.date(2026, 11, 22)
    for days, is_over in ((0, False), (30, False), (31, True)):
        said, over = sbom.age(looked=looked, today=looked + dt.timedelta(days=days))
        assert over is is_over
        assert f"{days} days ago" in said
    assert ("make lock" in sbom.age(looked=looked, today=dt.date(2027, 1, 1))[0]) is True


def test_how_soon_a_library_is_mended_is_written_down() -> None:
    text = (sbom.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = text.partition("## Libraries\n")[2].partition("\n## ")[0]
    written = dict(re.findall(r"(?m)^\| ([\w ]+?)(?:[:,][^|]*)? \| (\d+) days \|", part))
    assert {name: int(days) for name, days in written.items()} == sbom.MENDED_DAYS
    assert f"{sbom.LOOKED_DAYS_MOST} days" in part.replace("\n", " ")


@pytest.mark.parametrize("change", ["django==5.2.19", "sha256:a5bcffb52081"])
def test_a_pin_that_moves_is_noticed(change: str) -> None:
    assert change in PINS
    moved = PINS.replace(change, change[:-1] + ("0" if change[-1] != "0" else "9"))
    project = {"name": "homeby", "version": "0", "license": "Apache-2.0"}
    was, now = (sbom.made(requirements=one, project=project, kept=FOUND) for one in (PINS, moved))
    assert was["components"] != now["components"]
    assert was["serialNumber"] != now["serialNumber"]
