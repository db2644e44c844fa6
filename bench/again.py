"""How long it takes to seal 1,000 debriefs again for whoever follows a reader, in Chromium.

python -m bench.again [--json] [--out FILE] [--quick] [--database NAME] [--folder DIR]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/again.py`

from playwright.sync_api import Page, expect

from bench.report import Report, run
from bench.taps import screens_of
from homeby import clock
from tests.browser import came_home, cast
from tests.browser.screens import Screens

MUST_SECONDS_OF_1000 = 15.0
OFFICERS = (cast.KEEPER, cast.FOX, cast.OWL)


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    debriefs: int = 1000


QUICK = Sizes(debriefs=100)


def measure(report: Report, database: str, sizes: Sizes, folder: Path | None) -> None:
    """The figure of one database."""
    with screens_of(database, folder) as screens:
        page = _ready(screens, sizes.debriefs)
        begun_at = clock.real_now()
        page.get_by_role("button", name="Seal them again").click()
        done = page.get_by_role("status")
        expect(done).to_contain_text(f"Sealed again: {sizes.debriefs}.", timeout=300_000)
        took = (clock.real_now() - begun_at).total_seconds()
    report.row(database, "again", {"seconds": [took], "debriefs": sizes.debriefs})
    report.figure(
        database,
        f"{sizes.debriefs} debriefs opened and sealed again in the browser, and kept: s",
        took,
        must=MUST_SECONDS_OF_1000 * sizes.debriefs / 1000,
        aim=None,
        spread=[round(took, 2), round(took, 2)],
    )


def _ready(screens: Screens, count: int) -> Page:
    """The reader has opened her key by her paper; all that is left is the button."""
    station = screens.station
    mission = station.run("-m", "tests.browser.came_home").strip().splitlines()[-1]
    station.homeby("archive-key", *(f"--officer={one.login}" for one in OFFICERS))
    filled = station.run("-m", "bench.again_station", mission, str(count))
    paper = filled.strip().splitlines()[-1]
    page = screens.open("/sealed/again/", login=came_home.READER.login)
    page.get_by_role("button", name="Go on").click()
    page.locator("[data-unlock] [data-paper]").fill(paper)
    page.get_by_role("button", name="Open by my paper code").click()
    return page


if __name__ == "__main__":
    sys.exit(run(measure, __doc__, quick=QUICK, whole=Sizes()))
