"""The board between two looks: a row stays as it is until an entry of the logbook or the clock
changes it. One for all who may see the same, asked as the least of them; another one for nobody.
By where a party is they are three: duty officers read the place, leaders the sector, gate keepers
that somebody is out. On the board that holds for a leader's own party too: it hangs on walls.

What the rows say depends on the viewer's language and on the zone of the page as well: that is
`dressed.py`.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import uuid
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from homeby import instants
from homeby.logbook import queries as logbook
from homeby.logbook.queries import Recorded
from homeby.logbook.rules import Newest
from homeby.missions import queries as missions
from homeby.missions.queries import BoardRow
from homeby.missions.queries.touched import missions_touched
from homeby.missions.queries.where import is_duty_officer
from homeby.missions.queries.who import has_secret_units
from homeby.people.rules import Role, Viewer
from homeby.web.board import strips
from homeby.web.board.strips import Strip

#: Whoever keeps watch sees everybody who is out. What they share is asked as one who has no more
#: than that, by an id that is nobody's: nothing that only some of them may see can come into it.
ALL_WHO_WATCH = Viewer(
    person_id=uuid.UUID(int=0), name="board", roles=frozenset({Role.GATE_KEEPER})
)
#: More entries than this are no news but another board.
NEWS_MOST = 2000
READ_AT_ONCE = 200  # the rows of a thousand at once took 25 MB that the process then kept
#: The same by how near they come to the place of whoever is out: each has one role alone.
_BY_ROLE = {
    role: Viewer(person_id=uuid.UUID(int=0), name="board", roles=frozenset({role}))
    for role in (Role.DUTY_OFFICER, Role.LEADER, Role.GATE_KEEPER)
}
CLOCK_IS_BACK = dt.timedelta(minutes=1)
#: A transaction that began before others may end after them: its numbers are asked for so long.
LATE_MOST = dt.timedelta(minutes=10)
LATE_NUMBERS_MOST = 1000
#: So many rows that have left are remembered, for screens that were here before.
GONE_MOST = 1000


@dataclass(slots=True)
class Line:
    """A row, as a strip; until when the clock leaves its words alone; when it last changed."""

    key: str
    row: BoardRow
    strip: Strip
    day: dt.date
    until: dt.datetime
    place: tuple[Any, ...]
    changed: int


@dataclass
class Kept:
    """A board and how it came about. `change` counts: what has a greater number is newer. `near`:
    who reads the places on one that is not shared (None: its viewer)."""

    viewer: Viewer
    near: Viewer | None = None
    name: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    change: int = 0
    lines: dict[str, Line] = field(default_factory=dict)
    order: list[Line] = field(default_factory=list)
    gone: deque[tuple[int, str]] = field(default_factory=deque)
    top: dict[str, Any] = field(default_factory=dict)
    top_changed: int = 0
    since: int = 0  # what is older than this change is not known any more
    lock: threading.Lock = field(default_factory=threading.Lock)
    _newest: Newest | None = None
    _late: dict[int, dt.datetime] = field(default_factory=dict)
    _looked_at: dt.datetime | None = None
    _until: dt.datetime | None = None
    _zone: str = ""

    @property
    def version(self) -> str:
        """Changes whenever anything on the board does; no other board has it."""
        return f"{self.name}-{self.change}"

    def look(self, *, now: dt.datetime, zone: str) -> None:
        """Bring the board up to date. While nothing is new that is one query. The lock is held."""
        looked_at = self._looked_at or now
        # Who came to the door before another may look after them; more than that is a clock that
        # was set right.
        back = now < looked_at - CLOCK_IS_BACK
        now = now if back else max(now, looked_at)
        try:
            news = self._news(logbook.newest(), now=now)
            again = back or zone != self._zone or news is None
            if again or news or self._until is None or now >= self._until:
                self._zone = zone
                self._renew(None if again else news, now=now)
        except BaseException:
            self._newest = None  # half of the news may be lost: the next look reads everything
            raise
        self._looked_at = now

    def _renew(self, news: list[Recorded] | None, *, now: dt.datetime) -> None:
        before = self.change
        self.change += 1
        touched = missions_touched(news) if news is not None else None
        if touched is None:
            self._read_all(now=now)
        else:
            moved = self._read(touched, now=now) if touched else False
            self._by_the_clock(now=now, moved=moved)
        self._look_at_top(now=now, changed=before)

    def _news(self, newest: Newest | None, *, now: dt.datetime) -> list[Recorded] | None:
        """The entries since the last look, and those that appeared behind higher numbers; None
        where they do not lead from what is known here."""
        known = self._newest
        if newest is None or known is None:
            return None
        if newest == known and not self._late:
            return []
        if newest != known and logbook.id_of(known.number) != known.entry_id:
            return None  # the records are not those that we read
        if newest.number - known.number > NEWS_MOST:
            return None
        found = logbook.recorded(after=known.number, numbers=self._late, limit=NEWS_MOST + 1)
        if len(found) > NEWS_MOST:
            return None
        numbers = {one.number for one in found}
        last = max(numbers, default=known.number)
        missing = [*self._late, *range(known.number + 1, last)]
        late = {number: self._late.get(number, now) for number in missing if number not in numbers}
        waited = {number: at for number, at in late.items() if now - at < LATE_MOST}
        self._late = dict(itertools.islice(waited.items(), LATE_NUMBERS_MOST))
        if last > known.number:
            entry_id = newest.entry_id if last == newest.number else logbook.id_of(last)
            self._newest = None if entry_id is None else Newest(number=last, entry_id=entry_id)
        return found

    def _read_all(self, *, now: dt.datetime) -> None:
        """From scratch. The entries are counted first: what comes in meanwhile is read again."""
        newest = logbook.newest()
        self._newest, self._late = newest, _not_there_yet(newest, now)
        self.name, self.since = uuid.uuid4().hex[:12], self.change
        self.lines, self.gone = {}, deque()
        wanted = missions.missions_out(self.viewer)
        for begin in range(0, len(wanted), READ_AT_ONCE):
            some = wanted[begin : begin + READ_AT_ONCE]
            for row in missions.board(self.viewer, now=now, only=some, near=self.near):
                self.lines[str(row.mission_id)] = self._line(row, now)
        self._put_in_order(now)

    def _line(self, row: BoardRow, now: dt.datetime) -> Line:
        place = instants.zone_info(row.zone)
        local = now.astimezone(place)
        midnight = dt.datetime.combine(local.date() + dt.timedelta(days=1), dt.time(), place)
        turns = [] if row.due_at is None else [row.due_at - strips.SOON, row.due_at]
        return Line(
            key=str(row.mission_id),
            row=row,
            strip=strips.strip(row, now=now),
            day=local.date(),
            until=min([midnight.astimezone(dt.UTC), *(at for at in turns if at > now)]),
            place=(*row.urgency, row.title, str(row.mission_id)),
            changed=self.change,
        )

    def _read(self, touched: set[uuid.UUID], *, now: dt.datetime) -> bool:
        """Read some missions again; gives whether the order may have changed."""
        rows: dict[str, BoardRow] = {}
        wanted = list(touched)
        for begin in range(0, len(wanted), READ_AT_ONCE):
            some = wanted[begin : begin + READ_AT_ONCE]
            found = missions.board(self.viewer, now=now, only=some, near=self.near)
            rows |= {str(row.mission_id): row for row in found}
        moved = False
        for key in map(str, wanted):
            old, row = self.lines.get(key), rows.get(key)
            if row is not None and (old is None or old.row != row):
                self.lines[key] = self._line(row, now)
                moved = True
            elif row is None and old is not None:
                del self.lines[key]
                self._remember_gone(key)
                moved = True
        return moved

    def _remember_gone(self, key: str) -> None:
        self.gone.append((self.change, key))
        while len(self.gone) > GONE_MOST:
            self.since = self.gone.popleft()[0]

    def _by_the_clock(self, *, now: dt.datetime, moved: bool) -> None:
        """Lines whose phase or day is another one by now."""
        if self._until is not None and now >= self._until:
            for line in self.lines.values():
                if now >= line.until:
                    new = self._line(line.row, now)
                    if (new.strip, new.day) != (line.strip, line.day):
                        line.strip, line.day, line.changed = new.strip, new.day, self.change
                    line.until = new.until
        if moved:
            self._put_in_order(now)
        else:
            self._until = self._next_turn(now)

    def _put_in_order(self, now: dt.datetime) -> None:
        self.order = sorted(self.lines.values(), key=lambda line: line.place)
        self._until = self._next_turn(now)

    def _next_turn(self, now: dt.datetime) -> dt.datetime:
        """When the clock changes something next; what stands above the rows is asked each minute,
        for a blind period leaves the board by the clock."""
        soonest = min((line.until for line in self.lines.values()), default=None)
        minute = now + dt.timedelta(minutes=1)
        return minute if soonest is None else min(minute, soonest)

    def _look_at_top(self, *, now: dt.datetime, changed: int) -> None:
        """What stands above the rows. Where nothing at all has changed, the version stays."""
        rows = [line.row for line in self.lines.values()]
        day = now.astimezone(instants.zone_info(self._zone)).date()
        least = ALL_WHO_WATCH if self.viewer in _BY_ROLE.values() else self.viewer
        top = {**strips.above(least, rows, now=now), "day": day, "any": bool(rows)}
        if top != self.top:
            self.top, self.top_changed = top, self.change
            return
        newest = max((line.changed for line in self.lines.values()), default=0)
        left = self.gone[-1][0] if self.gone else 0
        if max(newest, left, self.since) < self.change:
            self.change = changed


def _not_there_yet(newest: Newest | None, now: dt.datetime) -> dict[int, dt.datetime]:
    """The numbers among the last ones whose transaction may still be going on."""
    if newest is None:
        return {}
    after = max(0, newest.number - LATE_NUMBERS_MOST)
    found = logbook.recorded(after=after, limit=LATE_NUMBERS_MOST)
    there = {one.number for one in found}
    first = min(there, default=newest.number)
    return {number: now for number in range(first, newest.number) if number not in there}


_SHARED = {role: Kept(viewer=viewer) for role, viewer in _BY_ROLE.items()}


def is_shared(board: Kept) -> bool:
    """Whether several look at this board."""
    return any(board is one for one in _SHARED.values())


def kept_for(viewer: Viewer, *, now: dt.datetime) -> Kept:
    """The board that this viewer may see: one that those who keep watch share, or else one of their
    own, which is kept for nobody and says of places the same: by the board nobody learns that
    somebody is kept away from her. Who holds the watch without being a duty officer reads places as
    one, and nothing of secret units. Two queries at most."""
    if not viewer.keeps_watch:
        return Kept(viewer=viewer)
    role = Role.LEADER if viewer.has(Role.LEADER) else Role.GATE_KEEPER
    if is_duty_officer(viewer, now=now):
        role = Role.DUTY_OFFICER
    shares = viewer.shares_all and not viewer.apart
    if shares and role is Role.DUTY_OFFICER and not viewer.has(role):
        shares = not has_secret_units()
    return _SHARED[role] if shares else Kept(viewer=viewer, near=_BY_ROLE[role])
