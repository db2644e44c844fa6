"""A qualification as plain values, as a table of a row keeps it, and as the text of a file. Pure.

The values are those of a file of the catalogue (`rules.catalogue`), so that what stands in a row
can be written out, changed by hand and read again.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from homeby.readiness.rules.qualifications import (
    Evaluator,
    Needs,
    Qualification,
    QualificationKind,
    Task,
    Where,
)

#: Whole numbers that may stand beside the lists.
_NUMBERS = ("valid_months", "current_months")


def content_of(one: Qualification) -> dict[str, Any]:
    """What a qualification needs, its tasks, what keeps it current; without what it lacks."""
    needs = one.needs
    found: dict[str, Any] = {
        "needs": list(needs.all_of),
        "one_of": [list(group) for group in needs.one_of],
        "hours": [{"kind": kind, "hours": hours} for kind, hours in needs.hours],
        "held": [{"key": key, "months": months} for key, months in needs.held_months],
        "least_age": needs.least_age,
        "tasks": [task_content(task) for task in one.tasks],
        "valid_months": one.valid_months,
        "current_months": one.current_months,
        "equivalents": list(one.equivalents),
    }
    return {name: value for name, value in found.items() if value not in ([], None)}


def task_content(task: Task) -> dict[str, str]:
    """A task as plain values."""
    found = {"what": task.what}
    if task.where is not Where.EXERCISE_OK:
        found["where"] = str(task.where)
    if task.evaluated_by is not Evaluator.HOLDER:
        found["evaluated_by"] = str(task.evaluated_by)
    return found


def tasks_of(content: Iterable[Mapping[str, str]]) -> tuple[Task, ...]:
    """Tasks from their plain values."""
    return tuple(
        Task(
            what=one["what"],
            where=Where(one.get("where", Where.EXERCISE_OK)),
            evaluated_by=Evaluator(one.get("evaluated_by", Evaluator.HOLDER)),
        )
        for one in content
    )


def qualification_of(
    *, key: str, name: str, kind: str, family: str, content: Mapping[str, Any]
) -> Qualification:
    """A qualification from the values of its row."""
    return Qualification(
        key=key,
        name=name,
        kind=QualificationKind(kind),
        family=family,
        needs=Needs(
            all_of=tuple(content.get("needs", ())),
            one_of=tuple(tuple(group) for group in content.get("one_of", ())),
            hours=tuple((one.get("kind", ""), one["hours"]) for one in content.get("hours", ())),
            held_months=tuple((one["key"], one["months"]) for one in content.get("held", ())),
            least_age=content.get("least_age"),
        ),
        tasks=tasks_of(content.get("tasks", ())),
        equivalents=tuple(content.get("equivalents", ())),
        **{name: content.get(name) for name in _NUMBERS},
    )


def written(known: Iterable[Qualification], *, name: str, source: str, day: dt.date) -> str:
    """These qualifications as a file of the catalogue that `read_catalogue` reads again."""
    lines = ["[catalogue]", f"name = {_text(name)}", f"source = {_text(source)}"]
    lines.append(f"dated = {day.isoformat()}")
    for one in known:
        lines += ["", f"[[{one.kind.lower()}]]", *_lines(one)]
    return "\n".join(lines) + "\n"


def _lines(one: Qualification) -> Iterator[str]:
    yield f"key = {_text(one.key)}"
    yield f"name = {_text(one.name)}"
    if one.family:
        yield f"family = {_text(one.family)}"
    for name, value in content_of(one).items():
        if isinstance(value, int):
            yield f"{name} = {value}"
        elif isinstance(value[0], dict):
            yield f"{name} = ["
            yield from (f"  {_table(entry)}," for entry in value)
            yield "]"
        else:
            yield f"{name} = {_value(value)}"


def _table(entry: Mapping[str, Any]) -> str:
    said = ", ".join(f"{name} = {_value(value)}" for name, value in entry.items() if value != "")
    return f"{{ {said} }}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return _text(value) if isinstance(value, str) else f"{value:g}"


def _text(value: str) -> str:
    """A text in quotes: the escapes of JSON are those of TOML, but for one that TOML alone asks
    for."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
