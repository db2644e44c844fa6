"""`homeby doctor`: looks at everything a station stands on, a sentence for each, and what to do."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import smtplib
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, ZoneInfoNotFoundError

from django.db import DatabaseError

from homeby import clock, keys, steady
from homeby.database import safety, versions
from homeby.findings import Finding, Level, amber, green, red, worst
from homeby.logbook import queries as logbook
from homeby.missions.queries.zones import zone_changes
from homeby.people.rules import STATION
from homeby.settings import Settings, unknown_variables
from homeby.station import doctor_backup, doctor_watch, live, messages, who_is_told
from homeby.watch import queries as watch

_MARKS = {Level.GREEN: "ok   ", Level.AMBER: "look ", Level.RED: "RED  "}
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SMTP_PATIENCE_SECONDS = 10.0
_LITTLE_ROOM_BYTES = 1024**3
_NO_ROOM_BYTES = 100 * 1024**2
_TRY_ZONE = "Europe/Zurich"
_KEY_FILES = (
    *(keys.SECRET_KEY_FILE, keys.PEOPLE_KEY_FILE, keys.LOG_KEY_FILE),
    *(keys.WEBPUSH_KEY_FILE, keys.KIOSK_KEY_FILE, keys.OPEN_BADGES_KEY_FILE),
)

#: No station was ever started before this day; a clock that shows less has lost its battery.
_FIRST_DAY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

_SMTP_TROUBLE = (OSError, smtplib.SMTPException, ssl.SSLError)


def run(*, settings: Settings, as_json: bool) -> int:
    """Examine the station and print what was found. Returns 1 when anything is red, else 0."""
    findings = examine(settings=settings, now=clock.real_now())
    print(as_text(findings) if not as_json else as_json_text(findings))
    return 1 if worst(findings) is Level.RED else 0


def examine(*, settings: Settings, now: dt.datetime) -> list[Finding]:
    """Every finding, good ones too. `now` is the machine's own time, not a demonstration's."""
    seen = clock.clocks()
    records = _read_records(seen=seen)
    # A demonstration may run faster than life, and its logbook lies in the future then.
    last_entry_at = None if settings.demonstration else records.last_entry_at
    return [
        *problems_with_settings(settings=settings, names=tuple(os.environ)),
        *problems_with_folders(home=settings.home, empty=records.empty),
        *safety.problems_with_database(now),
        *problems_with_channels(settings=settings),
        *problems_with_clock(
            now=seen.wall_at, moved=records.moved_seconds, last_entry_at=last_entry_at
        ),
        *doctor_watch.problems_with_addresses(settings=settings),
        *(doctor_watch.problems_with_watch(real_now=now) if records.readable else []),
        *([_live(home=settings.home)] if records.readable else []),
        *([who_is_told.finding(), _moved_by_zones()] if records.readable else []),
        *([*who_is_told.for_kin(), who_is_told.by_callsign()] if records.readable else []),
        *(who_is_told.passkeys() if records.readable else []),
        *(doctor_backup.problems(settings=settings) if records.readable else []),
        *(messages.problems(settings=settings, now=clock.now()) if records.readable else []),
    ]


def _live(*, home: Path) -> Finding:
    """Whether this is the live station, or a copy that sends nothing."""
    why = live.doubt(home=home)
    if not why:
        return green("live", "This is the live station; nobody takes it for a copy.")
    return red(
        "live",
        f"This is a copy of a station: it watches nobody and sends nothing. {why}",
        "If it is the live one now, stop the other one and run: homeby live --confirm",
    )


def _moved_by_zones() -> Finding:
    """Whether today's zone data reads an open time otherwise than when it was typed."""
    count = len(zone_changes(STATION, now=clock.now()))
    if not count:
        return green("typed times", "Every open time means what it meant when it was typed.")
    return amber(
        "typed times",
        f"New time zone data reads {count} open times otherwise than when they were typed.",
        "Look at them with `homeby zones`, and move them with `homeby zones --confirm`.",
    )


def as_text(findings: Sequence[Finding]) -> str:
    """One finding to a line, the worst first, and a last line that sums up."""
    ordered = sorted(findings, key=lambda finding: -finding.level)
    lines = [f"{_MARKS[finding.level]} {finding.what}: {finding}" for finding in ordered]
    bad = sum(finding.level is Level.RED for finding in findings)
    doubtful = sum(finding.level is Level.AMBER for finding in findings)
    return "\n".join([*lines, f"{bad} red, {doubtful} to look at, {len(findings)} in all."])


def as_json_text(findings: Sequence[Finding]) -> str:
    """The findings for a program."""
    content = {
        "level": worst(findings).name,
        "findings": [finding.as_json() for finding in findings],
    }
    return json.dumps(content, ensure_ascii=False, indent=2)


def problems_with_settings(*, settings: Settings, names: Sequence[str]) -> list[Finding]:
    """What in the settings works, and still will not do what one expects."""
    source = settings.file if settings.file.exists() else "defaults and variables"
    found = [green("settings", f"The settings can be used ({source}).")]
    found += [
        amber(
            "settings",
            f"The variable {name} is set, and nothing in Homeby reads it.",
            "Remove it, or look for the right name in the list of settings.",
        )
        for name in unknown_variables(names=names)
    ]
    if settings.demonstration:
        found.append(
            amber(
                "settings",
                "This is a demonstration: no message reaches a phone.",
                "Use it to learn; a real station begins with `homeby init`.",
            )
        )
        return found
    return [*found, *_public_address(settings=settings)]


def _public_address(*, settings: Settings) -> list[Finding]:
    if settings.public_host in _LOOPBACK:
        return [
            amber(
                "public_url",
                f"Links in messages begin with {settings.public_url}, which opens on this machine "
                "only.",
                "Set public_url to the address that phones can reach.",
            )
        ]
    if not settings.public_is_https:
        return [
            amber(
                "public_url",
                "People reach the station over a line that is not encrypted: names and passwords "
                "can be read on the way.",
                "Put a proxy with a certificate in front and write https:// in public_url.",
            )
        ]
    return [green("public_url", f"Links in messages begin with {settings.public_url}.")]


def problems_with_folders(*, home: Path, empty: bool) -> list[Finding]:
    """Who may read the station's folder and keys, and how much room the disk has.

    `empty`: the database holds nothing yet, so that a people key may still be missing.
    """
    if not home.is_dir():
        return [
            red(
                "folder",
                f"The station's folder {home} does not exist.",
                "Run `homeby init`, or set HOMEBY_HOME to the folder of your station.",
            )
        ]
    return [_folder(home=home), *_keys(home=home, empty=empty), _room(home=home)]


def _folder(*, home: Path) -> Finding:
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        return red(
            "folder",
            f"This account may not write in the station's folder {home}.",
            "Run Homeby under the account that owns the folder.",
        )
    if keys.readable_by_others(path=home):
        return amber(
            "folder",
            f"Other accounts of this machine can look into the station's folder {home}.",
            f"Run: chmod 700 {home}",
        )
    return green("folder", f"Only this account can look into the station's folder {home}.")


def _keys(*, home: Path, empty: bool) -> list[Finding]:
    found = []
    for name in _KEY_FILES:
        path = keys.folder(home=home) / name
        if path.exists() and keys.readable_by_others(path=path):
            found.append(
                red("keys", f"Other accounts can read the key {path}.", f"Run: chmod 600 {path}")
            )
    try:
        if not empty:
            keys.people_key(home=home)
    except keys.KeyProblem as problem:
        return [*found, red("keys", str(problem), "")]
    return found or [green("keys", "The keys are there, and only this account can read them.")]


def _room(*, home: Path) -> Finding:
    free_bytes = shutil.disk_usage(home).free
    room = f"{free_bytes / 1024**3:.1f} GiB are free on the disk of the station's folder"
    if free_bytes < _NO_ROOM_BYTES:
        return red("disk", f"Only {room}: soon nothing can be recorded.", "Make room now.")
    if free_bytes < _LITTLE_ROOM_BYTES:
        return amber("disk", f"Only {room}.", "Make room, or use a larger disk.")
    return green("disk", f"{room}.")


def problems_with_channels(*, settings: Settings) -> list[Finding]:
    """Whether the mail server lets itself be reached. Nothing is sent, and nobody logs in."""
    if not settings.smtp_host:
        return [
            amber(
                "e-mail",
                "No mail server is set: nobody can be reached by e-mail.",
                "Set smtp_host, unless every contact point uses another channel.",
            )
        ]
    place = f"{settings.smtp_host} port {settings.smtp_port}"
    try:
        _greet_mail_server(settings=settings)
    except _SMTP_TROUBLE as error:
        return [
            red(
                "e-mail",
                f"The mail server {place} cannot be reached: {_short(error)}.",
                "Look at smtp_host, smtp_port and smtp_security, and at the line to the network.",
            )
        ]
    return [green("e-mail", f"The mail server {place} answers ({settings.smtp_security}).")]


def _greet_mail_server(*, settings: Settings) -> None:
    patience = min(settings.smtp_timeout_seconds, _SMTP_PATIENCE_SECONDS)
    context = ssl.create_default_context()
    if settings.smtp_security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.smtp_host, settings.smtp_port, timeout=patience, context=context
        )
    else:
        server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=patience)
    with server:
        if settings.smtp_security == "starttls":
            server.starttls(context=context)
        server.ehlo_or_helo_if_needed()


def _short(error: BaseException) -> str:
    if isinstance(error, socket.gaierror):
        return "there is no machine of this name"
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def problems_with_clock(
    *, now: dt.datetime, moved: float | None, last_entry_at: dt.datetime | None
) -> list[Finding]:
    """The wall clock against the count since boot and against the logbook; the time zones.

    `moved`: by how many seconds the wall clock was moved since the watch believed it, if known.
    """
    return [_wall(now=now, moved=moved, last_entry_at=last_entry_at), _time_zones()]


def _wall(*, now: dt.datetime, moved: float | None, last_entry_at: dt.datetime | None) -> Finding:
    if now < _FIRST_DAY:
        return red(
            "clock",
            f"The clock of this machine shows {now:%Y-%m-%d %H:%M}Z, which cannot be.",
            "Set the clock; a machine without a battery needs the time from the network.",
        )
    if last_entry_at is not None and now < last_entry_at:
        return red(
            "clock",
            f"The clock of this machine shows {now:%Y-%m-%d %H:%M:%S}Z, but the last entry of the "
            f"logbook was recorded at {last_entry_at:%Y-%m-%d %H:%M:%S}Z.",
            "Set the clock right before the station starts: alarms would come too late.",
        )
    if moved is not None and abs(moved) > steady.DISPUTED_SECONDS:
        way = "forward" if moved > 0 else "back"
        return amber(
            "clock",
            f"The clock of this machine was moved {way} by {abs(moved):.0f} s: it is disputed, and "
            "the watch counts on by itself.",
            "Set it right, or accept it by `homeby clock --accept`; let the network keep it right.",
        )
    return green("clock", f"The clock shows {now:%Y-%m-%d %H:%M:%S}Z, and nobody moved it.")


def _time_zones() -> Finding:
    try:
        ZoneInfo(_TRY_ZONE)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return red(
            "time zones",
            "This machine has no data about time zones: local times cannot be understood.",
            "Install the package tzdata.",
        )
    system = _system_zone_version()
    package = _package_zone_version()
    if system and package and int(system[:4]) < int(package[:4]) - 1:
        return amber(
            "time zones",
            f"The time zones of this machine are of {system}; countries have changed theirs since.",
            "Bring the system's package tzdata up to date.",
        )
    return green("time zones", f"The time zones are of {system or package or 'an unknown day'}.")


def _system_zone_version() -> str:
    """The release of the system's zone data such as 2026a; empty when there is none."""
    for folder in TZPATH:
        try:
            with (Path(folder) / "tzdata.zi").open(encoding="utf-8") as file:
                version = file.readline().rpartition(" ")[2].strip()
        except OSError:
            continue
        if version[:4].isdigit():
            return version
    return ""


def _package_zone_version() -> str:
    try:
        return metadata.version("tzdata")
    except metadata.PackageNotFoundError:
        return ""


@dataclass(frozen=True, kw_only=True)
class _Records:
    """What the database tells the doctor; nothing where it does not answer."""

    readable: bool = False
    empty: bool = False
    last_entry_at: dt.datetime | None = None
    moved_seconds: float | None = None


def _read_records(*, seen: steady.Clocks) -> _Records:
    try:
        if versions.compare().database_is_empty:
            return _Records(empty=True)
        entries = logbook.visible_entries(STATION).order_by("-number")
        trusted = watch.zero_noted(seen)
        return _Records(
            readable=True,
            last_entry_at=entries.values_list("recorded_at", flat=True).first(),
            moved_seconds=None if trusted is None else steady.apart_seconds(seen, trusted),
        )
    except DatabaseError:
        return _Records()  # what is wrong stands among the findings about the database
