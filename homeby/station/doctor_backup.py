"""What doctor says of backups: how old the newest is, and whether another one could be made. Also
whether what is no longer kept was erased."""

from __future__ import annotations

from homeby import clock
from homeby.findings import Finding, amber, red
from homeby.logbook import queries as logbook
from homeby.retention import daily
from homeby.settings import Settings
from homeby.station.backup import backup_keys, unfinished
from homeby.watch.rules import backups


def problems(*, settings: Settings) -> list[Finding]:
    """The findings. A demonstration needs no backup. Raises DatabaseError."""
    if settings.demonstration:
        return []
    if unfinished.is_here(home=settings.home):
        what = "Give the same `homeby restore` again: it goes on where it stopped."
        return [red("restore", "A restore was begun here and is not finished.", what)]
    last = logbook.last_backup()
    found = [
        backups.finding(
            last[0] if last else None, days_max=settings.backup_days_max, now=clock.now()
        )
    ]
    kept = daily.finding(now=clock.now())
    found += [kept] if kept is not None else []
    if settings.backup_recipients:
        try:
            backup_keys.holders(settings.backup_recipients)
        except backup_keys.KeyRefused as trouble:
            what = "Put backup_recipients in homeby.toml right."
            found.append(amber("backup_recipients", str(trouble), what))
    return found
