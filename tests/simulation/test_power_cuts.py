"""P10: a check-in that was confirmed survives a power cut, with Homeby's settings of SQLite; with
the usual advice it does not. The short form; `make powercut` cuts 10,000 times."""

from __future__ import annotations

import pytest

from tests.powercut.__main__ import outcome


@pytest.mark.timeout(240)
def test_no_confirmed_entry_is_lost_in_two_hundred_cuts() -> None:
    found = outcome("FULL", cuts=200, taps=60, seed=1)
    assert (found.lost, found.damaged) == (0, 0), found.text()
    assert found.confirmed > 60


@pytest.mark.timeout(240)
def test_the_usual_advice_loses_them() -> None:
    """The model bites: without a sync for each commit, confirmed entries are gone."""
    found = outcome("NORMAL", cuts=60, taps=60, seed=1)
    assert found.losing > 20, found.text()
