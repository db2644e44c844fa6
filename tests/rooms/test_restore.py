"""`homeby restore` refuses, with a sentence and before it writes anything, what is damaged, what
was changed, what is sealed to others or of a newer version, and to overwrite a station."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from pydantic import SecretStr
from pyrage import x25519

from homeby.logbook.models import Entry
from homeby.settings import Settings, _read_file
from homeby.station import start
from homeby.station.backup import restoring, sealed_file, settings_text, unfinished
from homeby.station.backup.manifest import NAME, SETTINGS, BadBackup, Manifest, Table
from homeby.station.supervisor import CannotStart
from tests.world import World

MIA, BEN, STRANGER = (x25519.Identity.generate() for _ in range(3))
TEAMS = Table(name="people_team", columns=("id", "name"), kinds=("uuid", "plain"), key="id")
PART, KEY = "tables/people_team/000001.copy", "keys/people.key"
Parts = list[tuple[str, bytes]]


def whole(**more: object) -> Parts:
    """The parts of a small backup, as they should be."""
    manifest = Manifest(
        homeby="0.3.0",
        made_at=dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC),
        station="00000000-0000-0000-0000-000000000001",
        database="sqlite",
        migrations=[("people", "0001_initial")],
        tables=[TEAMS],
        checkpoint="0 - " + "0" * 64,
    )
    found = [(KEY, b"6f" * 32), (SETTINGS, b""), (PART, b"x" * 300_000)]
    for name, content in found:
        manifest.note(name, content)
    for name, value in more.items():
        setattr(manifest, name, value)
    return [*found, (NAME, manifest.as_bytes())]


def sealed(path: Path, parts: Iterable[tuple[str, bytes]]) -> Path:
    """Seal these parts, as anybody can who knows the public halves."""
    with path.open("wb") as out:
        sealed_file.seal(parts=parts, to=[str(MIA.to_public()), str(BEN.to_public())], out=out)
    return path


@pytest.fixture
def hut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Another machine: an empty folder, beside backup and secret halves."""
    monkeypatch.delenv("HOMEBY_HOME", raising=False)
    (tmp_path / "mia").write_text(str(MIA))
    (tmp_path / "stranger").write_text(str(STRANGER))
    home = tmp_path / "hut"
    home.mkdir()
    return Settings(home=home)


def refused(hut: Settings, file: Path, *, who: str = "mia") -> str:
    """What restore says of a backup that it must refuse; it must not touch the folder."""
    said: list[str] = []
    before = sorted(hut.home.rglob("*"))
    identity = hut.home.parent / who
    assert restoring.run(settings=hut, file=file, identity=identity, say=said.append) == 2
    assert sorted(hut.home.rglob("*")) == before
    return said[-1]


def test_what_is_whole_is_examined_to_the_end(tmp_path: Path) -> None:
    path = sealed(tmp_path / "b.age", whole())
    for who in (MIA, BEN):
        found = sealed_file.examine(path=path, identities=[STRANGER, who])
        assert set(found.parts) == {KEY, SETTINGS, PART}


@pytest.mark.parametrize("place", [0, 30, 200, 0.2, 0.5, 0.9, -1])
def test_one_flipped_byte_anywhere_is_found(hut: Settings, place: float) -> None:
    path = sealed(hut.home.parent / "b.age", whole())
    content = bytearray(path.read_bytes())
    at = int(place * len(content)) if 0 < place < 1 else int(place)
    content[at] ^= 1
    path.write_bytes(content)
    assert "damaged" in refused(hut, path)


@pytest.mark.parametrize("share", [0, 0.02, 0.4, 0.999])
def test_a_file_that_is_cut_short_is_found(hut: Settings, share: float) -> None:
    path = sealed(hut.home.parent / "b.age", whole())
    path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])
    assert "damaged" in refused(hut, path)


def test_what_is_cut_between_the_pieces_of_age_is_found(hut: Settings) -> None:
    rows = [(f"tables/people_team/{n:06}.copy", n.to_bytes(4) * 50_000) for n in range(2)]
    path = sealed(hut.home.parent / "b.age", rows)
    path.write_bytes(path.read_bytes()[:-1])
    assert "cut short" in refused(hut, path)


def test_others_do_not_open_it_and_other_files_are_none(hut: Settings) -> None:
    path = sealed(hut.home.parent / "b.age", whole())
    assert "sealed to others" in refused(hut, path, who="stranger")
    assert "cannot be read" in refused(hut, path, who="nobody")
    assert "cannot be read" in refused(hut, hut.home.parent / "no.age")
    path.write_bytes(b"a picture of a hut")
    assert "no backup of Homeby" in refused(hut, path)
    foreign = sealed(path, [("notes.txt", b"of somebody")])
    assert "no manifest" in refused(hut, foreign)


def _changed(parts: Parts) -> Parts:
    return [(name, b"y" * 300_000 if name == PART else content) for name, content in parts]


def _another_key(parts: Parts) -> Parts:
    return [(name, b"00" * 32 if name == KEY else content) for name, content in parts]


def _further(parts: Parts) -> Parts:
    return [("keys/more.key", b"x"), *parts]


def _outside(parts: Parts) -> Parts:
    manifest = parts[-1][1].replace(b"keys/people.key", b"keys/../../people.key")
    return [*parts[:-1], (NAME, manifest)]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_changed, "is not the one that its manifest names"),
        (_another_key, "is not the one that its manifest names"),
        (_further, "is not the one that its manifest names"),
        (lambda parts: parts[1:], "is not the one that its manifest names"),
        (lambda parts: [parts[0], *parts], "twice"),
        (lambda parts: [parts[-1], *parts[:-1]], "behind its end"),
        (lambda parts: parts[:-1], "no manifest"),
        (_outside, "manifest of this backup cannot be read"),
        (lambda parts: [*parts[:-1], (NAME, b"{}")], "manifest of this backup cannot be read"),
        (lambda parts: [*parts[:-1], (NAME, b"[1")], "manifest of this backup cannot be read"),
        (lambda _: whole(format=2, homeby="9.1"), "made by Homeby 9.1"),
        (lambda _: whole(migrations=[("watch", "0999_later")]), "newer than this program"),
    ],
)
def test_what_was_changed_and_sealed_again_is_found(
    hut: Settings, change: Callable[[Parts], Parts], said: str
) -> None:
    assert said in refused(hut, sealed(hut.home.parent / "b.age", change(whole())))


def test_what_changes_after_it_was_examined_is_not_used(tmp_path: Path) -> None:
    path = sealed(tmp_path / "b.age", whole())
    found = sealed_file.examine(path=path, identities=[MIA])
    for change, said in ((_changed, "not the one"), (lambda parts: parts[1:], "lost parts")):
        sealed(path, change(whole()))
        with pytest.raises(BadBackup, match=said):
            list(sealed_file.parts(path=path, identities=[MIA], manifest=found))


def test_a_restore_overwrites_no_station(hut: Settings, world: World) -> None:
    path, before = sealed(hut.home.parent / "b.age", whole()), Entry.objects.count()
    assert "The database is not empty" in refused(hut, path)
    assert Entry.objects.count() == before
    (hut.home / "keys").mkdir()
    (hut.home / "keys" / "people.key").write_text("of another station")
    assert "holds the key people.key" in refused(hut, path)


@pytest.mark.parametrize("row", [b"no uuid\tname\n", b"\\N\tname\n", b"one cell\n", b"\xff\n"])
def test_a_row_that_cannot_be_stops_the_restore_with_a_sentence(world: World, row: bytes) -> None:
    with pytest.raises((BadBackup, DatabaseError)), transaction.atomic():
        restoring._put(TEAMS, row)


def test_no_room_is_trouble_that_is_said() -> None:
    with pytest.raises(OSError, match="No space left"), Path("/dev/full").open("wb") as full:
        sealed_file.seal(parts=whole(), to=[str(MIA.to_public())], out=full)


def test_half_a_station_does_not_start(hut: Settings) -> None:
    unfinished.mark(home=hut.home, backup="this one", here="there")
    with pytest.raises(CannotStart, match="is not finished"):
        start.refuse_half(settings=hut)
    assert unfinished.is_of(home=hut.home, backup="this one", here="there")
    assert not unfinished.is_of(home=hut.home, backup="another", here="there")
    assert not unfinished.is_of(home=hut.home, backup="this one", here="elsewhere")
    unfinished.unmark(home=hut.home)
    start.refuse_half(settings=hut)


def test_settings_come_back_as_they_were_chosen(hut: Settings) -> None:
    chosen = Settings(
        home=hut.home,
        port=9000,
        station_name='The "high" hut\\ñ\x7f',
        smtp_password=SecretStr("lantern"),
        weekly_tests=False,
        pause_hours_max=5,
        allowed_hosts=("a.example", "b.example"),
    )
    text = settings_text.as_toml(chosen)
    (hut.home / "homeby.toml").write_text(text, encoding="utf-8")
    values = _read_file(path=hut.home / "homeby.toml")
    assert "port" not in values
    assert Settings(home=hut.home, port=9000, **values) == chosen
