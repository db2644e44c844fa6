"""P18: a restored or copied station shows its pages and sends nothing until a person says that it
is the live one."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from homeby import clock
from homeby.comms.models import Message
from homeby.findings import Level
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.models import Entry
from homeby.logbook.rules import Newest, Refused, Whereabouts, why_a_copy
from homeby.logbook.verification import verify
from homeby.station import doctor, live
from homeby.watch import watchkeeper
from homeby.web.live import snapshot
from tests import pgplugin
from tests.world import World

ONE, TWO = uuid.uuid4(), uuid.uuid4()
SEEN = Newest(number=7, entry_id=ONE)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Whereabouts(place="a", here="a"), ""),
        (Whereabouts(place="a", here="a", remembered=SEEN, there=ONE), ""),
        (Whereabouts(place="a", here="b", remembered=SEEN, there=ONE), "was live as a"),
        (Whereabouts(place="a", here="a", remembered=SEEN, there=None), "earlier state"),
        (Whereabouts(place="a", here="a", remembered=SEEN, there=TWO), "another history"),
    ],
)
def test_what_tells_a_copy(found: Whereabouts, words: str) -> None:
    why = why_a_copy(found)
    assert (words in why) if words else why == ""


def test_a_copy_judges_nothing_and_sends_nothing_until_a_person_confirms(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(clock, "now", lambda: world.now)
    monkeypatch.setattr(live, "here", lambda: "the hut")
    live.look(home=tmp_path, now=world.now)
    world.send_out("agent", due_minutes=30)
    world.now += dt.timedelta(minutes=31)
    monkeypatch.setattr(live, "here", lambda: "a copy of the hut")
    assert doctor._live(home=tmp_path).level is Level.RED
    live.look(home=tmp_path, now=world.now)
    keeper = watchkeeper.Keeper(name="one")
    monkeypatch.setattr(watchkeeper, "tick", lambda **_: sent.append("judged"))
    monkeypatch.setattr(watchkeeper, "deliver", lambda **_: sent.append("sent"))
    assert keeper.hand_out() is False
    assert keeper.look() is False
    assert keeper.hand_out() is False
    assert sent == []
    assert snapshot().bars == ("copy",)
    station = queries.station()
    assert station is not None
    assert "a copy of the hut" in station.why
    assert doctor._live(home=tmp_path).level is Level.RED
    monkeypatch.undo()
    monkeypatch.setattr(live, "here", lambda: "a copy of the hut")
    live.look(home=tmp_path, now=world.now)  # as often as processes start
    live.confirm(home=tmp_path, by=None, now=world.now)
    assert snapshot().bars == ()
    live.look(home=tmp_path, now=world.now)
    assert not queries.is_quarantined()
    kinds = list(Entry.objects.filter(subject="station").values_list("kind", flat=True))
    assert kinds == ["STATION_FOUNDED", "STATION_QUARANTINED", "STATION_CONFIRMED"]
    with pytest.raises(Refused, match="live one already"):
        live.confirm(home=tmp_path, by=None, now=world.now)
    assert verify().difference is None


def test_an_earlier_state_in_the_same_place_is_a_copy(world: World, tmp_path: Path) -> None:
    live.look(home=tmp_path, now=world.now)
    note = live.rememberer(home=tmp_path)
    note()
    live.look(home=tmp_path, now=world.now)
    assert not queries.is_quarantined()
    station = queries.station()
    assert station is not None
    seen = live.remembered(home=tmp_path, station_id=station.pk)
    assert seen is not None
    assert seen == queries.newest()
    assert live.remembered(home=tmp_path, station_id=uuid.uuid4()) is None, "another station's"
    noted = json.loads((tmp_path / live.FILE_NAME).read_text())
    text = json.dumps(noted | {"number": seen.number + 5})
    (tmp_path / live.FILE_NAME).write_text(text)
    live.look(home=tmp_path, now=world.now)
    station.refresh_from_db()
    assert f"Missing entries: 5, from entry {seen.number + 1} on." in station.why
    told = Message.objects.filter(about="station").values_list("person_id", flat=True)
    assert set(told) == {world.people["head"], world.people["admin"]}
    note()
    live.remember(home=tmp_path)
    assert (tmp_path / live.FILE_NAME).read_text() == text, "a copy leaves what the live one noted"


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"station": 1}', "\0"])
def test_a_torn_note_is_no_note(tmp_path: Path, content: str) -> None:
    (tmp_path / live.FILE_NAME).write_text(content)
    assert live.remembered(home=tmp_path, station_id=ONE) is None


@pytest.mark.usefixtures("db")
def test_a_folder_that_cannot_be_written_stops_no_watch(tmp_path: Path) -> None:
    logbook.found_station(place="here", now=clock.now())
    live.rememberer(home=tmp_path / "gone")()


def homeby(own: dict[str, str], *words: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "homeby", *words]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    return done.returncode, (done.stdout + done.stderr).strip()


def copied(own: dict[str, str], to: Path) -> dict[str, str]:
    """The station as somebody copies it: the folder whole, on PostgreSQL the records too."""
    shutil.copytree(own["HOMEBY_HOME"], to)
    other = own | {"HOMEBY_HOME": str(to)}
    if pgplugin.chosen.database == "postgresql":
        import psycopg

        url = own["HOMEBY_DATABASE_URL"]
        name = urlsplit(url).path.removeprefix("/")
        other["HOMEBY_DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name[:50]}_copy").geturl()
        with psycopg.connect(os.environ["HOMEBY_DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name[:50]}_copy TEMPLATE {name}")
    return other


def test_a_folder_copied_whole_is_a_copy_and_the_first_one_stays_live(
    founded_environment: dict[str, str], tmp_path: Path
) -> None:
    own = founded_environment
    assert homeby(own, "migrate")[0] == 0
    other = copied(own, tmp_path / "copy")
    code, said = homeby(other, "live")
    assert code == 1
    assert "This is a copy: it sends nothing. It was live as" in said
    code, said = homeby(other, "live", "--confirm")
    assert (code, "live station from now on" in said) == (0, True)
    assert homeby(own, "live") == (0, "This is the live station.")


def test_a_database_file_put_in_place_of_another_is_a_copy(tmp_path: Path) -> None:
    """The path is the same and the content too; the file is not."""
    file = tmp_path / "homeby.sqlite3"
    sqlite3.connect(file).execute("CREATE TABLE t (x)")
    first = live.place_of_file(path=file)
    assert live.place_of_file(path=file) == first
    kept = tmp_path / "kept"
    shutil.copy(file, kept)
    kept.replace(file)
    if "file " not in first:
        pytest.skip("the disk of the temporary folder does not number its files for life")
    assert live.place_of_file(path=file) != first
