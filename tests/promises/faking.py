"""P8 on a real process: `python -m tests.promises.faking LIBFAKETIME JUMP…` fills an empty station,
keeps watch in a process under libfaketime, and for each jump ("-1d", "+1h", "1970-01-02 00:00:00")
moves that process's wall clock while a party is about to be due. It prints, a line of JSON a jump,
how late the alarm opened by the true clock and which dispute there was. This process goes by the
true clock. The long form, which `make proof` runs, takes all of `JUMPS`.
"""

from __future__ import annotations

import datetime as dt
import glob
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

JUMPS = ("-1h", "+1h", "-1d", "+1d", "1970-01-02 00:00:00")
LIBRARIES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib*/faketime/libfaketimeMT.so.1")
ABSENT = "libfaketime is not here: install the package libfaketime"
DUE_SECONDS = 4.0
START_SECONDS = 60.0


def library() -> str:
    """Where libfaketime lies: as the variable LIBFAKETIME says, else as Debian and others put it;
    empty when it is not here."""
    found = [path for pattern in LIBRARIES for path in glob.glob(pattern)]
    return os.environ.get("LIBFAKETIME") or (found[0] if found else "")


def wait_until(happened: object, *, seconds: float) -> None:
    assert callable(happened)
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        threading.Event().wait(0.1)


def due_soon(number: int) -> None:
    """The party of this number is due in a few seconds."""
    from homeby import clock
    from homeby.logbook.actions import writing
    from homeby.watch import rules
    from homeby.watch.models import Deadline

    now = clock.now()
    due_at = now + dt.timedelta(seconds=DUE_SECONDS)
    call_out_at = due_at + dt.timedelta(hours=1)
    with writing(now=now, by=None) as book:
        row = Deadline.objects.filter(kind="RETURN").order_by("pk")[number]
        page = book.entry(rules.ALARM_WAITS, subject="clock test")
        page.change(row, due_at=due_at, act_at=due_at, call_out_at=call_out_at)


def one_jump(number: int, jump: str, faked: Path) -> dict[str, object]:
    """Move the clock, wait for the alarm, put the clock right again, wait for the end of it."""
    from homeby.watch.models import Alarm, ClockDispute, Deadline

    due_soon(number)
    faked.write_text(f"{jump}\n", encoding="ascii")
    wait_until(lambda: Alarm.objects.filter(kind="OVERDUE").count() > number, seconds=30)
    alarm = Alarm.objects.filter(kind="OVERDUE").order_by("-opened_at").first()
    row = Deadline.objects.filter(kind="RETURN").order_by("pk")[number]
    assert alarm is not None
    late = (alarm.opened_at - row.due_at).total_seconds()
    found = ClockDispute.objects.order_by("-began_at").values_list("kind", flat=True)[:1]
    faked.write_text("+0\n", encoding="ascii")
    wait_until(lambda: not ClockDispute.objects.filter(ended_at=None).exists(), seconds=30)
    return {"jump": jump, "late_seconds": round(late, 3), "disputes": list(found)}


def story(library: str, jumps: list[str]) -> None:
    """All the jumps, on one station with one watchkeeper."""
    from homeby import clock
    from homeby.watch.models import Deadline, Watchkeeper
    from tests.promises import killing

    home = Path(os.environ["HOMEBY_HOME"])
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    faked = home / "faketime"
    faked.write_text("+0\n", encoding="ascii")
    killing.build("http://127.0.0.1:9/nobody", len(jumps))
    far = clock.now() + dt.timedelta(days=30)
    others = Deadline.objects.filter(kind="RETURN")
    others.update(due_at=far, act_at=far, call_out_at=far)
    under = {
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(faked),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    command = [sys.executable, "-m", "homeby", "watchkeeper"]
    keeper = subprocess.Popen(command, env={**os.environ, **under})
    try:
        wait_until(Watchkeeper.objects.exists, seconds=START_SECONDS)
        for number, jump in enumerate(jumps):
            sys.stdout.write(json.dumps(one_jump(number, jump, faked)) + "\n")
    finally:
        keeper.kill()
        keeper.wait()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    story(sys.argv[1], sys.argv[2:])
