"""A second station for tests of partners: a process and a database of its own, real HTTP. What its
standard input says, one line of JSON each, it does at the instant that the line brings."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.promises.loopback import HOST, fresh_pages, server_for

NAME = "South hut"
FILES = ("homeby.sqlite3", "homeby.sqlite3-wal", "homeby.sqlite3-shm")


@dataclass
class Neighbour:
    """The other station. What it is told happens at `now`, which the test moves."""

    process: subprocess.Popen[str]
    url: str = ""

    @classmethod
    def start(cls, folder: Path) -> Neighbour:
        """Found it in a folder of its own."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("HOMEBY_")}
        own |= {
            "HOMEBY_HOME": str(folder / "neighbour"),
            "HOMEBY_ALLOW_UNSAFE_DATABASE": "1",
            "HOMEBY_PARTNER_INNER_HOSTS": HOST,
            "HOMEBY_STATION_NAME": NAME,
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.promises.neighbour"],
            env=own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        found = cls(process=process)
        found.url = found.heard()["url"]
        return found

    def ask(self, what: str, now: dt.datetime, **more: Any) -> None:
        """Tell it to do something; what comes of it is read by `heard`."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"do": what, "now": now.isoformat(), **more}) + "\n")
        self.process.stdin.flush()

    def heard(self) -> dict[str, Any]:
        """What came of it."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the neighbour died"
        found: dict[str, Any] = json.loads(line)
        assert "broke" not in found, found
        return found

    def does(self, what: str, now: dt.datetime, **more: Any) -> dict[str, Any]:
        """Both in one."""
        self.ask(what, now, **more)
        return self.heard()

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


# --- the station's own side ----------------------------------------------------------------------


class _Station:
    def __init__(self) -> None:
        from homeby import clock, settings
        from homeby.station import start

        self.now = dt.datetime(2026, 11, 20, 7, 0, tzinfo=dt.UTC)
        clock.now = lambda: self.now
        start.prepare(settings=settings.current())
        self._found()
        from homeby.watch.actions.partners.sending import Sender

        server = server_for(fresh_pages)
        self.url = f"http://{HOST}:{server.server_port}"
        object.__setattr__(settings.current(), "public_url", self.url)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.sender = Sender()
        self.home = settings.current().home
        self.received: list[tuple[str, str]] = []

    def _found(self) -> None:
        from homeby.logbook.rules import new_tap
        from homeby.people.actions import contacts, persons, teams
        from homeby.people.rules import STATION, ChannelName, Role
        from homeby.station import initialise
        from homeby.watch.actions import bill
        from homeby.watch.rules import Watch

        keys = []
        initialise.basics(name=NAME, zone="Europe/Zurich", now=self.now)
        for callsign in ("Warden", "Second"):
            tap = new_tap()
            at: Any = {"by": STATION, "now": self.now}
            persons.add_person(name=f"{callsign} by name", callsign=callsign, tap=tap, **at)
            for role in (Role.DUTY_OFFICER, Role.ADMINISTRATOR):
                teams.give_role(person_id=tap.entry_id, role=role, tap=new_tap(), **at)
            contacts.add_contact(
                person_id=tap.entry_id,
                channel=ChannelName.CONSOLE,
                address=f"phone of {callsign}",
                verified=True,
                tap=new_tap(),
                **at,
            )
            keys.append(tap.entry_id)
        watch = Watch(person_id=keys[0], deputy_id=keys[1], from_at=self.now)
        bill.plan_watch(watch=watch, tap=new_tap(), by=STATION, now=self.now)

    def do(self, order: dict[str, Any]) -> dict[str, Any]:
        self.now = dt.datetime.fromisoformat(order["now"])
        self._watch()
        found: dict[str, Any] = getattr(self, order["do"])(order)
        return found

    def _watch(self) -> None:
        """Its own watch and outbox, until nothing is due; those of a copy stand still."""
        from homeby.comms.actions.deliver import deliver
        from homeby.logbook import queries as logbook
        from homeby.watch.actions.tick import tick

        if logbook.is_quarantined():
            return
        while tick(now=self.now).judged or deliver(now=self.now, send=self._phone).tried:
            pass

    def _phone(self, channel: str, outgoing: Any) -> Any:
        from homeby.comms.channels import Handed

        self.received.append((outgoing.to_address, outgoing.subject))
        return Handed(provider_ref="phone")

    def phones(self, order: dict[str, Any]) -> dict[str, Any]:
        """What its phones received since the last question."""
        found, self.received = self.received, []
        return {"received": found}

    def invite(self, order: dict[str, Any]) -> dict[str, Any]:
        from homeby.logbook.rules import new_tap
        from homeby.people.rules import STATION
        from homeby.watch.actions.partners import pairing

        return {"code": pairing.invite(by=STATION, now=self.now, tap=new_tap())}

    def accept(self, order: dict[str, Any]) -> dict[str, Any]:
        from homeby.logbook.rules import Refused, new_tap
        from homeby.people.rules import STATION
        from homeby.watch.actions.partners import pairing

        try:
            tap = new_tap()
            said = pairing.accept(code=order["code"], by=STATION, now=self.now, tap=tap)
        except Refused as refused:
            return {"refused": str(refused)}
        return {"said": said}

    def end(self, order: dict[str, Any]) -> dict[str, Any]:
        from homeby.logbook.rules import new_tap
        from homeby.people.rules import STATION
        from homeby.watch.actions.partners import ending
        from homeby.watch.models import Partner

        (key,) = Partner.objects.filter(ended_at=None).values_list("pk", flat=True)
        at: Any = {"by": STATION, "now": self.now, "tap": new_tap()}
        return {"said": ending.end(partner_id=key, reason=order["reason"], **at)}

    def live(self, order: dict[str, Any]) -> dict[str, Any]:
        """A person says that this is the live station."""
        from homeby.logbook import actions as logbook

        logbook.confirm_live(here="here", by=None, now=self.now)
        return {}

    def send(self, order: dict[str, Any]) -> dict[str, Any]:
        """One round of the minute messages; `asleep` says that its watch does not look."""
        from homeby.logbook import queries as logbook
        from homeby.watch.actions.awake import looked
        from homeby.watch.actions.partners.sending import Moment
        from homeby.watch.models import Partner

        looked(name="keeper", real_now=self.now - dt.timedelta(minutes=10 * order.get("asleep", 0)))
        moment = Moment(now=self.now, real_now=self.now, out=0, here="here")
        sent = self.sender.round(moment)
        mark = Partner.objects.select_related("mark").latest("paired_at").mark
        return {
            "sent": sent,
            "answer": mark.answer,
            "troubles": mark.troubles,
            "is_live": not logbook.is_quarantined(),
        }

    def begin(self, order: dict[str, Any]) -> dict[str, Any]:
        """What it does at a start, before anything leaves: it asks its partner."""
        from homeby.watch.actions.partners import losing  # not before Django is set up

        return {"doubts": losing.ask(here="here", now=self.now)}

    def shown(self, order: dict[str, Any]) -> dict[str, Any]:
        """Its newest entry, and what "Is the watch awake?" says of its logbook."""
        from homeby.logbook import queries as logbook
        from homeby.people.rules import STATION
        from homeby.watch import wakefulness

        found = wakefulness.findings(STATION, now=self.now, real_now=self.now, pace=1.0)
        said = [(one.level.name, one.sentence) for one in found if one.what == "logbook"]
        return {"said": said, "newest": logbook.last_number()}

    def work(self, order: dict[str, Any]) -> dict[str, Any]:
        """Entries of everyday work."""
        from homeby.logbook import queries as logbook
        from homeby.logbook.rules import new_tap
        from homeby.people.actions import persons
        from homeby.people.rules import STATION

        for number in range(order["entries"]):
            persons.add_person(name=f"P{number}", by=STATION, now=self.now, tap=new_tap())
        return {"last": logbook.last_number()}

    def keep(self, order: dict[str, Any]) -> dict[str, Any]:
        """A copy of the whole database, by the name `as`."""
        from django.db import connections

        connections.close_all()
        for name in FILES:
            if (self.home / name).exists():
                shutil.copy(self.home / name, self.home / f"{order['as']}-{name}")
        return {}

    def roll_back(self, order: dict[str, Any]) -> dict[str, Any]:
        """A copy is put in place again, by somebody who forgot the partner."""
        from django.db import connections

        from homeby.watch.actions.partners.sending import Sender

        connections.close_all()
        for name in FILES:
            (self.home / name).unlink(missing_ok=True)
            if (self.home / f"{order['as']}-{name}").exists():
                shutil.copy(self.home / f"{order['as']}-{name}", self.home / name)
        self.sender, self.received = Sender(), []
        return {}


def _say(came: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(came) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Do what the lines say, until they end."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    import django

    django.setup()
    station = _Station()
    _say({"url": station.url})
    for line in sys.stdin:
        try:
            came = station.do(json.loads(line))
        except Exception as error:  # noqa: BLE001 - the test reads it
            came = {"broke": repr(error)}
        _say(came)


if __name__ == "__main__":
    main()
