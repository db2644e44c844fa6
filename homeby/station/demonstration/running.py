"""`homeby demo`: fill the village, print who may log in, start everything on one port."""

from __future__ import annotations

from collections.abc import Callable

from django.db import connections, transaction

from homeby import clock
from homeby.people.actions import accounts
from homeby.settings import current
from homeby.station import start, supervisor
from homeby.station.demonstration import village

LINK_MINUTES = 7 * 24 * 60


def run(*, speed: float, say: Callable[[str], None]) -> None:
    """Run the demonstration until stopped, and do not come back. Raises CannotStart."""
    station = current()
    supervisor.refuse_taken_port(host=station.host, port=station.port)
    start.prepare(settings=station)
    clock.set_pace(speed=speed)
    with transaction.atomic():
        village.fill(now=clock.now())
    say("")
    say(f"The demonstration runs at {station.public_url} ({speed:g} times as fast as life).")
    say(f"Somebody is due back in {village.DUE_MINUTES / speed * 60:.0f} s and will not come.")
    say("")
    say(
        "Log in by one of these links (each once), or by name with the password: "
        + village.PASSWORD
    )
    for login, what in village.ACCOUNTS:
        secret = accounts.log_in_link(login=login, now=clock.now(), minutes=LINK_MINUTES)
        say(f"  {what:<52} {login:<8} {station.public_url}/log-in/{secret}/")
    say("")
    connections.close_all()
    supervisor.become(settings=station)
