"""Files that are not what they should be: answered soon, with a sentence, never a traceback."""

from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from homeby.station.importing import loading, reading
from homeby.station.importing.records import FileProblem, Reject, Repeat
from homeby.station.replay import figures

SAMPLES = Path(__file__).parents[1] / "fixtures" / "importing"
EVA = loading.load(path=Path("nasa-eva"))
CALLS = loading.load(path=Path("sf-fire"))
GOOD_HEADER = b"EVA #,Country,Crew,Vehicle,Date,Duration,Purpose\n"


def read_bytes(tmp_path: Path, content: bytes) -> reading.Reading:
    path = tmp_path / "file"
    path.write_bytes(content)
    return reading.read_all(path, EVA)


def problem(tmp_path: Path, content: bytes) -> str:
    found = read_bytes(tmp_path, content).problem
    assert found is not None
    return found.sentence


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty."),
        (gzip.compress(b""), "The file is empty."),
        (b"\n \n\n", "holds only empty lines"),
        (b"\n" * 20_000, "only empty lines"),
        (b"\x00\x01\x02", "not text: it holds NUL"),
        (b"\xff\xfea\x00", "UTF-16"),
        (b"PK\x03\x04rest", "a ZIP or a spreadsheet"),
        (b"\x81\xe8\n1\n", "The header cannot be read: line 1 holds the byte 0x81"),
        (b"a" * 2_000_000, "Line 1 is longer than a million characters"),
        (b"a,b,c\n1,2,3\n", "lacks the column “EVA #” or “ID” or “eva”, “Crew”, “Date”"),
        (b"a,b,c\n1,2,3\n", "It has “a”, “b”, “c”."),
        (b"EVA #;Crew;Date;Duration\n", "seem to be separated by “;”"),
        (b"EVA #,Crew,crew ,Date,Duration,Vehicle\n", "has the column “Crew” twice"),
        (b'"EVA #,Crew\n' * 3, "Line"),
        (GOOD_HEADER + b'1,"A' + b",B\n" * 90_000, "A quotation mark opened in line 2 or after"),
        (GOOD_HEADER + b'1,"A,B\n', "A quotation mark opened in line 2 or after"),
        (b"a,b\r1,2\r", "The lines end in a way no longer in use"),
        (b"[]", "holds no records"),
        (b"[1, 2, 3]", "holds no records"),
        (b"[[[[", "cut off or damaged after record 0"),
        (b"[" * 200_000, "cut off or damaged after record 0"),
        (b'{"data": []}', "lacks the column"),
        (b'{\n "data": []\n}', "Line 1 is no JSON object"),
        (b'[{"a": 1}]', "It has “a”."),
        (b"<html><body>404</body></html>", "lacks the column"),
    ],
)
def test_a_file_that_is_not_ours_gets_a_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    assert says in problem(tmp_path, content)


@pytest.mark.parametrize("path", ["/nowhere/file.csv", "."])
def test_a_file_that_cannot_be_opened_gets_a_sentence(path: str) -> None:
    found = reading.read_all(Path(path), EVA).problem
    assert found is not None
    assert "cannot be opened" in found.sentence


def test_a_file_cut_in_half_gives_the_rows_before_and_the_line(tmp_path: Path) -> None:
    whole = (SAMPLES / "walks.csv").read_bytes()
    read = read_bytes(tmp_path, whole[: whole.index(b"Stood in")])
    assert len(read.records) == 3
    read = read_bytes(tmp_path, whole[: whole.index(b",Lark 3") + 3])
    assert len(read.records) == 3
    assert read.problem is not None
    assert read.problem.line == 5
    assert read.problem.sentence.startswith("The file is cut off in line 5. What stands before")


def test_a_gzip_cut_in_half_gives_the_rows_before_and_the_line(tmp_path: Path) -> None:
    rows = b"".join(
        b"%d,R,Ann Alpha %d,Lark,01/02/19%02d,1:%02d,x\n" % (n, n * 7919, n % 90 + 10, n % 60)
        for n in range(5000)
    )
    packed = gzip.compress(GOOD_HEADER + rows)
    read = read_bytes(tmp_path, packed[: len(packed) // 2])
    assert read.problem is not None
    assert 1000 < len(read.records) < 4000
    assert read.problem.line == len(read.records) + 2
    assert "cut off in line" in read.problem.sentence
    damaged = bytearray(packed)
    damaged[len(packed) // 2] ^= 0xFF
    read = read_bytes(tmp_path, bytes(damaged))
    assert read.problem is not None


def test_json_cut_in_half_gives_the_records_before(tmp_path: Path) -> None:
    whole = (SAMPLES / "walks.json").read_bytes()
    for end in (whole.index(b'"Lark 4"'), whole.index(b"Hatch"), whole.index(b"}]"), -2):
        read = read_bytes(tmp_path, whole[:end])
        assert read.problem is not None, end
        assert "cut off or damaged after record" in read.problem.sentence
        assert {"nasa-eva:1", "nasa-eva:3"} <= {one.key for one in read.records}
    packed = gzip.compress(whole)
    read = read_bytes(tmp_path, packed[: len(packed) // 2])
    assert read.problem is not None
    assert "cut off" in read.problem.sentence


def test_the_wrong_file_with_the_right_header_is_given_up_soon(tmp_path: Path) -> None:
    read = read_bytes(tmp_path, GOOD_HEADER + b"x,x,x,x,x,x,x\n" * 500_000)
    assert read.problem is not None
    assert "This is not the file that the map describes." in read.problem.sentence
    assert len(read.rejects) == reading.HOPELESS_AFTER_REJECTS


@pytest.mark.parametrize("kind", ["letters", "bytes", "json", "quotes", "rows"])
def test_a_hundred_megabytes_of_rubbish_are_answered_within_seconds(
    tmp_path: Path, kind: str
) -> None:
    size, dice = 100_000_000, random.Random(7)
    block = {
        "letters": b"lorem ipsum, dolor sit amet\n",
        "bytes": dice.randbytes(1_000_000),
        "json": b'[{"eva": 1, "crew": "A"},',
        "quotes": b'"a,',
        "rows": b'1,"A,B,C,D,E,F\n',
    }[kind]
    path = tmp_path / "rubbish"
    with path.open("wb") as out:
        if kind == "rows":
            out.write(GOOD_HEADER)
        for _ in range(size // len(block)):
            out.write(block)
    read = reading.read_all(path, EVA)
    path.unlink()
    assert read.problem is not None
    assert read.problem.sentence.endswith((".", "again."))
    assert read.records == []


def judged(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    for the_map in (EVA, CALLS):
        *before, last = [None, *reading.records(path, the_map)]
        assert not any(isinstance(one, FileProblem) for one in before)
        for one in (*before, last):
            if isinstance(one, Reject | FileProblem):
                assert str(getattr(one, "reason", getattr(one, "sentence", "")))
            elif one is not None and not isinstance(one, Repeat):
                figures.figures([one], due_after=figures.HALF_AN_HOUR)  # type: ignore[list-item]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_no_bytes_crash_the_reading(tmp_path: Path, content: bytes) -> None:
    judged(content, tmp_path / "bytes")
    judged(GOOD_HEADER + content, tmp_path / "bytes")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(data=st.data(), sample=st.sampled_from(["walks.csv", "walks.json", "calls.csv"]))
def test_no_damage_to_a_good_file_crashes_the_reading(
    tmp_path: Path, data: st.DataObject, sample: str
) -> None:
    content = bytearray((SAMPLES / sample).read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, max(0, len(content) - 1)))
        match data.draw(st.sampled_from(["change", "remove", "add", "cut"])):
            case "change":
                content[place : place + 1] = data.draw(st.binary(min_size=1, max_size=1))
            case "remove":
                del content[place : place + 1]
            case "add":
                content.insert(place, data.draw(st.sampled_from(list(b'",\n\r\0{}[]:\xff1'))))
            case _:
                del content[max(1, place) :]
    judged(bytes(content), tmp_path / "damaged")
    judged(gzip.compress(bytes(content)), tmp_path / "damaged")
