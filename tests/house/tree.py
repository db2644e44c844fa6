"""The source tree as the house tests read it: files, their syntax, and names by their full path."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

#: Floors 0 to 6, lowest first. Each has the four files as soon as it has any code.
ROOMS = ("logbook", "people", "comms", "watch", "missions", "readiness", "welfare")


@dataclass(frozen=True, kw_only=True)
class Source:
    """One Python file: where it lies (relative, with slashes) and what stands in it."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, filename=self.path)


def files(*folders: str, suffix: str = ".py") -> list[Path]:
    """Our own files below these folders; nothing fetched, generated or vendored."""
    found = [path for folder in folders for path in (ROOT / folder).rglob(f"*{suffix}")]
    own = [path for path in found if not {"vendor", "__pycache__"} & set(path.parts)]
    return sorted(path for path in own if ".min." not in path.name)


def sources(*folders: str) -> Iterator[Source]:
    """The Python files below these folders, without migrations (Django writes them)."""
    for path in files(*folders):
        if "migrations" not in path.parts:
            relative = path.relative_to(ROOT).as_posix()
            yield Source(path=relative, text=path.read_text(encoding="utf-8"))


def imported_names(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for, such as `{"dt": "datetime"}`."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node: ast.expr, names: dict[str, str]) -> str:
    """The full path of `a.b.c`, its first name replaced by what was imported; "" if it is none."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        head = dotted(node.value, names)
        return f"{head}.{node.attr}" if head else ""
    return ""


def nothing(sentences: list[str]) -> None:
    """Fail with all the sentences, one a line, when there are any."""
    assert not sentences, "\n" + "\n".join(sentences)


@dataclass(frozen=True, kw_only=True)
class Function:
    """A function or method with the classes and functions around it in its name."""

    name: str
    node: ast.FunctionDef | ast.AsyncFunctionDef


def functions(tree: ast.AST, prefix: str = "") -> Iterator[Function]:
    """Every function in a file, also those inside classes and functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(name=prefix + node.name, node=node)
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        else:
            yield from functions(node, prefix)


def enclosing(tree: ast.Module) -> dict[ast.AST, str]:
    """For every node the name of the innermost function around it ("" at the level of the file)."""
    found: dict[ast.AST, str] = {}
    for function in functions(tree):
        for node in ast.walk(function.node):
            found[node] = function.name  # inner functions come later and win
    return found
