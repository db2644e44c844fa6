"""What the processes of a station print of themselves: one line an event, nothing about anybody.

A line holds the time in UTC, the process, and an event name. Whatever is put into its sentence is
left out unless it can be about nobody: numbers, ids, and the words of the program itself. So a
name, an address, a secret or a link that reaches a log by mistake stays unwritten, also inside an
error, of which kind and place are told and the text is not. (ASVS 5.0: 16.2.1, 16.2.2, 16.2.5.)

On a terminal a line is a sentence; anywhere else it is JSON, for programs that collect lines.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import enum
import json
import logging
import re
import sys
import threading
import uuid
from collections.abc import Mapping
from pathlib import PurePath
from types import TracebackType
from typing import Any, Literal, TextIO

Form = Literal["auto", "json", "text"]
WITHHELD = "…"
FRAMES_MOST = 12

_OURS = re.compile(r"homeby(\.|$)")
_HOLE = re.compile(r"%(\((\w+)\))?[#0\- +]?\d*(\.\d+)?[a-zA-Z]")
_REF = re.compile(r"([a-z]{2,20}:)?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}(/[a-z]{2,20})*")
_ROWS = frozenset({"Alarm", "Deadline", "Delivery", "Entry", "Message", "Mission"})
_NUMBER_MOST = 10**9  # a telephone number is longer


class Word(str):
    """A word of the program itself, which nobody typed and no setting holds: it may be written."""


class ForTheEye(str):
    """What is told to whoever started the station on a terminal, and kept nowhere."""


class Lines(logging.Formatter):
    """A record as one line."""

    def __init__(self, form: Form = "auto", stream: TextIO | None = None) -> None:
        super().__init__()
        auto = not (stream or sys.stderr).isatty()
        self._as_json = auto if form == "auto" else form == "json"

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        if self._as_json:
            return json.dumps(facts_of(record), default=_withheld)
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        error = error_of(record)
        told = f" [{error['error']}: {', '.join(error['trace'])}]" if error else ""
        return f"{at:%H:%M:%SZ} {process_name()}: {_sentence(record)}{told}"


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a line tells, and nothing else is in it."""
    at = dt.datetime.fromtimestamp(record.created, dt.UTC)
    ours = bool(_OURS.match(record.name))
    found: dict[str, Any] = {
        "at": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "level": record.levelname.lower(),
        "process": process_name(),
        "event": event_name(str(record.msg) if ours else record.name),
    }
    if ours:
        found |= {name: one for name, one in _arguments(record).items() if name not in found}
    else:  # a library makes its sentences as it likes: only where it spoke is told
        found["place"] = f"{PurePath(record.pathname).name}:{record.lineno}"
        status = getattr(record, "status_code", None)
        request = getattr(record, "request", None)
        found |= {"status": status} if isinstance(status, int) else {}
        path = getattr(request, "path", None)
        found |= {"route": route_of(path)} if isinstance(path, str) else {}
    return found | error_of(record)


def _withheld(value: object) -> str:
    """What is no plain value is not told; what went through `shown` always is one."""
    return WITHHELD


def event_name(template: str) -> str:
    """A name for what happened, from the sentence as it stands in the code: its words up to the
    first stop, without what is put in."""
    said = re.split(r"[:;(]", _HOLE.sub(" ", template).strip())[0]
    return "_".join(re.findall(r"[a-z0-9]+", said.lower()))[:80] or "event"


def shown(value: object) -> Any:
    """A value as a line may tell it; WITHHELD for whatever might be about somebody."""
    if value is None or isinstance(value, bool | Word):
        return value
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, int | float):
        return value if abs(value) < _NUMBER_MOST else WITHHELD
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, BaseException):
        return type(value).__name__
    if isinstance(value, str):
        return _text(value)
    named = type(value).__name__
    return f"{named.lower()}:{getattr(value, 'pk', '')}" if named in _ROWS else WITHHELD


def _text(value: str) -> str:
    if _REF.fullmatch(value):
        return value
    return route_of(value) if value.startswith("/") else WITHHELD


def route_of(path: str) -> str:
    """The pattern of the address in our own list, for an address may hold a secret or a name."""
    from django.urls import Resolver404, resolve

    try:
        return "/" + resolve(path).route
    except (Resolver404, ValueError):
        return "/" + WITHHELD


def _arguments(record: logging.LogRecord) -> dict[str, Any]:
    """What was put into the sentence: by name where it has names, else in its order."""
    given: object = record.args
    if isinstance(given, Mapping):
        return {str(name): _kept(value) for name, value in given.items()}
    values = [_kept(value) for value in given] if isinstance(given, tuple) else []
    return {"facts": values} if values else {}


def _kept(value: object) -> Any:
    return WITHHELD if isinstance(value, ForTheEye) else shown(value)


def _sentence(record: logging.LogRecord) -> str:
    """The sentence for a terminal."""
    if not _OURS.match(record.name):
        return " ".join(f"{name} {value}" for name, value in facts_of(record).items()
                        if name in ("level", "event", "place", "status", "route"))  # fmt: skip
    given = record.args
    named = given if isinstance(given, Mapping) else {}
    placed = iter(given if isinstance(given, tuple) else ())

    def put_in(hole: re.Match[str]) -> str:
        value = named.get(hole[2]) if hole[2] else next(placed, None)
        may = str(value) if isinstance(value, ForTheEye) else shown(value)
        return f"{may:g}" if isinstance(may, float) else str(may)

    return _HOLE.sub(put_in, str(record.msg))


def error_of(record: logging.LogRecord) -> dict[str, Any]:
    """Of an error its kind, its code and the places it came by; its text may quote anything."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return {}
    found: dict[str, Any] = {"error": type(error).__name__, "trace": _places(error.__traceback__)}
    cause = error.__cause__ or error.__context__
    if cause is not None:
        found["cause"] = type(cause).__name__
    for one in (error, cause):
        code = getattr(one, "sqlstate", None) or getattr(one, "sqlite_errorname", None)
        if isinstance(code, str) and re.fullmatch(r"\w{2,40}", code):
            found["code"] = code
    return found


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        parts = PurePath(code.co_filename).parts
        start = max((n for n, part in enumerate(parts) if part in _ROOTS), default=len(parts) - 2)
        places.append(f"{'/'.join(parts[start:])}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return places[-FRAMES_MOST:]


_ROOTS = frozenset({"homeby", "site-packages"})
_PROCESSES = {"run": "run", "demo": "run", "watchkeeper": "watchkeeper", "auditor": "auditor",
              "partner": "partner"}  # fmt: skip
_PROGRAMS = {"web_server.py": "web", "supervisor.py": "run"}


def process_name() -> str:
    """Which process of the station this is, by how it was started."""
    program = PurePath(sys.argv[0]).name
    if program in _PROGRAMS:
        return _PROGRAMS[program]
    return _PROCESSES.get(sys.argv[1] if len(sys.argv) > 1 else "", "command")


def configuration(form: Form) -> dict[str, Any]:
    """What `logging` is told, in its own words: ours and every library's lines by one way."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "homeby.output.Lines", "form": form}},
        "handlers": {"output": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["output"], "level": "WARNING"},
        "loggers": {
            "homeby": {"level": "INFO"},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            # What was denied is told by `homeby.web.denied`, once.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "CRITICAL"},
            "django.server": {"handlers": [], "propagate": True},
            "_granian": {"handlers": [], "level": "WARNING", "propagate": True},
        },
    }


def catch_all() -> None:
    """What nobody catches becomes a line, too, and so do warnings: Python itself would print their
    text. For the processes of a station; a command ends with a traceback for whoever gave it."""
    log = logging.getLogger("homeby.process")
    logging.captureWarnings(True)

    def broke(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt):
            log.critical("the process broke", exc_info=(kind, error, trace))

    def thread_broke(what: threading.ExceptHookArgs) -> None:
        if what.exc_value is not None and what.exc_type is not SystemExit:
            broke(what.exc_type, what.exc_value, what.exc_traceback)

    sys.excepthook = broke
    threading.excepthook = thread_broke


def to_standard_output(name: str, form: Form) -> logging.Logger:
    """The logger of a process whose lines are what it was started for: they go to standard output,
    where the others stay out of the way of a command's answer."""
    log = logging.getLogger(name)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Lines(form, sys.stdout))
    for old in list(log.handlers):
        log.removeHandler(old)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    with contextlib.suppress(AttributeError, ValueError):
        sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    return log
