"""Sizes as a ratchet: what is over a limit is listed with its size, may shrink, may never grow.

`python -m tests.house.sizes` lowers the listed sizes to the present ones (`make fix` calls it).
"""

from __future__ import annotations

import ast
import sys
import tomllib
from pathlib import Path

from tests.house.tree import ROOT, Source, files, functions, sources

LIMITS = {"function": 60, "view": 20, "file": 400, "test file": 300, "line": 100}
LISTED = Path(__file__).with_name("sizes.toml")
HEAD = """\
# What was over a limit when the ratchet was set, with its size. A size here may shrink and never
# grows; `make fix` lowers it. Adding a line needs a reason beside it that a reviewer accepts.
"""

Sizes = dict[str, dict[str, int]]


def measure_python(source: Source) -> Sizes:
    """The sizes in one Python file: its functions, its views, itself, its longest line."""
    kind = "test file" if source.path.startswith("tests/") else "file"
    found = measure_text(source.path, source.text, kind=kind)
    found["function"], found["view"] = {}, {}
    for function in functions(source.tree):
        name = f"{source.path}::{function.name}"
        found["function"][name] = (function.node.end_lineno or 0) - function.node.lineno + 1
        if is_view(source.path, function.node):
            found["view"][name] = body_lines(function.node)
    return found


def measure_text(path: str, text: str, *, kind: str) -> Sizes:
    """The sizes that any text has: its lines, and its longest line."""
    lines = text.splitlines()
    return {kind: {path: len(lines)}, "line": {path: max(map(len, lines), default=0)}}


def is_view(path: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A view answers a request: it stands in a `views` file of `web`, and `request` comes first."""
    arguments = [*node.args.posonlyargs, *node.args.args]
    in_views = path.startswith("homeby/web/") and "views" in path
    return in_views and bool(arguments) and arguments[0].arg == "request"


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a function below its signature and its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def measured() -> Sizes:
    """The sizes of everything that is ours."""
    total: Sizes = {kind: {} for kind in LIMITS}
    parts = [measure_python(source) for source in sources("homeby", "tests", "bench")]
    for suffix in (".js", ".css", ".html"):
        for path in files("homeby", suffix=suffix):
            text = path.read_text(encoding="utf-8")
            part = measure_text(path.relative_to(ROOT).as_posix(), text, kind="file")
            if suffix != ".js":
                del part["line"]  # a sentence in a template, a rule of a style sheet may be long
            parts.append(part)
    for part in parts:
        for kind, sizes in part.items():
            total[kind].update(sizes)
    return total


def listed() -> Sizes:
    """The exceptions, as they stand in sizes.toml."""
    found = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    return {kind: dict(found.get(kind, {})) for kind in LIMITS}


def too_big(sizes: Sizes, exceptions: Sizes) -> list[str]:
    """A sentence for each thing over its limit that is not listed, or is bigger than listed."""
    sentences = []
    for kind, limit in LIMITS.items():
        for name, size in sorted(sizes.get(kind, {}).items()):
            allowed = max(limit, exceptions.get(kind, {}).get(name, 0))
            if size > allowed:
                sentences.append(f"{name}: the {kind} has {size}, at most {allowed} are allowed.")
    return sentences


def slack(sizes: Sizes, exceptions: Sizes) -> list[str]:
    """A sentence for each listed size that is higher than need be; `make fix` lowers it."""
    sentences = []
    for kind, names in exceptions.items():
        for name, size in sorted(names.items()):
            present = sizes.get(kind, {}).get(name, 0)
            if present < size:
                sentences.append(
                    f"{name}: {kind} is listed with {size} and has {present}: make fix"
                )
    return sentences


def lowered(sizes: Sizes, exceptions: Sizes) -> Sizes:
    """The exceptions with every size at most what it is now; what is within the limit goes."""
    result: Sizes = {}
    for kind, names in exceptions.items():
        present = sizes.get(kind, {})
        kept = {name: min(size, present.get(name, 0)) for name, size in names.items()}
        result[kind] = {name: size for name, size in kept.items() if size > LIMITS[kind]}
    return result


def written(exceptions: Sizes) -> str:
    """The text of sizes.toml."""
    blocks = [HEAD]
    for kind, names in exceptions.items():
        if names:
            lines = [f'"{name}" = {size}' for name, size in sorted(names.items())]
            blocks.append("\n".join([f'["{kind}"]', *lines]) + "\n")
    return "\n".join(blocks)


def main() -> int:
    """Lower the list; reasons that stand beside a line are kept as long as nothing changes."""
    before, now = listed(), measured()
    after = lowered(now, before)
    if {kind: names for kind, names in before.items() if names} != {
        kind: names for kind, names in after.items() if names
    }:
        LISTED.write_text(written(after), encoding="utf-8")
        print("tests/house/sizes.toml is lowered.")
    for sentence in too_big(now, after):
        print(sentence)
    return 0


if __name__ == "__main__":
    sys.exit(main())
