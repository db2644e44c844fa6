"""Every query takes its viewer first; whoever does not stands on a list, with the reason."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.house.tree import Source

WITHOUT_VIEWER = Path(__file__).with_name("without_viewer.toml")


def public_queries(source: Source) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The public functions of a room's queries: `room.function`."""
    room = source.path.split("/")[1]
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield f"{room}.{node.name}", node


def takes_viewer(node: ast.FunctionDef) -> bool:
    """Whether the first argument is the viewer."""
    names = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return bool(names) and names[0] == "viewer"


def exceptions() -> dict[str, str]:
    """The queries that take no viewer, and why not."""
    found = tomllib.loads(WITHOUT_VIEWER.read_text(encoding="utf-8"))
    return {str(name): str(reason) for group, names in found.items()
            for name in names["queries"] for reason in [names["why"]]}  # fmt: skip


def problems(sources: Iterable[Source], allowed: dict[str, str]) -> list[str]:
    """A sentence for each query without a viewer that is not on the list, and for each line of the
    list that has no use or no reason."""
    without = {name for source in sources for name, node in public_queries(source)
               if not takes_viewer(node)}  # fmt: skip
    found = [f"{name} takes no viewer first: let it filter, or say why not in without_viewer.toml."
             for name in sorted(without - set(allowed))]  # fmt: skip
    found += [f"without_viewer.toml: {name} is no query without a viewer (any more)."
              for name in sorted(set(allowed) - without)]  # fmt: skip
    return found + [f"without_viewer.toml: {n} has no reason." for n, why in allowed.items()
                    if len(why) < 10]  # fmt: skip
