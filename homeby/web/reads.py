"""Every page, file and answer to a program is written down as a look before it leaves the station
(promise P15). The queries say what was opened; this is the one place that records it.

A record that cannot be written stops no page about somebody in danger: it is counted, said on the
page "Is the watch awake?", kept in memory and written with the next one that can be. Contacts, kin,
home and health are not shown without it.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import DatabaseError, InterfaceError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby import clock
from homeby.database.address import BUSY_LIMIT_SECONDS
from homeby.database.patience import patience
from homeby.findings import Finding, amber, red
from homeby.logbook import actions as logbook
from homeby.logbook import reading
from homeby.logbook.reading import CLOSED, Ledger, Look, ReaderHere
from homeby.people.rules import Role, Viewer
from homeby.web.middleware import trouble_page

log = logging.getLogger("homeby.web")
GetResponse = Callable[[HttpRequest], HttpResponseBase]

#: In which part somebody looks, the first that she has.
_PARTS = (Role.DUTY_OFFICER, Role.LEADER, Role.GATE_KEEPER, Role.ADMINISTRATOR)
#: Looks that wait for a database that can be written; more are counted only.
WAITING_MOST = 1000
#: After a failure no page waits for the database again before so many seconds have passed.
WAIT_SECONDS = 5.0
#: So many milliseconds a page that is shown anyway waits for another writer.
PATIENCE = 500

_NOT_SHOWN = gettext_lazy(
    "Who looks at contacts, kin, home or health is recorded first, and the records cannot be "
    "written just now: so this is not shown. Try again in a moment, and tell whoever runs the "
    "station."
)


def part_of(viewer: Viewer) -> str:
    """The part in which this viewer looks at others."""
    return next((str(role) for role in _PARTS if viewer.has_somewhere(role)), str(Role.MEMBER))


def reader_is(viewer: Viewer, *, device: str, now: dt.datetime) -> None:
    """Say who reads in this request. Nobody who is not known is a reader."""
    if viewer.person_id is not None:
        part = part_of(viewer)
        reading.read_by(ReaderHere(person_id=viewer.person_id, as_=part, device=device, now=now))


@dataclass
class Waiting:
    """Looks of this process that could not be written yet, and how many are lost for good."""

    looks: deque[tuple[ReaderHere, Look]] = field(default_factory=deque)
    lost: int = 0
    failed_at: float | None = None  # seconds since the machine began
    lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, by: ReaderHere, looks: list[Look]) -> None:
        """They could not be written."""
        with self.lock:
            self.failed_at = clock.boot_seconds()
            room = WAITING_MOST - len(self.looks)
            self.looks.extend((by, look) for look in looks[:room])
            self.lost += max(0, len(looks) - room)

    def taken(self) -> dict[ReaderHere, list[Look]]:
        """What waits, to be written now."""
        found: dict[ReaderHere, list[Look]] = {}
        with self.lock:
            self.failed_at = None
            while self.looks:
                by, look = self.looks.popleft()
                found.setdefault(by, []).append(look)
        return found

    def just_failed(self) -> bool:
        """Whether the database was in trouble a moment ago."""
        at = self.failed_at
        return at is not None and 0 <= clock.boot_seconds() - at < WAIT_SECONDS


WAITING = Waiting()


def findings() -> list[Finding]:
    """What the page about the watch says of looks that are not written; nothing while all are."""
    found = []
    if WAITING.looks:
        sentence = _("%d looks at people could not be recorded yet.") % len(WAITING.looks)
        found.append(amber("looks", sentence, _("They are written as soon as the records can be.")))
    if WAITING.lost:
        sentence = _("%d looks at people were never recorded.") % WAITING.lost
        advice = _("The records could not be written for too long: see why, then start again.")
        found.append(red("looks", sentence, advice))
    return found


def recorded(get_response: GetResponse) -> GetResponse:
    """Write down what a page shows of people, before it leaves."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with reading.ledger() as ledger:
            response = get_response(request)
        if not ledger.looks or not (ledger.is_handed_over or _shows(request, response)):
            return response
        if _written(ledger):
            return response
        return trouble_page(request=None, sentence=_NOT_SHOWN, status=503)

    return middleware


def _shows(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether anything of it is shown: an answer to an act of a program says what was done, but a
    refusal may say what speaks against it."""
    if response.status_code not in (200, 422):
        return False
    text = response.headers.get("Content-Type", "")
    is_read = request.method in ("GET", "HEAD") or response.status_code == 422
    return is_read or text.startswith("text/html")


def _written(ledger: Ledger) -> bool:
    """Whether the page may leave."""
    looks, by = list(ledger.looks), ledger.reader
    closed = any(look.kind in CLOSED for look in looks)
    if by is None:
        return not closed
    try:
        if closed or not WAITING.just_failed():
            with patience(milliseconds=BUSY_LIMIT_SECONDS * 1000 if closed else PATIENCE):
                logbook.note_looks(looks, by=by)
            if WAITING.looks:
                _catch_up()
            return True
    except (DatabaseError, InterfaceError) as error:
        log.warning("looks at people could not be recorded: %s", error)
    if not closed:
        WAITING.keep(by, looks)
    return not closed


def _catch_up() -> None:
    """Write what waits, now that the records can be written."""
    for by, looks in WAITING.taken().items():
        try:
            logbook.note_looks(looks, by=by)
        except (DatabaseError, InterfaceError):
            WAITING.keep(by, looks)
