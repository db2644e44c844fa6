"""`homeby crew-history`: a list of crews becomes people, missions and who was what on them.

A list of years has no days: a mission begins on the first of January of its year and lasts as long
as whoever stayed longest. The same list again adds nothing.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from homeby.logbook.rules import Refused, new_tap
from homeby.missions.actions.history import MissionTaker, PastMission
from homeby.people.actions.history.taking import Fate, Origin, Outcome
from homeby.people.rules import STATION, PersonKind
from homeby.readiness.actions.catalogue import load
from homeby.readiness.actions.past_records import PastRecord, RecordTaker
from homeby.readiness.queries.qualifications import rows_by_key
from homeby.readiness.rules.past_records import RecordKind
from homeby.sentences import gettext as _
from homeby.station.crews.defects import defects, title
from homeby.station.crews.seats import ROLES, Defect, Seat, names, read
from homeby.station.importing.files import Broken
from homeby.station.importing.writing import CHUNK_ROWS, DONE, NOT_ALL, NOTHING

MAP_NAME = "crew-history"
POSITIONS = Path(__file__).with_name("positions.toml")
SHOWN_MAX = 10

Say = Callable[[str], object]
T = TypeVar("T")


def run(
    path: Path, *, dry_run: bool = False, listed: Path | None, now: dt.datetime, say: Say
) -> int:
    """Take a list of crews in; `listed` names the file for its defects. 0: every row is here; 1:
    not all; 2: nothing was done."""
    try:
        found = list(read(path))
        seats = [one for one in found if isinstance(one, Seat)]
        wrong = [one for one in found if isinstance(one, Defect)]
        known = defects(seats)
        if listed is not None:
            _write(listed, sorted([*wrong, *known], key=lambda one: one.line))
    except (Broken, OSError) as broken:
        say(str(broken))
        say(_("Nothing was imported."))
        return NOTHING
    _show(found, wrong, known, listed, say)
    if dry_run:
        return NOT_ALL if wrong else DONE
    return _import(path, seats, now=now, say=say) if not wrong else _partly(path, seats, now, say)


def _partly(path: Path, seats: list[Seat], now: dt.datetime, say: Say) -> int:
    """Rows that can be read are taken; the others are listed."""
    _import(path, seats, now=now, say=say)
    return NOT_ALL


def _write(listed: Path, found: Sequence[Defect]) -> None:
    with listed.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("line", "rule", "what is wrong"))
        writer.writerows((one.line, one.rule, one.sentence) for one in found)


def _show(
    found: list[Seat | Defect],
    wrong: list[Defect],
    known: list[Defect],
    listed: Path | None,
    say: Say,
) -> None:
    counts = _("{rows} rows, {bad} cannot be read; {defects} defects in the others.")
    say(counts.format(rows=f"{len(found):,}", bad=len(wrong), defects=f"{len(known):,}"))
    for rule, number in Counter(one.rule for one in [*wrong, *known]).most_common():
        say(f"{rule:<22} {number:>6,}")
    if listed is not None:
        say(_("Each defect stands with its line in {file}.").format(file=listed))
        return
    for one in [*wrong, *known][:SHOWN_MAX]:
        said = _("line {line}: {reason}").format(line=one.line, reason=one.sentence)
        say("".join(c if c.isprintable() else "�" for c in said))
    if len(known) + len(wrong) > SHOWN_MAX:
        say(_("and {number} more").format(number=f"{len(known) + len(wrong) - SHOWN_MAX:,}"))


def _import(path: Path, seats: list[Seat], *, now: dt.datetime, say: Say) -> int:
    origin = Origin(file=path.name, map_name=MAP_NAME, now=now)
    try:
        if set(ROLES.values()) - set(rows_by_key()):
            text = POSITIONS.read_text(encoding="utf-8")
            load(files=[(POSITIONS.name, text)], by=STATION, now=now, tap=new_tap())
    except Refused as refused:
        say(str(refused))
        return NOTHING
    crews: dict[tuple[str, int], list[Seat]] = defaultdict(list)
    for seat in seats:
        crews[seat.flight].append(seat)
    called = names(seats)
    flown = [_mission(crew, called) for crew in crews.values()]
    flights = MissionTaker(origin=origin)
    told = _taken(_("missions of the past"), flown, flights.take, say)
    done = [_position(seat, called) for seat in seats if seat.role]
    told += _taken(_("seats"), done, RecordTaker(origin=origin).take, say)
    return NOT_ALL if any(one.fate is Fate.REJECTED for one in told) else DONE


def _taken(
    word: str, rows: Sequence[T], take: Callable[[Sequence[T]], list[Outcome]], say: Say
) -> list[Outcome]:
    """Take rows in by chunks, each one transaction, and say how many were new."""
    outcomes: list[Outcome] = []
    for first in range(0, len(rows), CHUNK_ROWS):
        outcomes += take(rows[first : first + CHUNK_ROWS])
    fates = Counter(one.fate for one in outcomes)
    said = _("{word}: added {added}, already there {there}, rejected {rejected}")
    say(
        said.format(
            word=word,
            added=f"{fates[Fate.ADDED]:,}",
            there=f"{fates[Fate.ALREADY_THERE]:,}",
            rejected=f"{fates[Fate.REJECTED]:,}",
        )
    )
    for reason in list(dict.fromkeys(one.reason for one in outcomes if one.reason))[:SHOWN_MAX]:
        say(reason)
    return outcomes


def _key(flight: tuple[str, int]) -> str:
    return f"{MAP_NAME}:{flight[0]}|{flight[1]}"


def _begins(year: int) -> dt.datetime:
    return dt.datetime(year, 1, 1, tzinfo=dt.UTC)


def _mission(crew: list[Seat], called: dict[tuple[int, str], str]) -> PastMission:
    out_at = _begins(crew[0].year)
    longest = max(seat.numbers["hours_mission"] for seat in crew)
    ships = dict.fromkeys(seat.text("ascend_shuttle") for seat in crew)
    home = dict.fromkeys(seat.text("descend_shuttle") for seat in crew)
    note = "" if list(ships) == list(home) else _("home by {ships}").format(ships=", ".join(home))
    order = sorted(crew, key=lambda one: one.role != "CREW-COMMANDER")
    return PastMission(
        line=crew[0].line,
        key=_key(crew[0].flight),
        subjects=tuple(dict.fromkeys(called[seat.who] for seat in order)),
        subject_kind=PersonKind.HUMAN,
        subjects_are_callsigns=False,
        out_at=out_at,
        back_at=out_at + dt.timedelta(hours=longest),
        due_at=None,
        zone="UTC",
        out_typed=str(crew[0].year),
        back_typed="",
        due_typed="",
        what=" ".join(title(crew).replace("\u00ad", "-").split()) or next(iter(ships)),
        where=", ".join(ships),
        note=note,
        debrief="",
    )


def _position(seat: Seat, called: dict[tuple[int, str], str]) -> PastRecord:
    return PastRecord(
        line=seat.line,
        key=f"{MAP_NAME}:seat|{seat.text('id')}",
        kind=RecordKind.DONE,
        person=called[seat.who],
        person_given_as="name",
        what=seat.role,
        day=_begins(seat.year).date(),
        until=None,
        paper="",
        by="",
        by_given_as="",
        task="",
        mission=_key(seat.flight),
        passed=None,
        hours=seat.numbers["hours_mission"],
    )
