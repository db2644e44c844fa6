"""What a backup holds, and the SHA-256 of every part of it; the last part of each backup."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from homeby.station.backup import copy_text

FORMAT = 1
NAME = "manifest.json"
SETTINGS = "settings.toml"
_PART = re.compile(
    r"keys/[A-Za-z0-9][A-Za-z0-9_.-]*|settings\.toml|tables/[a-z0-9_]+/[0-9]{6}\.copy"
)


class BadBackup(Exception):
    """A backup cannot be restored; the text is a sentence for whoever tried."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of the database, in its order in the backup: its columns, and how the values of each
    look on a line (`copy_text`)."""

    name: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    key: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One part: the SHA-256 of its bytes, how many they are, and how many rows of a table."""

    sha256: str
    size_bytes: int
    rows: int = 0


@dataclass(kw_only=True)
class Manifest:
    """What a backup holds. `checkpoint` is that of `homeby verify` at the backup's moment: number
    of entries, id of the last, SHA-256 over the ordered leaf hashes."""

    format: int = FORMAT
    homeby: str
    made_at: dt.datetime
    station: str
    database: str
    migrations: list[tuple[str, str]]
    tables: list[Table]
    checkpoint: str = ""
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        """How many entries the logbook in it holds."""
        return int(self.checkpoint.split()[0])

    @property
    def rows(self) -> int:
        """How many rows all its tables hold."""
        return sum(part.rows for part in self.parts.values())

    def note(self, name: str, content: bytes, *, rows: int = 0) -> None:
        """Write down a part that was just made."""
        assert name not in self.parts, "each part has a name of its own"
        self.parts[name] = Part(
            sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content), rows=rows
        )

    def as_bytes(self) -> bytes:
        """The manifest as it stands in the backup."""
        content = asdict(self) | {"made_at": self.made_at.isoformat()}
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def table_of_part(name: str) -> str:
    """The table that a part belongs to; empty for keys and settings."""
    return name.split("/")[1] if name.startswith("tables/") else ""


def read(content: bytes) -> Manifest:
    """The manifest in these bytes. Raises BadBackup with a sentence, above all where a newer Homeby
    has written it."""
    try:
        found: dict[str, Any] = json.loads(content)
        if int(found["format"]) > FORMAT:
            raise BadBackup(
                f"This backup was made by Homeby {found['homeby']}, in a form that this program "
                "does not know yet. Install that version or a newer one, and restore with it."
            )
        return _made(found)
    except (ValueError, KeyError, TypeError, AttributeError) as trouble:
        raise BadBackup(
            "The manifest of this backup cannot be read, so nothing in it can be trusted. Take "
            "another backup."
        ) from trouble


def _made(found: Mapping[str, Any]) -> Manifest:
    manifest = Manifest(
        format=int(found["format"]),
        homeby=str(found["homeby"]),
        made_at=copy_text.instant(found["made_at"]),
        station=str(found["station"]),
        database=str(found["database"]),
        migrations=[(str(room), str(step)) for room, step in found["migrations"]],
        tables=[_table(one) for one in found["tables"]],
        checkpoint=str(found["checkpoint"]),
        parts={name: Part(**one) for name, one in found["parts"].items()},
    )
    known = {table.name for table in manifest.tables}
    for name in manifest.parts:
        if not _PART.fullmatch(name) or table_of_part(name) not in known | {""}:
            raise ValueError(f"a part called {name}")
    if len(manifest.checkpoint.split()) != 3 or manifest.entries < 0:
        raise ValueError("no checkpoint")
    return manifest


def _table(found: Mapping[str, Any]) -> Table:
    table = Table(
        name=str(found["name"]),
        columns=tuple(found["columns"]),
        kinds=tuple(found["kinds"]),
        key=str(found["key"]),
    )
    names: Sequence[str] = (table.name, table.key, *table.columns)
    if not all(re.fullmatch(r"[a-z0-9_]+", name) for name in names):
        raise ValueError("a name that no table or column of ours has")
    if len(table.columns) != len(table.kinds) or not copy_text.KINDS.issuperset(table.kinds):
        raise ValueError("columns of an unknown kind")
    return table
