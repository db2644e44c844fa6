"""Which first-party code `tick` and `deliver` can reach, and how many lines it has.

Read from the source, not from a run: a function is reached when its name is written in a function
that is reached (whatever the condition), a method when its class is reached and its name is
written anywhere in what is reached. So it counts rather too much than too little. Left out, as the
issue's figure does: models, the clock (and the count since boot), channel adapters. A line counts
when it holds code: no blank line, comment or docstring.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STARTS = (("homeby.watch.actions.tick", "tick"), ("homeby.comms.actions.deliver", "deliver"))
LEFT_OUT = ("homeby.clock", "homeby.steady", "homeby.comms.channels")
#: The half that decides and touches nothing: the pure rules of the two rooms.
DECIDING = ("homeby.watch.rules", "homeby.comms.rules")

#: A module and a name in it: a function, a class, a constant, or `Class.method`.
Place = tuple[str, str]


@dataclass
class Module:
    """One file: what it defines, what it imports."""

    name: str
    lines: list[str]
    defined: dict[str, ast.AST] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)


def _name_of(path: Path, root: Path) -> str:
    parts = list(path.relative_to(root).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _define(module: Module, node: ast.stmt) -> None:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        module.defined[node.name] = node
    if isinstance(node, ast.ClassDef):
        for inner in node.body:
            if isinstance(inner, ast.FunctionDef):
                module.defined[f"{node.name}.{inner.name}"] = inner
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    for target in targets:
        if isinstance(target, ast.Name):
            module.defined[target.id] = node


def read(root: Path = ROOT) -> dict[str, Module]:
    """Every module of the product but migrations."""
    found = {}
    for path in sorted((root / "homeby").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        module = Module(name=_name_of(path, root), lines=text.splitlines())
        tree = ast.parse(text)
        for node in tree.body:
            _define(module, node)
        for one in ast.walk(tree):
            if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("homeby"):
                for alias in one.names:
                    module.imported[alias.asname or alias.name] = (one.module or "", alias.name)
        found[module.name] = module
    return found


class Reach:
    """The code that can be reached from some places."""

    def __init__(self, modules: dict[str, Module]) -> None:
        self.modules = modules
        self.places: set[Place] = set()
        self._written: set[str] = set()

    def whole(self, starts: Iterable[Place]) -> set[Place]:
        """All places that can be reached from these."""
        todo = list(starts)
        while todo:
            place = todo.pop()
            if place in self.places or place[0].startswith(LEFT_OUT) or "models" in place[0]:
                continue
            self.places.add(place)
            todo += self._from(place)
            todo += self._methods()
        return self.places

    def _from(self, place: Place) -> Iterator[Place]:
        for node in self._own(self.modules[place[0]].defined[place[1]]):
            if isinstance(node, ast.Name):
                found = self._resolve(place[0], node.id)
            elif isinstance(node, ast.Attribute):
                found = self._attribute(place[0], node)
            else:
                continue
            if found is not None and found[1]:
                yield found

    @staticmethod
    def _own(node: ast.AST) -> Iterator[ast.AST]:
        """What is written in it; of a class without its methods, which are reached by name."""
        if not isinstance(node, ast.ClassDef):
            yield from ast.walk(node)
            return
        fields = [one for one in node.body if not isinstance(one, ast.FunctionDef)]
        for part in [*fields, *node.decorator_list, *node.bases]:
            yield from ast.walk(part)

    def _attribute(self, module: str, node: ast.Attribute) -> Place | None:
        if isinstance(node.value, ast.Name):
            base = self._resolve(module, node.value.id)
            if base is not None and not base[1]:
                return self._resolve(base[0], node.attr)
        self._written.add(node.attr)
        return None

    def _methods(self) -> list[Place]:
        """Methods of classes that are reached, whose names are written somewhere in reach."""
        classes = {f"{module}:{name}" for module, name in self.places}
        return [
            (module.name, name)
            for module in self.modules.values()
            for name in module.defined
            if "." in name
            and f"{module.name}:{name.partition('.')[0]}" in classes
            and (name.rpartition(".")[2] in self._written or "__" in name)
            and (module.name, name) not in self.places
        ]

    def _resolve(self, module: str, name: str) -> Place | None:
        """Where a name is defined, through re-exports; with an empty name for a module."""
        for _ in range(9):
            here = self.modules.get(module)
            if here is None:
                return None
            if name in here.defined:
                return module, name
            if f"{module}.{name}" in self.modules and name not in here.imported:
                return f"{module}.{name}", ""
            if name not in here.imported:
                return None
            module, name = here.imported[name]
        return None


def _docstrings(node: ast.AST) -> set[int]:
    found: set[int] = set()
    for one in ast.walk(node):
        body = getattr(one, "body", None)
        first = body[0] if isinstance(body, list) and body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            found |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return found


def _spans(node: ast.AST) -> set[int]:
    parts: list[ast.AST] = [node]
    if isinstance(node, ast.ClassDef):
        parts = [one for one in node.body if not isinstance(one, ast.FunctionDef)]
    found: set[int] = {getattr(node, "lineno", 1)}
    for part in parts:
        first, last = getattr(part, "lineno", 1), getattr(part, "end_lineno", 1)
        found |= set(range(first, (last or first) + 1))
    return found


def lines_by_module(root: Path = ROOT) -> dict[str, int]:
    """Lines of code in reach of `tick` and `deliver`, by module."""
    modules = read(root)
    found: dict[str, set[int]] = {}
    for module, name in Reach(modules).whole(STARTS):
        node = modules[module].defined[name]
        found.setdefault(module, set()).update(_spans(node) - _docstrings(node))
    counted = {}
    for name, numbers in found.items():
        lines = modules[name].lines
        code = [n for n in numbers if lines[n - 1].strip() and lines[n - 1].strip()[0] != "#"]
        counted[name] = len(code)
    return dict(sorted(counted.items()))


def is_deciding(module: str) -> bool:
    """Whether a module belongs to the half that decides and touches nothing."""
    return module.startswith(DECIDING)
