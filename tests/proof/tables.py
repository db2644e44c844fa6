"""Tables in Markdown, for the page of the proof."""

from __future__ import annotations

from collections.abc import Iterable

Rows = Iterable[tuple[object, ...]]


def table(head: tuple[str, ...], rows: Rows) -> str:
    """A table; a bar inside a cell would split it, so it is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    cells = [[_cell(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in lines]
    return "".join("| " + " | ".join(row) + " |\n" for row in cells)


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
