"""What the figures are, read from the database at the moment somebody asks.

So they are the same whichever process answers, and hold after a restart: nothing is counted in
memory. Each is a number about the station. No name, callsign, id, place or address is a label.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric

import homeby
from homeby.comms.queries import figures as comms
from homeby.database import size
from homeby.logbook import queries as logbook
from homeby.missions.queries import figures as missions
from homeby.people.rules import STATION
from homeby.watch import queries as watch
from homeby.watch import wakefulness
from homeby.watch.queries import figures as alarms
from homeby.watch.queries import pauses

_FILES_MOST = 10_000


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A collector in the sense of prometheus-client. `now` is the station's time, `real_now` the
    machine's own, by which watchkeeper, auditor and backups are awake or old."""

    now: dt.datetime
    real_now: dt.datetime
    backup_folder: Path | None = None

    def collect(self) -> Iterator[Metric]:
        """All figures. Raises DatabaseError; then there are none, and the reader sees that."""
        yield InfoMetricFamily(
            "homeby",
            "The version that runs, and the kind of its database.",
            {"version": homeby.__version__, "database": size.kind()},
        )
        yield from self._watch()
        yield from self._auditor()
        yield from self._people()
        yield from self._outbox()
        yield from self._records()

    def _watch(self) -> Iterator[Metric]:
        age = watch.watch_age_seconds(real_now=self.real_now)
        yield _gauge(
            "homeby_watch_last_look_age_seconds",
            "Seconds since a watchkeeper last finished a look; absent when none ever did.",
            age,
        )
        yield _gauge(
            "homeby_watch_awake",
            "1 while the watch looked within the last minute.",
            watch.is_fresh(age),
        )
        yield _gauge(
            "homeby_watch_paused",
            "1 while the watch is paused by people.",
            pauses.paused_until(now=self.now) is not None,
        )
        yield _gauge(
            "homeby_clock_disputed",
            "1 while the clock of a machine is not believed.",
            bool(watch.open_disputes()),
        )

    def _auditor(self) -> Iterator[Metric]:
        found = wakefulness.auditor(STATION, real_now=self.real_now)
        yield _gauge(
            "homeby_auditor_verdict_age_seconds",
            "Seconds since the auditor last judged the watch; absent when it never did.",
            None if found is None else found.age_seconds,
        )
        yield _gauge(
            "homeby_auditor_agrees",
            "1 where the auditor's last verdict agrees with the watch; absent before the first.",
            None if found is None else found.agrees,
        )

    def _people(self) -> Iterator[Metric]:
        out = missions.out_figures(STATION, now=self.now)
        yield _gauge("homeby_out_parties", "Parties that are out.", out.parties)
        yield _gauge("homeby_out_people", "People who are out.", out.people)
        yield _gauge(
            "homeby_overdue_parties", "Parties out after the time they promised.", out.overdue
        )
        yield _gauge(
            "homeby_past_call_out_parties",
            "Parties out after their call-out time.",
            out.past_call_out,
        )
        phases = GaugeMetricFamily(
            "homeby_open_alarms", "Open alarms about people, by phase.", labels=["phase"]
        )
        for phase, number in alarms.alarm_figures(STATION).items():
            phases.add_metric([phase], number)
        yield phases

    def _outbox(self) -> Iterator[Metric]:
        found = comms.outbox_figures(STATION, now=self.now)
        since = found.waiting_since
        yield _gauge(
            "homeby_outbox_waiting", "Deliveries that have not been handed yet.", found.waiting
        )
        yield _gauge(
            "homeby_outbox_oldest_waiting_age_seconds",
            "Age of the oldest message of which a delivery is due; 0 where none is.",
            0 if since is None else max(0.0, (self.now - since).total_seconds()),
        )
        failing = GaugeMetricFamily(
            "homeby_failing_contact_points",
            "Contact points that have failed for ten minutes or longer, by channel.",
            labels=["channel"],
        )
        for channel, number in sorted(found.failing.items()):
            failing.add_metric([channel], number)
        yield failing
        lately = GaugeMetricFamily(
            "homeby_deliveries_last_hour",
            "Deliveries of messages written within the last hour, by channel and state.",
            labels=["channel", "state"],
        )
        for labels, number in sorted(found.lately.items()):
            lately.add_metric(labels, number)
        yield lately

    def _records(self) -> Iterator[Metric]:
        yield _gauge(
            "homeby_quarantined",
            "1 while this is a copy of a station, which watches nobody and sends nothing.",
            logbook.is_quarantined(),
        )
        yield _gauge(
            "homeby_logbook_last_entry_number",
            "The number of the newest entry: how many the logbook holds, gaps apart.",
            logbook.last_number(),
        )
        yield _gauge("homeby_database_size_bytes", "What the records take.", size.in_bytes())
        yield _gauge(
            "homeby_backup_age_seconds",
            "Age of the newest file in backup_folder; absent without folder or file.",
            self._backup_age_seconds(),
        )

    def _backup_age_seconds(self) -> float | None:
        newest = max(_written_at(self.backup_folder), default=None)
        return None if newest is None else max(0.0, self.real_now.timestamp() - newest)


def _written_at(folder: Path | None) -> Iterator[float]:
    """When each file in the folder was last written, in seconds; hidden and empty ones are not
    whole yet. At most ten thousand are looked at."""
    if folder is None:
        return
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for number, one in enumerate(found):
            if number >= _FILES_MOST:
                return
            with contextlib.suppress(OSError):
                about = one.stat()
                if one.is_file() and about.st_size and not one.name.startswith("."):
                    yield about.st_mtime


def _gauge(name: str, what: str, value: float | None) -> GaugeMetricFamily:
    """A figure without labels; one that is not known has no sample, for 0 would be a lie."""
    return GaugeMetricFamily(name, what, value=None if value is None else float(value))
