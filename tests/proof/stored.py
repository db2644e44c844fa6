"""The results of the suites as they are kept in docs/reference/proof: a file a suite, each with the
day, the commit and the class of machine it ran on, and no machine's name."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

from homeby.sqlite import library
from tests import pgplugin

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "reference" / "proof"
PAGE = ROOT / "docs" / "reference" / "proof.md"
#: In the order of the page. `make core` writes "core" and "mutation".
SUITES = (
    "kills",
    "simulator",
    "powercut",
    "any_order",
    "planted",
    "zones",
    "clocks",
    "core",
    "mutation",
    "bench",
    "gate",
)


def read(folder: Path = FOLDER) -> dict[str, dict[str, Any]]:
    """What was run, by the name of the suite."""
    files = {name: folder / f"{name}.json" for name in SUITES}
    return {
        name: json.loads(path.read_text(encoding="utf-8"))
        for name, path in files.items()
        if path.exists()
    }


def write(name: str, result: dict[str, Any], *, form: str, ran: str) -> None:
    """Keep the result of a suite in place of the last one; `ran` is the state of the sources when
    it began."""
    FOLDER.mkdir(exist_ok=True)
    write_file(FOLDER / f"{name}.json", result, form=form, ran=ran)


def replace(name: str, result: dict[str, Any]) -> None:
    """Keep a result with something added; when and on what the rest of it ran stays."""
    path = FOLDER / f"{name}.json"
    kept = json.loads(path.read_text(encoding="utf-8")) | {"result": result}
    _write(path, kept)


def write_file(path: Path, result: dict[str, Any], *, form: str = "", ran: str) -> None:
    """A result with the day, the state of the sources and the class of machine, whole or not."""
    kept = {"date": today(), "commit": ran, "form": form, "machine": machine()}
    _write(path, kept | {"result": result})


def _write(path: Path, kept: dict[str, Any]) -> None:
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def today() -> str:
    """The day of a run."""
    return dt.datetime.now(dt.UTC).date().isoformat()


def commit() -> str:
    """Which state of the sources ran; with a plus when something in them was not committed."""
    how: dict[str, Any] = {"cwd": ROOT, "capture_output": True, "text": True, "check": False}
    found = subprocess.run(["git", "rev-parse", "--short=12", "HEAD"], **how).stdout.strip()
    kept = [":!docs/reference"]
    changed = subprocess.run(["git", "status", "--porcelain", "--", ".", *kept], **how).stdout
    return (found + ("+" if changed.strip() else "")) if found else "unknown"


def machine() -> dict[str, str]:
    """What kind of machine this is; nothing that names it."""
    return {
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
        "sqlite": _sqlite(),
        "postgresql": _postgresql(),
    }


def _sqlite() -> str:
    return ".".join(str(part) for part in library.version)


def _postgresql() -> str:
    try:
        program = pgplugin.find_programs().folder / "postgres"
    except pgplugin.Absent:
        return "absent"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return said.stdout.strip().split(" ")[-1] or "unknown"
