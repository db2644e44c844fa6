"""The rows of a board as markup, in one language and for pages of one zone. A row is rendered again
when it changed, or when the clock changed its words; else its markup is taken as it is."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.template import Template
from django.template.context import Context
from django.template.loader import get_template
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from homeby.missions.queries.looked import note_list
from homeby.people.rules import Viewer
from homeby.web.board.kept import Kept, Line, is_shared, kept_for

#: Boards, languages and zones whose markup is kept at once, and how much of each.
DRESSES_MOST = 6
BYTES_MOST = 32 * 1024 * 1024
#: With more news than this a screen gets the whole board: it is no larger, and simpler.
CHANGES_MOST = 200
WAIT_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A board at one moment. `etag` names its version and its dress."""

    version: str
    etag: str
    above: dict[str, Any]
    top: SafeString
    rows: list[bytes]


@dataclass(frozen=True, kw_only=True)
class Changes:
    """What leads from an earlier picture to this one. Each of `rows` stands behind the row `after`
    (empty: first), in the order given; `top` is None where nothing above the rows changed."""

    version: str
    etag: str
    top: str | None
    rows: list[dict[str, str]]
    gone: list[str]


@dataclass
class Dress:
    """The markup of the rows of one board in one language and zone."""

    board: Kept
    language: str
    zone: str
    pieces: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    top: tuple[int, str] = (-1, "")
    of: str = ""  # the name of the board that the pieces are of
    bytes_kept: int = 0

    @property
    def etag(self) -> str:
        """Weak: the same words, not the same bytes."""
        dress = hashlib.sha256(f"{self.language} {self.zone}".encode()).hexdigest()[:8]
        return f'W/"{self.board.version}-{dress}"'

    def markup(self, lines: Iterable[Line], *, now: dt.datetime) -> list[bytes]:
        """These rows in UTF-8, each rendered once for each change."""
        self._turn_to_this_board()
        pieces, found = self.pieces, []
        template: Template | None = None
        for line in lines:
            kept = pieces.get(line.key)
            if kept is None or kept[0] != line.changed:
                template = template or _template("board/_row.html")
                kept = (line.changed, self._row(template, line, now))
                self._keep(line.key, kept)
            found.append(kept[1])
        return found

    def _keep(self, key: str, piece: tuple[int, bytes]) -> None:
        old = self.pieces.pop(key, None)
        self.bytes_kept += len(piece[1]) - (len(old[1]) if old else 0)
        if self.bytes_kept > BYTES_MOST:  # more than is ever out: the rest is rendered again
            self.pieces.clear()
            self.bytes_kept = len(piece[1])
        self.pieces[key] = piece

    def _turn_to_this_board(self) -> None:
        if self.of != self.board.name:
            self.of, self.pieces, self.bytes_kept, self.top = self.board.name, {}, 0, (-1, "")
        elif len(self.pieces) > 2 * len(self.board.lines) + 100:  # most of them have come home
            left = {key: one for key, one in self.pieces.items() if key in self.board.lines}
            self.pieces, self.bytes_kept = left, sum(len(one[1]) for one in left.values())

    def _row(self, template: Template, line: Line, now: dt.datetime) -> bytes:
        context = Context({"row": line.strip, "zone": self.zone, "now": now})
        return template.render(context).strip().encode()

    def head(self, *, now: dt.datetime) -> str:
        """What stands above the rows."""
        self._turn_to_this_board()
        if self.top[0] != self.board.top_changed:
            context = Context({**self.board.top, "zone": self.zone, "now": now})
            words = _template("board/_top.html").render(context).strip()
            self.top = (self.board.top_changed, words)
        return self.top[1]


def _template(name: str) -> Template:
    """The compiled template itself: a context a row, without what a request brings."""
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template


class Wardrobe:
    """The dresses of the boards that viewers share; the least used one goes first."""

    def __init__(self) -> None:
        self._dresses: OrderedDict[tuple[int, str, str], Dress] = OrderedDict()
        self._lock = threading.Lock()

    def dress(self, *, board: Kept, language: str, zone: str) -> Dress:
        """The dress of this board in this language and zone."""
        key = (id(board), language, zone)
        with self._lock:
            found = self._dresses.pop(key, None) or Dress(board=board, language=language, zone=zone)
            self._dresses[key] = found
            while len(self._dresses) > DRESSES_MOST:
                self._dresses.popitem(last=False)
        return found


_WARDROBE = Wardrobe()


class Looking:
    """One look at the board by one viewer: a context manager that brings it up to date and holds it
    still meanwhile. Another look that hangs at the database holds up nobody for ever."""

    def __init__(self, viewer: Viewer, *, zone: str, now: dt.datetime) -> None:
        self._viewer, self._board = viewer, kept_for(viewer, now=now)
        self._shared = is_shared(self._board)
        self._now, self._zone = now, zone

    def __enter__(self) -> Looking:
        """Bring it up to date. The lock is given back by an error too."""
        note_list(self._viewer, "board")
        if not self._board.lock.acquire(timeout=WAIT_SECONDS):
            self._board, self._shared = Kept(viewer=self._board.viewer), False
            self._board.lock.acquire()
        try:
            self._board.look(now=self._now, zone=self._zone)
            language = translation.get_language() or ""
            worn = _WARDROBE.dress if self._shared else Dress
            self._dress = worn(board=self._board, language=language, zone=self._zone)
        except BaseException:
            self._board.lock.release()
            raise
        return self

    def __exit__(self, *_raised: object) -> None:
        """Let the next one look."""
        self._board.lock.release()

    @property
    def etag(self) -> str:
        """What the picture is called; known before anything is rendered."""
        return self._dress.etag

    def picture(self) -> Picture:
        """Everything."""
        return Picture(
            version=self._board.version,
            etag=self.etag,
            above=self._board.top,
            top=mark_safe(self._dress.head(now=self._now)),  # noqa: S308 - a rendered template
            rows=self._dress.markup(self._board.order, now=self._now),
        )

    def changes(self, since: str) -> Changes | None:
        """What is new since that version; None where only the whole board tells it."""
        board = self._board
        seen = _number(since, board)
        if seen is None or not board.since <= seen <= board.change or not board.order:
            return None
        before = ["", *(line.key for line in board.order)]
        new = [
            (line, after)
            for line, after in zip(board.order, before, strict=False)
            if line.changed > seen
        ]
        if len(new) > CHANGES_MOST or len(new) == len(board.order):
            return None
        pieces = self._dress.markup([line for line, _after in new], now=self._now)
        return Changes(
            version=board.version,
            etag=self.etag,
            top=self._dress.head(now=self._now) if board.top_changed > seen else None,
            rows=[
                {"key": line.key, "after": after, "html": html.decode()}
                for (line, after), html in zip(new, pieces, strict=True)
            ],
            gone=[key for change, key in board.gone if change > seen],
        )


def _number(since: str, board: Kept) -> int | None:
    """The change a screen has seen, if it has seen this very board."""
    name, _, number = since.partition("-")
    known = name == board.name and number.isascii() and number.isdigit() and len(number) < 18
    return int(number) if known else None
