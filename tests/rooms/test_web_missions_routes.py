"""Route files and coordinates: the real are read, the awkward and the hostile answered."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from homeby.web.phone import coordinates, routes

POINT = b'<wpt lat="46.4" lon="13.7"><name>Hut</name></wpt>'
ENTITIES = b'<!DOCTYPE gpx [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE gpx SYSTEM "file:///x"><gpx/>'


def test_every_real_file_is_read(real_records: Path) -> None:
    files = sorted((real_records / "missions" / "tracks" / "gpx").glob("*.gpx"))
    assert len(files) >= 12
    for file in files:
        found = routes.read(file.read_bytes())
        again = routes.read(found.gpx.encode())
        assert again.points == found.points > 0, file.name


def test_what_nobody_needs_to_find_somebody_is_left_out() -> None:
    text = (
        b'<gpx version="1.1"><metadata><author><name>Jo</name></author></metadata>'
        b'<trk><trkseg><trkpt lat="1" lon="2"><ele>5</ele><time>2020-01-01T00:00:00Z</time>'
        b"<extensions><hr>180</hr></extensions></trkpt></trkseg></trk></gpx>"
    )
    kept = routes.read(text).gpx
    assert "2020-01-01T00:00:00Z" in kept
    assert "<ele>5" in kept
    assert "180" not in kept
    assert "Jo" not in kept


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (ENTITIES + b"<gpx>" + POINT + b"</gpx>", "document type or entities"),
        (OUTSIDE.encode("utf-16"), "document type or entities"),
        (b"", "no GPX file"),
        (bytes(1000), "no GPX file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "no text"),
        (b"<kml></kml>", "not GPX"),
        (b"<gpx>" + POINT, "cut off"),
        (b"<gpx></gpx>", "holds no point"),
        (b'<gpx><wpt lat="91" lon="1"/></gpx>', "nowhere on earth"),
        (b'<gpx><wpt lat="nan" lon="1"/></gpx>', "nowhere on earth"),
        (b'<gpx><wpt lat="x" lon="1"/></gpx>', "cannot be read as GPX"),
        (b'<gpx><wpt lon="1"/></gpx>', "cannot be read as GPX"),
        (b"<gpx>" + b"<wpt lat='1' lon='1'/>" * 50_001 + b"</gpx>", "more than 50000 points"),
        (b"<gpx>" + b" " * (5 * 1024 * 1024) + b"</gpx>", "5 MB fit"),
        (b"<gpx>" + b"<a>" * 100_000, "no GPX file such as"),
        (b"<?xml version='1.0' encoding='ebcdic-cp-us'?><gpx/>", "Save it as UTF-8"),
    ],
)
def test_what_is_no_route_gets_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(routes.BadRoute, match=sentence):
        routes.read(content)


def test_a_file_made_to_be_slow_is_not() -> None:
    stray = b"<gpx><desc>" + b" xmlns" * 800_000 + b"</desc>" + POINT + b"</gpx>"
    many = b" ".join(b'xmlns:a%d="u%d"' % (number, number) for number in range(3000))
    began = time.perf_counter()
    for content in (stray, b"<gpx " + many + b">" + POINT + b"</gpx>"):
        with pytest.raises(routes.BadRoute):
            routes.read(content)
    assert time.perf_counter() - began < 5


@pytest.mark.parametrize("encoding", ["utf-8-sig", "iso-8859-1", "utf-16"])
def test_other_ways_to_write_letters_are_read(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?><gpx><wpt lat="1" lon="1">'
    content = (text + "<name>Hütte</name></wpt></gpx>").encode(encoding)
    assert "Hütte" in routes.read(content).gpx


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("", None),
        ("46.4349, 13.7482", (46.4349, 13.7482)),
        ("46.4349 13.7482", (46.4349, 13.7482)),
        ("46,4349; 13,7482", (46.4349, 13.7482)),
        ("46,4349 13,7482", (46.4349, 13.7482)),
        ("N 46° 26.1' E 13° 44.9'", (46.435, 13.7483333)),
        ("46°26'06\" N 13°44'54\" E", (46.435, 13.7483333)),
        ("E13.7 N46.4", (46.4, 13.7)),
        ("S 46.1, W 13", (-46.1, -13.0)),
        ("-46.4 -13.2", (-46.4, -13.2)),
    ],
)
def test_coordinates_are_read_as_people_write_them(
    typed: str, place: tuple[float, float] | None
) -> None:
    assert coordinates.parse(typed) == place


@pytest.mark.parametrize(
    "typed",
    ["up there", "46.4", "N46 N47", "91 0", "0 181", "46.4, 13.7, 12", "1" * 100, "46°70' 1"],
)
def test_what_is_no_place_gets_a_sentence(typed: str) -> None:
    with pytest.raises(coordinates.BadCoordinates):
        coordinates.parse(typed)
