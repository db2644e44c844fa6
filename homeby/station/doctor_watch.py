"""What doctor says of the watch itself: its processes, canary, channels, outside heartbeat."""

from __future__ import annotations

import datetime as dt
import socket
import threading
from dataclasses import replace

from homeby import clock
from homeby.auditor.heartbeat import Target, target
from homeby.comms import channels
from homeby.comms.actions.deliver import channel_settings
from homeby.comms.rules import canary_addresses
from homeby.findings import Finding, Level, amber, green, red
from homeby.people.rules import STATION
from homeby.settings import Settings
from homeby.watch import queries as watch
from homeby.watch import wakefulness
from homeby.watch.rules.awake import LOGBOOK

_PATIENCE_SECONDS = 5.0


def problems_with_watch(*, real_now: dt.datetime) -> list[Finding]:
    """The same findings as on the page "Is the watch awake?". Where the station does not run, its
    parts are silent for that reason alone: one sentence says so, and nothing is red for it."""
    age_seconds = watch.watch_age_seconds(real_now=real_now)
    found = wakefulness.findings(STATION, now=clock.now(), real_now=real_now, pace=clock.speed())
    found = [one for one in found if (one.what, one.level) != (LOGBOOK, Level.RED)]  # it says so
    if watch.is_fresh(age_seconds):
        return [replace(one, what="watch") if one.what == "watchkeeper" else one for one in found]
    since = "has never looked" if age_seconds is None else f"last looked {age_seconds:.0f} s ago"
    silent = amber(
        "watch",
        f"The watchkeeper {since}: nobody is watched.",
        "Start the station by `homeby run`.",
    )
    asleep = [
        replace(one, level=min(one.level, Level.AMBER))
        for one in found
        if one.what != "watchkeeper"
    ]
    return [silent, *asleep]


def problems_with_addresses(*, settings: Settings) -> list[Finding]:
    """Whether the heartbeat's and the canary's addresses can be used. Nothing is sent."""
    return [*_heartbeat(settings=settings), *_canary(settings=settings)]


def _heartbeat(*, settings: Settings) -> list[Finding]:
    url = settings.heartbeat_url.get_secret_value().strip()
    if not url:
        return []  # that none is set stands among the findings about the watch
    to = target(url)
    if isinstance(to, str):
        return [red("heartbeat_url", to, "Copy the address from the service that listens for it.")]
    trouble = _trouble_with_line(to)
    place = f"{to.host} port {to.port}"
    if trouble:
        return [
            red(
                "heartbeat_url",
                f"The outside heartbeat's {place} cannot be reached: {trouble}.",
                "Look at heartbeat_url and at the line to the network.",
            )
        ]
    return [green("heartbeat_url", f"The outside heartbeat's {place} takes connections.")]


def _trouble_with_line(to: Target) -> str:
    """Empty when a connection can be made. Nothing is asked for: a call would say all is well."""
    told: list[str] = []

    def connect() -> None:
        try:
            socket.create_connection((to.host, to.port), timeout=_PATIENCE_SECONDS).close()
            told.append("")
        except socket.gaierror:
            told.append("there is no machine of this name")
        except OSError as error:
            told.append((error.strerror or "it does not answer in time").lower())

    # On a thread, for looking up a name has no limit of its own.
    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(2 * _PATIENCE_SECONDS)
    return told[0] if told else "it does not answer in time"


def _canary(*, settings: Settings) -> list[Finding]:
    found = []
    addresses = canary_addresses(settings.canary_addresses)
    for line in settings.canary_addresses:
        if "=" not in line:
            found.append(_wrong(f"{line[:40]!r} names no channel class", settings))
    for name, address in addresses.items():
        if name not in channels.NAMES:
            known = ", ".join(channels.NAMES).lower()
            found.append(_wrong(f"there is no channel {name!r}; there are {known}", settings))
            continue
        problem = channels.channel(name, channel_settings()).problem_with(address)
        if problem:
            found.append(_wrong(f"{name.lower()}: {problem.rstrip('.')}", settings))
    return found


def _wrong(why: str, settings: Settings) -> Finding:
    return amber(
        "canary_addresses",
        f"An address for the canary's nights cannot be used: {why}.",
        f"Write lines such as email=night@example.org in {settings.file}.",
    )
