"""Sealed debriefs without any page: `archive-key`, `sealed-files`, `seal`, `open`, and age."""

from __future__ import annotations

import re
import shutil
import subprocess
import warnings
from pathlib import Path

import pyrage
import pytest

from homeby.logbook.rules import new_tap
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.people.actions import accounts
from homeby.people.rules import STATION
from homeby.station import archive_keys, sealed_text, sealing
from tests.promises import sealing as sealed
from tests.world import World

PHRASE = "the heron stood in the wrong field"
OFFICERS = ("guard", "admin", "head")


def envelopes(world: World, folder: Path, *, officers: tuple[str, ...] = OFFICERS) -> list[Path]:
    """Make the archive key as an administrator does; its officers' papers, typed into files."""
    for who in {*officers} & world.people.keys():
        accounts.open_account(
            login=who, password="a long walk home", person_id=world.people[who], by=STATION,
            now=world.now, tap=new_tap(),
        )  # fmt: skip
    said: list[str] = []
    code = archive_keys.run(logins=officers, say=said.append)
    found = []
    for number, part in enumerate(re.split("--- Envelope", "\n".join(said))[1:], start=1):
        letters = re.search(r"(?m)(?:^    [A-Z0-9-]{1,16}\n)+", f"{part}\n")
        assert letters, part
        paper = folder / f"paper-{number}"
        paper.write_text(letters[0])
        found.append(paper)
    assert (code == 0) is (len(found) == rules.SHARES), said
    return found


def test_two_envelopes_of_three_open_what_was_sealed(world: World, tmp_path: Path) -> None:
    papers = envelopes(world, tmp_path)
    archive = queries.archive_key(STATION)
    assert archive is not None
    shares = [str(sealed_text.identities_in(one.read_text())[0]) for one in papers]
    made = sealed_text.Archive(
        public=archive.public, shares=tuple(shares), pairs=tuple(archive.pairs)
    )
    keys = sealed.Keys(archive=made, own={"head": sealed.make_key(world, "head")})
    key = sealed.give(world, sealed.home(world), sealed.sealing(keys, "head", text=PHRASE))
    out = tmp_path / "opening"
    assert archive_keys.write_files(out=out, say=print) == 0
    assert archive_keys.write_files(out=out, say=print) == 1  # nothing is written over
    file, beside = out / f"{key}.age", sealing.Beside(archive=out)
    for pair in ((0, 1), (2, 0), (1, 2)):
        two = [papers[one] for one in pair]
        assert PHRASE in sealing.open_file(file=file, identities=two, beside=beside)
    for one in papers:
        with pytest.raises(sealing.Trouble, match="two different envelopes"):
            sealing.open_file(file=file, identities=[one, one], beside=beside)
    held = b"".join(one.read_bytes() for one in out.iterdir())
    assert PHRASE.encode() not in held
    by_age(papers, out, file, tmp_path)


def by_age(papers: list[Path], out: Path, file: Path, folder: Path) -> None:
    """The same by the program, as the guide says."""
    if shutil.which("age") is None:
        warnings.warn("skipped in part: the program age is not here", stacklevel=2)
        return
    for one in papers[:2]:
        one.write_text("".join(one.read_text().split()) + "\n")
    inner = folder / "inner.age"
    inner.write_bytes(age("-i", papers[1], out / "archive-1-2.age"))
    secret = folder / "archive.txt"
    secret.write_bytes(age("-i", papers[0], inner) + b"\n")
    assert PHRASE.encode() in age("-i", secret, file)


def age(*words: str | Path) -> bytes:
    done = ["age", "--decrypt", *map(str, words)]
    return subprocess.run(done, capture_output=True, check=True, timeout=60).stdout


@pytest.mark.parametrize(
    "officers", [("guard", "admin"), ("guard", "guard", "admin"), ("guard", "head", "deputy")]
)
def test_the_archive_has_three_officers_and_at_most_one_leads(
    world: World, tmp_path: Path, officers: tuple[str, ...]
) -> None:
    assert envelopes(world, tmp_path, officers=officers) == []
    assert queries.archive_key(STATION) is None
    assert archive_keys.run(logins=["nobody"], say=print) == 1


def test_a_text_is_sealed_to_two_and_opened_by_each(tmp_path: Path) -> None:
    text, out = tmp_path / "text", tmp_path / "text.age"
    text.write_text(PHRASE)
    own = [pyrage.x25519.Identity.generate() for _ in range(3)]
    to = [str(one.to_public()) for one in own[:2]]
    sealing.seal(text=text, to=to, out=out, about=("Border", "Fox"))
    assert rules.problem_with_text(out.read_bytes(), recipients=2) is None
    for number, one in enumerate(own):
        paper = tmp_path / f"key-{number}"
        paper.write_text(str(one))
        if number < 2:
            said = sealing.open_file(file=out, identities=[paper], beside=sealing.Beside())
            assert PHRASE in said
            assert "Not signed" in said
        else:
            with pytest.raises(sealing.Trouble, match="sealed to others"):
                sealing.open_file(file=out, identities=[paper], beside=sealing.Beside())
    for wrong in (to[:1], [to[0], to[0]], [to[0], "age1wrong"]):
        with pytest.raises(sealing.Trouble):
            sealing.seal(text=text, to=wrong, out=tmp_path / "other.age", about=("", ""))
    with pytest.raises(sealing.Trouble, match="cannot be written"):
        sealing.seal(text=text, to=to, out=out, about=("", ""))
    changed = bytearray(out.read_bytes())
    changed[-1] ^= 1
    (tmp_path / "changed.age").write_bytes(changed)
    with pytest.raises(sealing.Trouble, match="damaged"):
        sealing.open_file(
            file=tmp_path / "changed.age", identities=[tmp_path / "key-0"], beside=sealing.Beside()
        )
