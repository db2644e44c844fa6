"""`homeby backup` and its keys: to whom, what is kept, what is left, what doctor says."""

from __future__ import annotations

import datetime as dt
import fcntl
from pathlib import Path

import pytest
from pyrage import x25519

from homeby import clock
from homeby.findings import Level
from homeby.logbook import actions as logbook
from homeby.logbook import queries
from homeby.logbook.models import Station
from homeby.logbook.verification import verify
from homeby.settings import Settings
from homeby.station import doctor_backup
from homeby.station.backup import backup_keys, copy_text, making, sealed_file, taking, unfinished
from homeby.station.backup.backup_keys import KeyRefused, holders, secret_halves
from homeby.station.backup.manifest import Table
from tests.world import World

MIA, BEN = x25519.Identity.generate(), x25519.Identity.generate()
TO = (f"Mia={MIA.to_public()}", str(BEN.to_public()))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "none is named"),
        (TO[:1], "only one is named"),
        ((TO[0], TO[0]), "only one is named"),
        ((TO[0], str(MIA.to_public())), "only one is named"),
        ((TO[0], str(BEN)), "secret half"),
        ((TO[0], "age1abc"), "'age1abc' is not the public half"),
        ((TO[0], ""), "is not the public half"),
    ],
)
def test_a_backup_is_sealed_to_two_people_at_least(words: tuple[str, ...], said: str) -> None:
    with pytest.raises(KeyRefused, match=said):
        holders(words)


def test_who_holds_a_key_is_said_by_name() -> None:
    found = holders([str(MIA.to_public()), *TO])
    assert [one.name for one in found] == ["Mia", ""]
    assert str(found[0]) == f"Mia ({MIA.to_public()})"


def test_a_secret_half_is_read_as_it_stands_on_paper() -> None:
    paper = backup_keys.made()
    secret = paper.split("\n\n")[2].lower()
    (found,) = secret_halves(text=f"# Mia's\n{secret}", source="paper")
    assert str(found.to_public()) in paper
    both = secret_halves(text=f"{MIA}\n{BEN}\n", source="paper")
    assert [str(one) for one in both] == [str(MIA), str(BEN)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no secret half"),
        ("# only a remark", "holds no secret half"),
        (str(MIA.to_public()), "public half"),
        (str(MIA)[:-1], "a letter is wrong or missing"),
        (str(MIA)[:40] + "QQ" + str(MIA)[42:], "a letter is wrong or missing"),
        ("password", "a letter is wrong or missing"),
    ],
)
def test_what_opens_nothing_is_said(text: str, said: str) -> None:
    with pytest.raises(KeyRefused, match=said):
        secret_halves(text=text, source="paper")


KINDS = (copy_text.UUID, copy_text.INSTANT, copy_text.BOOLEAN, copy_text.BYTES, copy_text.PLAIN)
ONE = ("0123456789abcdef0123456789abcdef", "2026-11-27 08:00:00", 1, b"\x00\\x\n", "a\tb\\N\r\n")


def test_a_row_is_the_same_on_the_way_out_and_back() -> None:
    rows = [ONE, (None,) * 5, (*ONE[:1], "2026-11-27 08:00:00.000100", 0, b"", "\\N")]
    text = copy_text.lines(rows, kinds=KINDS)
    assert text.count(b"\n") == 3
    assert copy_text.rows(text, kinds=KINDS) == rows
    postgresql = b"\t2026-11-27 09:00:00.1+01\tt\t\\\\x00\t1.5\n"
    assert copy_text.rows(postgresql, kinds=KINDS)[0][1] == "2026-11-27 08:00:00.100000"


@pytest.mark.parametrize("text", [b"a\tb\n", b"\xff\n", b"cut", b"a\tb\tyes\td\te\n"])
def test_what_is_no_row_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        copy_text.rows(text, kinds=KINDS)


@pytest.fixture
def hut(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The village as a station with a folder of its own."""
    monkeypatch.setattr(clock, "now", lambda: world.now)
    monkeypatch.delenv("HOMEBY_HOME", raising=False)
    if not Station.objects.exists():
        logbook.found_station(place="the hut", now=world.now)
    return Settings(home=tmp_path, backup_recipients=TO)


def made(hut: Settings, said: list[str], **wish: object) -> int:
    found = making.Wish(**wish)  # type: ignore[arg-type]
    return making.run(settings=hut, wish=found, say=said.append)


def test_a_backup_says_what_it_holds_and_the_logbook_knows_of_it(hut: Settings) -> None:
    said: list[str] = []
    checkpoint = verify().checkpoint
    assert made(hut, said) == 0
    (path,) = (hut.home / "backups").iterdir()
    text = "\n".join(said)
    assert f"{path.stat().st_size:,} bytes" in text
    assert f"Checkpoint: {checkpoint}" in text
    assert f"Sealed to Mia ({MIA.to_public()})." in text
    found = sealed_file.examine(path=path, identities=[BEN])
    assert found.checkpoint == checkpoint
    assert found.entries == int(checkpoint.split()[0])
    assert not {table.name for table in found.tables} & {"django_session", "people_loginlink"}
    last = queries.last_backup()
    assert last is not None
    assert last[1]["checkpoint"] == checkpoint
    assert verify().difference is None


def test_so_many_are_kept_and_nothing_else_is_touched(hut: Settings, world: World) -> None:
    folder, said = hut.home / "backups", list[str]()
    folder.mkdir()
    others = [folder / "homeby-00000000-20200101T000000Z.age", folder / "notes.txt"]
    for other in others:
        other.write_text("of somebody else")
    for _ in range(3):
        assert made(hut, said, keep=2) == 0
        world.now += dt.timedelta(days=1)
    assert made(hut, said, keep=2) == 0
    assert len(list(folder.iterdir())) == 2 + len(others)
    assert sum("Removed the older backup" in line for line in said) == 2
    assert all(other.exists() for other in others)


def test_two_backups_of_one_second_are_two_files(hut: Settings) -> None:
    assert made(hut, []) == made(hut, []) == 0
    assert len(list((hut.home / "backups").iterdir())) == 2


def test_trouble_is_a_sentence_and_leaves_nothing(hut: Settings) -> None:
    said: list[str] = []
    alone = hut.model_copy(update={"backup_recipients": TO[:1]})
    assert made(alone, said) == 2
    assert "only one is named" in said[-1]
    assert made(hut, said, folder=Path("/proc/no-such-folder")) == 2
    assert "No backup was made" in said[-1]
    with (hut.home / "backup.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert made(hut, said) == 2
        assert "Another backup" in said[-1]
    assert not list(hut.home.rglob("*.age"))
    assert not list(hut.home.rglob("*.part"))
    assert queries.last_backup() is None


def test_a_damaged_database_is_said(hut: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    gone = Table(name="gone", columns=("id",), kinds=("uuid",), key="id")
    monkeypatch.setattr(taking, "tables", lambda: [gone])
    assert made(hut, said) == 2
    assert "No backup was made" in said[-1]


def test_interrupted_it_leaves_nothing(hut: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def interrupted(*_of: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("homeby.station.backup.taking.Counted.note", interrupted)
    assert made(hut, said) == 130
    assert "Run it again" in said[-1]
    assert not list((hut.home / "backups").iterdir())


def test_doctor_says_how_old_the_newest_backup_is(hut: Settings, world: World) -> None:
    def found() -> tuple[Level, str]:
        one = doctor_backup.problems(settings=hut)[0]
        return one.level, one.sentence

    assert found() == (Level.AMBER, "No backup of this station was ever made.")
    assert made(hut, []) == 0
    world.now += dt.timedelta(days=6, hours=3)
    assert found() == (Level.GREEN, "The newest backup was made 6 d 3 h ago.")
    world.now += dt.timedelta(days=1)
    assert found()[0] is Level.AMBER
    wrong = hut.model_copy(update={"backup_recipients": (TO[0],)})
    assert "only one is named" in doctor_backup.problems(settings=wrong)[1].sentence
    unfinished.mark(home=hut.home, backup="half", here="there")
    assert doctor_backup.problems(settings=hut)[0].level is Level.RED
    assert doctor_backup.problems(settings=hut.model_copy(update={"demonstration": True})) == []
