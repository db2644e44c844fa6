"""How long sign-out, check-in and sign-in take at the gate on a slow device, in Chromium.

python -m bench.taps [--json] [--out FILE] [--quick] [--database NAME] [--folder DIR]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/taps.py`

from playwright.sync_api import Page, sync_playwright

from bench.report import Report, run
from bench.stations import DURABLE
from homeby import clock
from tests import pgplugin
from tests.browser import cast
from tests.browser.gate_taps import ACTS, at_gate, two_taps
from tests.browser.screens import ARGUMENTS, Screens, find_chromium
from tests.browser.station import Station

SLOWER = 4
MUST_SECONDS = 5.0


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    rounds: int = 12


QUICK = Sizes(rounds=2)


def measure(report: Report, database: str, sizes: Sizes, folder: Path | None) -> None:
    """All figures of one database."""
    with screens_of(database, folder) as screens:
        for act, answer in ACTS:
            page = at_gate(screens)
            gate, taken = page.url, []
            for number in range(1, sizes.rounds + 1):
                taken.append(_seconds(page, gate, act, cart=cast.cart(number), answer=answer))
            report.row(database, act, {"seconds": taken})
            report.figure(
                database,
                f"{act}, processor {SLOWER} times slower: s from opening the page to the answer",
                statistics.median(taken),
                must=MUST_SECONDS,
                aim=None,
                spread=[round(min(taken), 2), round(max(taken), 2)],
            )


def _seconds(page: Page, gate: str, act: str, *, cart: str, answer: str) -> float:
    """The page is opened, two taps, and the stored answer stands."""
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    begun_at = clock.real_now()
    page.goto(gate)
    two_taps(page, act, cart=cart, answer=answer)
    took = clock.real_now() - begun_at
    slow.detach()
    return took.total_seconds()


@contextlib.contextmanager
def screens_of(database: str, folder: Path | None) -> Iterator[Screens]:
    """A station with vehicles that wait at its gate, and a browser. Raises Absent."""
    chromium = find_chromium()
    if chromium is None:
        raise pgplugin.Absent("No browser is here: install the package chromium.")
    with contextlib.ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=folder)))
        if database == "postgresql":
            os.environ["HOMEBY_DATABASE_URL"], stop = pgplugin.start_postgresql(options=DURABLE)
            stack.callback(stop)
        pgplugin.chosen.database = database
        station = Station(environment=pgplugin.own_station(folder=home, name="taps"), folder=home)
        station.found("carts")
        stack.callback(station.stop)
        station.start()
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        stack.callback(browser.close)
        yield Screens(browser, station)


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, quick=QUICK, whole=Sizes()))
