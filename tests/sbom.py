"""`make sbom`: what a station consists of, as a CycloneDX document (docs/reference/sbom.cdx.json).

Made from requirements/run.txt (names, versions, hashes, who needs whom), from the metadata of the
installed libraries (licences) and from the scripts of others that we ship (folders named `vendor`).
The same sources give the same bytes: no time and no random number stands in it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

from homeby import clock

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docs/reference/sbom.cdx.json"
STATIC = ROOT / "homeby/web/static"
LINE = re.compile(r"(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)(?:\s*;\s*(?P<marker>[^\\]+))?")
_SPACE = uuid.UUID("6f0c3a52-0d4b-5f3e-9a53-7d3b2c1e9f10")
#: Whose metadata say nothing; read in the sources of that library.
_SAID_IN_ITS_SOURCES = {"colorama": "BSD-3-Clause", "pyrage": "MIT", "pysqlite3": "Zlib"}
_MOST_LICENCE = 60  # longer is the licence's own text, not its name


#: `make lock ARGS=--upgrade` writes on which day the libraries were compared with their newest.
LOOKED = ROOT / "requirements/looked.toml"
#: At most so many days lie between one comparing and the next (CONTRIBUTING.md, Libraries).
LOOKED_DAYS_MOST = 30
#: So soon a library with a known weakness is replaced, in days, by how grave it is.
MENDED_DAYS = {"used already": 2, "grave": 7, "moderate": 30}


def looked_on() -> dt.date:
    """The day on which the libraries were last compared with their newest versions."""
    found = tomllib.loads(LOOKED.read_text(encoding="utf-8"))["looked"]
    assert isinstance(found, dt.date)
    return found


def age(*, looked: dt.date, today: dt.date) -> tuple[str, bool]:
    """Whether the libraries are compared often enough: a sentence, and True where they are not."""
    days = (today - looked).days
    said = f"The libraries were compared with their newest versions on {looked}, {days} days ago"
    if days <= LOOKED_DAYS_MOST:
        return f"{said}; at most {LOOKED_DAYS_MOST} may be between.", False
    return f"{said}, which is too long (at most {LOOKED_DAYS_MOST}): make lock ARGS=--upgrade", True


def age_today() -> tuple[str, bool]:
    """The same for today, by the clock of this machine."""
    return age(looked=looked_on(), today=clock.real_now().date())


def purl(name: str, version: str) -> str:
    """How the library is called everywhere (package URL)."""
    return f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{version}"


def read(text: str) -> list[dict[str, Any]]:
    """The pinned libraries of a requirements file: name, version, marker, hashes, needed_by."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        pinned = LINE.match(line)
        if pinned:
            marker = (pinned["marker"] or "").strip()
            found.append(
                {
                    "name": pinned["name"],
                    "version": pinned["version"],
                    "marker": marker,
                    "hashes": [],
                    "needed_by": [],
                }
            )
        elif "--hash=sha256:" in line:
            found[-1]["hashes"].append(line.split("--hash=sha256:")[1].split()[0])
        elif line.startswith("    #"):
            name = line.strip("# ").removeprefix("via").strip()
            found[-1]["needed_by"] += [name.split()[0].split("[")[0]] if name else []
    return found


def licences(name: str, kept: dict[str, Any]) -> list[dict[str, Any]]:
    """By what licence it may be used: what its own metadata say; what was `kept` of it where it is
    not installed here, for it belongs to another platform."""
    if name in _SAID_IN_ITS_SOURCES:
        return [{"expression": _SAID_IN_ITS_SOURCES[name]}]
    try:
        told = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return list(kept.get("licenses", []))
    expression = told.get("license_expression")
    if expression:
        return [{"expression": expression}]
    classes = [
        line.rpartition(" :: ")[2]
        for line in told.get("classifier", [])
        if line.startswith("License ::") and not line.endswith("OSI Approved")
    ]
    short = str(told.get("license") or "").strip()
    names = classes or ([short] if short and len(short) <= _MOST_LICENCE else [])
    return [{"license": {"name": one}} for one in sorted(set(names))]


#: What stands beside bundled files: of which packages they were made, how, and their hashes.
BUNDLED = "manifest.json"


def _bundled(folder: Path) -> dict[str, Any]:
    there = folder / BUNDLED
    found: dict[str, Any] = json.loads(there.read_text(encoding="utf-8")) if there.exists() else {}
    return found


def scripts(folder: Path) -> list[dict[str, Any]]:
    """The files of others that pages load: what lies in a folder named `vendor`."""
    found = []
    for path in sorted(folder.rglob("*")):
        beside = path.name == BUNDLED or path.name.endswith(".LICENSE.txt")
        if path.is_file() and "vendor" in path.relative_to(folder).parts and not beside:
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            licences = _bundled(path.parent).get(path.name, {}).get("licences", [])
            found.append(
                {
                    "type": "file",
                    "bom-ref": f"file:{path.relative_to(folder).as_posix()}",
                    "name": path.relative_to(folder).as_posix(),
                    "hashes": [{"alg": "SHA-256", "content": digest}],
                    "licenses": [{"license": {"id": one}} for one in licences],
                }
            )
    return found


def made(*, requirements: str, project: dict[str, Any], kept: dict[str, Any]) -> dict[str, Any]:
    """The whole document. `kept` is the one before, for licences that cannot be read here."""
    libraries = read(requirements)
    before = {one["bom-ref"]: one for one in kept.get("components", [])}
    by_name = {one["name"]: purl(one["name"], one["version"]) for one in libraries}
    own = purl(project["name"], project["version"])
    components = [_component(one, before) for one in libraries] + scripts(STATIC)
    needs: dict[str, list[str]] = {own: [], **{ref: [] for ref in by_name.values()}}
    for one in libraries:
        for user in one["needed_by"]:
            needs[by_name.get(user, own)].append(by_name[one["name"]])
    found = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "name": project["name"],
                "version": project["version"],
                "purl": own,
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": components,
        "dependencies": [{"ref": ref, "dependsOn": sorted(on)} for ref, on in needs.items()],
    }
    serial = uuid.uuid5(_SPACE, json.dumps(found, sort_keys=True))
    return {"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", **found,
            "serialNumber": f"urn:uuid:{serial}"}  # fmt: skip


def _component(one: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    ref = purl(one["name"], one["version"])
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": ref,
        "name": one["name"],
        "version": one["version"],
        "purl": ref,
        "hashes": [{"alg": "SHA-256", "content": digest} for digest in one["hashes"]],
    }
    told = licences(one["name"], before.get(ref, {}))
    found |= {"licenses": told} if told else {}
    if one["marker"]:
        found["properties"] = [{"name": "homeby:only-where", "value": one["marker"]}]
    return found


def text() -> str:
    """The document as it should stand in the repository now."""
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    found = made(
        requirements=(ROOT / "requirements/run.txt").read_text(encoding="utf-8"),
        project=tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"],
        kept=kept,
    )
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    """Write the document, with --check compare it, with --age say whether the pins are looked
    through often enough."""
    words = argparse.ArgumentParser(prog="make sbom")
    words.add_argument("--check", action="store_true", help="only compare, change nothing")
    words.add_argument("--age", action="store_true", help="say when the libraries were compared")
    given = words.parse_args()
    if given.age:
        said, is_over = age_today()
        print(said)
        return 1 if is_over else 0
    if not given.check:
        FILE.write_text(text(), encoding="utf-8")
        print(f"{FILE.relative_to(ROOT)} is written.")
        return 0
    same = FILE.exists() and FILE.read_text(encoding="utf-8") == text()
    print("The SBOM is in step." if same else "The SBOM is out of step: make sbom")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
