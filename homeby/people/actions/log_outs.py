"""Ending every log-in of an account. It knows nothing of how one logs in: processes without pages
do it, too."""

from __future__ import annotations

import datetime as dt

from homeby.logbook.actions import Page
from homeby.people.models import Account

_INSTANT = dt.timedelta(microseconds=1)


def end_others(page: Page, account: Account, *, now: dt.datetime) -> None:
    """End every log-in of an account with this entry; the one that asks is let in anew at the
    door. A second change in the same instant still ends those of the first."""
    last = account.logged_out_at
    page.change(account, logged_out_at=now if last is None else max(now, last + _INSTANT))
