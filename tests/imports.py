"""Running `homeby import` inside a test: the command's own function, and what it said."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
from dataclasses import dataclass
from pathlib import Path

from homeby.logbook.verification import verify
from homeby.station.importing import writing

SAMPLES = Path(__file__).parent / "fixtures" / "importing"
NOW = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)  # after every row of the samples

CALLS_HEADER = "Call Number,Unit ID,Dispatch DtTm,Available DtTm,Call Type,Address\n"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an import came to: its exit code, its closing table by word, everything it said."""

    code: int
    printed: str
    said: tuple[str, ...]

    @property
    def table(self) -> tuple[int, int, int, int]:
        """Rows read, added (or: would be added), already there, rejected."""
        lines = self.printed.splitlines()[:4]
        read, added, there, rejected = (int(line.split()[-1].replace(",", "")) for line in lines)
        return read, added, there, rejected


def run(  # the words of the command
    path: Path,
    map_name: str,
    *,
    dry_run: bool = False,
    rejects: Path | None = None,
    keep_good_rows: bool = False,
    now: dt.datetime = NOW,
) -> Told:
    """Import a file."""
    said: list[str] = []
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        code = writing.run(
            path,
            map_name,
            dry_run=dry_run,
            rejects=rejects,
            keep_good_rows=keep_good_rows,
            now=now,
            say=said.append,
        )
    return Told(code=code, printed=printed.getvalue(), said=tuple(said))


def calls(folder: Path, *rows: str, name: str = "calls.csv") -> Path:
    """A file for the map sf-fire with these rows."""
    path = folder / name
    path.write_text(CALLS_HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def call(number: int, unit: str = "E01", *, out: str = "11:00:00 AM", back: str = "") -> str:
    """One row: a unit out, and back or never, on the first of March 2017."""
    returned = f"03/01/2017 {back}" if back else ""
    return f"{number},{unit},03/01/2017 {out},{returned},Alarms,1 First St"


def assert_replayable() -> None:
    """The logbook rebuilds every row."""
    assert verify().difference is None
