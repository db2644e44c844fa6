"""Sleep histories and reference rows as files, read strictly: each fault a sentence with its line.

Two files of comma-separated values. Sleeps: `scenario,start,end,asleep,awake`, one line a sleep; a
history without any sleep is one line with the last two left empty. Reference rows: as in `COLUMNS`.
Times are UTC, with or without seconds; another offset may be written and is converted.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from homeby.readiness.rules.sleep import History, NoHistory, Sleep, hours_between

SLEEP_COLUMNS = ("scenario", "start", "end", "asleep", "awake")
VALUES = (
    "tpm_s",
    "tpm_c",
    "tpm_u",
    "tpm_w",
    "tpm_alertness",
    "tpm_kss",
    "uni_s",
    "uni_l",
    "uni_c",
    "uni_w",
    "uni_fatigue",
)
COLUMNS = ("scenario", "utc", "sim_hours", "awake", "in_state_h", *VALUES)
BYTES_MAX = 200_000_000
FAULTS_MAX = 50
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
#: `sim_hours` must be the time since the start, to the rounding of a table.
SIM_HOURS_OFF = 1e-6


@dataclass(frozen=True)
class Line:
    """A line of a file: its number, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass
class Faults:
    """Everything that is wrong, in sentences."""

    found: list[str] = field(default_factory=list)

    def add(self, place: str, sentence: str) -> None:
        """Keep one."""
        self.found.append(f"{place}: {sentence}")

    def __iter__(self) -> Iterator[str]:
        yield from self.found[:FAULTS_MAX]
        if len(self.found) > FAULTS_MAX:
            yield f"And {len(self.found) - FAULTS_MAX} faults more."


@dataclass(frozen=True)
class Reference:
    """A reference row: where it stands, what it is about, what it says."""

    line: int
    scenario: str
    at: dt.datetime
    values: dict[str, float]


@dataclass
class _Scenario:
    start: dt.datetime
    end: dt.datetime
    first_line: int
    sleeps: list[tuple[Sleep, int]] = field(default_factory=list)


def lines(path: Path, columns: tuple[str, ...], faults: Faults) -> list[Line]:
    """The lines of a file below its heading, empty ones left out; none where it is unreadable."""
    text = _text(path, faults)
    if text is None:
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Line] = []
    try:
        head = [cell.strip() for cell in next(reader, [])]
        if not _head_fits(path, head, columns, faults):
            return []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(head):
                faults.add(
                    f"{path.name}, line {reader.line_num}",
                    f"there are {len(cells)} cells, the heading has {len(head)}.",
                )
                continue
            named = dict(zip(head, (cell.strip() for cell in cells), strict=True))
            found.append(Line(reader.line_num, named))
    except csv.Error as wrong:
        faults.add(f"{path.name}, line {reader.line_num}", f"this is no CSV ({wrong}).")
    if not found and not faults.found:
        faults.add(path.name, "there is no line below the heading.")
    return found


def _text(path: Path, faults: Faults) -> str | None:
    try:
        if path.stat().st_size > BYTES_MAX:
            faults.add(str(path), f"the file has more than {BYTES_MAX:,} bytes.")
            return None
        return path.read_text(encoding="utf-8-sig")
    except OSError as wrong:
        faults.add(str(path), f"the file cannot be read ({wrong.strerror}).")
    except UnicodeDecodeError as wrong:
        faults.add(str(path), f"the file is not UTF-8 (byte {wrong.start}).")
    return None


def _head_fits(path: Path, head: list[str], columns: tuple[str, ...], faults: Faults) -> bool:
    if not any(head):
        faults.add(path.name, f"the file is empty; its first line should be {','.join(columns)}")
        return False
    missing = [name for name in columns if name not in head]
    twice = sorted({name for name in head if head.count(name) > 1})
    unknown = [name for name in head if name not in columns]
    for what, names in (("missing", missing), ("there twice", twice), ("unknown", unknown)):
        if names:
            faults.add(f"{path.name}, line 1", f"columns that are {what}: {', '.join(names)}.")
    return not (missing or twice or unknown)


def time(text: str) -> dt.datetime | None:
    """An instant; None where this is no time. Without an offset it is UTC."""
    if not TIME.fullmatch(text):
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.tzinfo is None:
        return found.replace(tzinfo=dt.UTC)
    try:
        return found.astimezone(dt.UTC)
    except OverflowError:
        return None


def _times(
    place: str, cells: dict[str, str], names: tuple[str, ...], faults: Faults
) -> tuple[dt.datetime, ...] | None:
    found = [time(cells[name]) for name in names]
    for name, at in zip(names, found, strict=True):
        if at is None:
            faults.add(place, f"{name}: “{cells[name][:40]}” is no time such as 2026-01-05T07:00.")
    known = tuple(at for at in found if at is not None)
    return known if len(known) == len(found) else None


def read_histories(path: Path, faults: Faults) -> dict[str, tuple[History, dt.datetime]]:
    """Histories by scenario, each with its end. Lines may come in any order."""
    scenarios: dict[str, _Scenario] = {}
    for line in lines(path, SLEEP_COLUMNS, faults):
        _take_sleep(f"{path.name}, line {line.number}", line, scenarios, faults)
    found = {}
    for name, one in scenarios.items():
        ordered = sorted(one.sleeps, key=lambda sleep: sleep[0])
        for (before, first), (after, second) in itertools.pairwise(ordered):
            if after.asleep_at < before.awake_at:
                faults.add(
                    f"{path.name}, line {second}",
                    f"this sleep of {name} overlaps the one of line {first}.",
                )
        try:
            sleeps = [sleep for sleep, _line in ordered]
            found[name] = (History(starts_at=one.start, sleeps=sleeps), one.end)
        except NoHistory as wrong:
            if not faults.found:
                faults.add(f"{path.name}, line {one.first_line}", str(wrong))
    return found


def _take_sleep(place: str, line: Line, scenarios: dict[str, _Scenario], faults: Faults) -> None:
    cells = line.cells
    times = _times(place, cells, ("start", "end"), faults)
    if not cells["scenario"]:
        faults.add(place, "scenario is empty.")
    if times is None or not cells["scenario"]:
        return
    start, end = times
    if end <= start:
        faults.add(place, f"the history ends at {cells['end']}, before or as it starts.")
        return
    one = scenarios.setdefault(cells["scenario"], _Scenario(start, end, line.number))
    if (one.start, one.end) != (start, end):
        faults.add(place, f"start or end differ from those of line {one.first_line}.")
    slept = (
        _times(place, cells, ("asleep", "awake"), faults)
        if cells["asleep"] or cells["awake"]
        else None
    )
    if slept is not None:
        _add_sleep(place, line, slept, one, faults)


def _add_sleep(
    place: str,
    line: Line,
    slept: tuple[dt.datetime, ...],
    one: _Scenario,
    faults: Faults,
) -> None:
    cells, (asleep, awake) = line.cells, slept
    if awake <= asleep:
        faults.add(place, f"awake at {cells['awake']} is not after asleep at {cells['asleep']}.")
    elif not one.start <= asleep < one.end:
        faults.add(place, f"asleep at {cells['asleep']} is not within start and end.")
    else:
        one.sleeps.append((Sleep(asleep, awake), line.number))


def read_reference(
    path: Path, histories: dict[str, tuple[History, dt.datetime]], faults: Faults
) -> list[Reference]:
    """The reference rows, each within a history that is known."""
    found = []
    for line in lines(path, COLUMNS, faults):
        place = f"{path.name}, line {line.number}"
        values = _numbers(place, line.cells, faults)
        times = _times(place, line.cells, ("utc",), faults)
        if values is None or times is None:
            continue
        name, (at,) = line.cells["scenario"], times
        if name not in histories:
            faults.add(
                place,
                f"no line of the sleeps is of the scenario “{name[:40]}”; a history "
                "without sleep is one line with asleep and awake left empty.",
            )
        elif _within(place, at, values, histories[name], faults):
            found.append(Reference(line.number, name, at, values))
    return found


def _numbers(place: str, cells: dict[str, str], faults: Faults) -> dict[str, float] | None:
    values = {}
    for name in COLUMNS[2:]:
        try:
            value = float(cells[name])
        except ValueError:
            value = math.nan
        if not math.isfinite(value) or "_" in cells[name]:
            faults.add(place, f"{name}: “{cells[name][:40]}” is no number.")
        values[name] = value
    if values["awake"] not in (0, 1) and math.isfinite(values["awake"]):
        faults.add(place, f"awake: “{cells['awake'][:40]}” is neither 1 nor 0.")
        return None
    return values if all(map(math.isfinite, values.values())) else None


def _within(
    place: str,
    at: dt.datetime,
    values: dict[str, float],
    known: tuple[History, dt.datetime],
    faults: Faults,
) -> bool:
    history, end = known
    if not history.starts_at <= at <= end:
        faults.add(place, f"{at:%Y-%m-%dT%H:%M} UTC is not within start and end of its history.")
        return False
    since = hours_between(history.starts_at, at)
    if abs(since - values["sim_hours"]) > SIM_HOURS_OFF * max(1.0, since):
        faults.add(place, f"sim_hours is {values['sim_hours']:g}, but {since:g} h have passed.")
        return False
    return True
