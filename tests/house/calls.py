"""Calls that have one right place: reading the time, writing rows, printing."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

from tests.house.tree import Source, dotted, enclosing, imported_names

CLOCKS = frozenset(
    {
        "datetime.date.today",
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "django.db.models.functions.Now",
        "django.utils.timezone.localdate",
        "django.utils.timezone.now",
        "time.ctime",
        "time.gmtime",
        "time.localtime",
        "time.sleep",
        "time.time",
        "time.time_ns",
    }
)
STAMPS = ("auto_now", "auto_now_add")

#: Where a request, a command or a loop begins: only there is `homeby.clock` asked for the time.
DOORS = (
    "homeby/web/",
    "homeby/station/",
    "homeby/auditor/",
    "homeby/watch/watchkeeper.py",
    "homeby/comms/channels/webpush.py",  # signs by the real time of the push service
    "homeby/cli.py",
    "homeby/asgi.py",
)

WRITES = frozenset(
    {"save", "create", "bulk_create", "bulk_update", "update", "delete", "get_or_create"}
    | {"update_or_create", "_raw_delete"}
)
WRITES |= frozenset(f"a{name}" for name in WRITES)
SQL_WRITE = re.compile(r"\s*(insert|update|delete|replace|alter|drop|create|truncate)\b", re.I)

ALLOWED_WRITES = Path(__file__).with_name("allowed_writes.toml")


def clock_readings(source: Source) -> list[str]:
    """A sentence for each place outside `homeby/clock.py` that reads or stamps the time."""
    if source.path == "homeby/clock.py":
        return []
    names = imported_names(source.tree)
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute | ast.Name) and dotted(node, names) in CLOCKS:
            found.append(f"{source.path}:{node.lineno}: {dotted(node, names)} reads the time.")
        if isinstance(node, ast.keyword) and node.arg in STAMPS:
            found.append(f"{source.path}:{node.value.lineno}: {node.arg} reads the time.")
    return sorted(set(found))


def clock_imports(source: Source) -> list[str]:
    """A sentence for each import of `homeby.clock` in a file that is no door."""
    if source.path.startswith(DOORS) or source.path == "homeby/clock.py":
        return []
    if "/management/" in source.path:
        return []
    used = imported_names(source.tree).values()
    if any(name == "homeby.clock" or name.startswith("homeby.clock.") for name in used):
        return [f"{source.path}: imports homeby.clock, but is no door: take `now` from the caller."]
    return []


def is_write(node: ast.Call) -> bool:
    """Whether this call changes rows. A queryset's `update` takes keywords only, that of a
    dictionary or a hash a value; `delete` and `create` of other things take a value too."""
    if not isinstance(node.func, ast.Attribute):
        return False
    if node.func.attr in ("execute", "executemany") and node.args:
        return bool(SQL_WRITE.match(_text(node.args[0])))
    if node.func.attr not in WRITES:
        return False
    if node.func.attr.removeprefix("a") in ("save", "bulk_create", "bulk_update"):
        return True
    if node.func.attr in ("update", "aupdate"):
        return bool(node.keywords) and not node.args
    return not node.args


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(v.value) for v in node.values if isinstance(v, ast.Constant))
    return ""


def writes(source: Source) -> list[tuple[str, str]]:
    """Each place that writes rows: `path::function`, and a sentence."""
    around = enclosing(source.tree)
    found = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_write(node):
            place = f"{source.path}::{around.get(node, '')}"
            found.append((place, f"{source.path}:{node.lineno}: .{node.func.attr}( writes rows."))
    return found


def in_logbook_actions(path: str) -> bool:
    """The one place that writes state rows."""
    return bool(re.match(r"homeby/logbook/actions(\.py$|/)", path))


def in_actions(path: str) -> bool:
    """The actions of any room, a file or a folder."""
    return bool(re.match(r"homeby/\w+/actions(\.py$|/)", path))


def allowed_writes() -> dict[str, str]:
    """The named exceptions with their reasons."""
    found = tomllib.loads(ALLOWED_WRITES.read_text(encoding="utf-8"))
    return {str(place): str(reason) for place, reason in found.get("allowed", {}).items()}


def wrong_writes(sources: Iterable[Source], allowed: dict[str, str]) -> list[str]:
    """Writes that stand neither in the logbook's actions nor on the list, and list lines without a
    use or a reason."""
    found, used = [], set()
    for source in sources:
        if in_logbook_actions(source.path):
            continue
        for place, sentence in writes(source):
            if place in allowed:
                used.add(place)
            elif in_actions(source.path):
                found.append(f"{sentence} Use the Book: page.add, page.change, page.remove.")
            else:
                found.append(f"{sentence} Writes belong in a room's actions, through the Book.")
    found += [f"allowed_writes.toml: {place} writes nothing (any more)." for place in allowed
              if place not in used]  # fmt: skip
    return found + [
        f"allowed_writes.toml: {p} has no reason." for p, why in allowed.items() if not why
    ]


def prints(source: Source) -> list[str]:
    """A sentence for each `print(` outside the commands."""
    if source.path == "homeby/cli.py" or source.path.startswith("homeby/station/"):
        return []
    return [
        f"{source.path}:{node.lineno}: print( belongs in a command; elsewhere log or return."
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
    ]
