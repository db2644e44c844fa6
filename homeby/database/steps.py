"""The steps of tables (migrations) that this program knows, read from the disk without running any.

Each process asks for them at its start, and some look again now and then. To import them all, as
Django's own loader does, would cost each some megabytes for good, and needs every application.
"""

from __future__ import annotations

import ast
import pkgutil
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

Name = tuple[str, str]


def on_disk(applications: Collection[str]) -> dict[Name, tuple[Name, ...]]:
    """The steps of these applications, each with those that it replaces."""
    found: dict[Name, tuple[Name, ...]] = {}
    for application in applications:
        folder = _folder(application)
        label = application.rpartition(".")[2]
        for _finder, name, is_package in pkgutil.iter_modules([str(folder)]):
            if not is_package and name[0] not in "_~":
                found[label, name] = _replaced(folder / f"{name}.py")
    return found


def _folder(application: str) -> Path:
    """Where its steps lie. Only where its topmost package lies is asked, which imports nothing."""
    top, *inner = application.split(".")
    spec = find_spec(top)
    assert spec is not None, f"{application} is installed"
    assert spec.submodule_search_locations, f"{application} lies in a package"
    return Path(spec.submodule_search_locations[0]).joinpath(*inner, "migrations")


def _replaced(file: Path) -> tuple[Name, ...]:
    text = file.read_text(encoding="utf-8")
    if "replaces" not in text:
        return ()
    for line in ast.walk(ast.parse(text)):
        if isinstance(line, ast.Assign) and _is_named(line, "replaces"):
            return tuple((label, name) for label, name in ast.literal_eval(line.value))
    return ()


def _is_named(line: ast.Assign, name: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == name for one in line.targets)
