"""Reading files of the shapes of the real ones, small and made up."""

from __future__ import annotations

import datetime as dt
import gzip
import tomllib
from pathlib import Path

import pytest

from homeby.people.rules import ChannelName, PersonKind, Role
from homeby.station.importing import loading, mapping, reading
from homeby.station.importing.records import FileProblem, facts

SAMPLES = Path(__file__).parents[1] / "fixtures" / "importing"

LOG = """
name = "log"
[missions]
zone = "Europe/Zurich"
{missions}
[missions.key]
columns = ["No"]
[missions.subjects]
column = "Who"
separators = [",", "&"]
[missions.out]
column = "Out"
formats = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M%z", "unix"]
[missions.back]
column = "Back"
formats = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M%z", "iso"]
{more}
"""


def ready(name: str) -> mapping.Mapping:
    return loading.load(path=Path(name))


def log_map(missions: str = "", more: str = "") -> mapping.Mapping:
    content = tomllib.loads(LOG.format(missions=missions, more=more))
    return loading.understand(content=content, shown_as="log.toml")


def read_text(tmp_path: Path, text: str, the_map: mapping.Mapping | None = None) -> reading.Reading:
    path = tmp_path / "log.csv"
    path.write_text(text)
    return reading.read_all(path, the_map or log_map())


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def test_calls_of_units_are_read() -> None:
    read = reading.read_all(SAMPLES / "calls.csv", ready("sf-fire"))
    assert (len(read.missions), read.rejects, read.problem) == (5, [], None)
    first, second = read.missions[:2]
    assert (first.line, first.key, first.subjects) == (2, "sf-fire:900000001|E01", ("E01",))
    assert (first.subject_kind, first.subjects_are_callsigns) == (PersonKind.UNIT, True)
    assert first.out_at == at("2017-03-12T07:50:00Z")
    assert first.out_typed == "03/11/2017 11:50:00 PM"
    # the clocks went forward at 02:00: 03:20 is two and a half hours after 23:50
    assert second.back_at is not None
    assert second.back_at - second.out_at == dt.timedelta(hours=2, minutes=30)
    assert read.missions[3].back_at is None
    assert read.missions[4].back_at == read.missions[4].out_at


def test_walks_are_read_alike_from_csv_and_json() -> None:
    the_map = ready("nasa-eva")
    csv = reading.read_all(SAMPLES / "walks.csv", the_map)
    json = reading.read_all(SAMPLES / "walks.json", the_map)
    assert [one.key for one in csv.missions[:4]] == [f"nasa-eva:{n}" for n in (1, 2, 3, 5)]
    assert csv.missions[4].key == "nasa-eva:Lark 4|1996-11-29T00:00:00Z|Dee Delta"
    by_key = {one.key: one for one in csv.missions}
    assert len(json.missions) == 3
    for one in json.missions:
        assert facts(one) == facts(by_key[one.key])
    third = by_key["nasa-eva:3"]
    assert third.subjects == ("Ben Beta", "Cy Gamma")
    assert third.debrief == "World\u2019s first"
    assert third.back_at == at("1968-02-26T04:10Z")
    assert by_key["nasa-eva:2"].out_at == at("1966-03-16T00:00Z")
    assert by_key["nasa-eva:5"].out_typed == "Sept. 3, 1992"


def test_walks_that_cannot_be_counted_are_rejected_with_the_reason() -> None:
    csv = reading.read_all(SAMPLES / "walks.csv", ready("nasa-eva"))
    assert [(one.line, one.reason) for one in csv.rejects] == [
        (5, "it does not say when they were back, or for how long they were out"),
        (6, "the date “Sept. 1973” names no day"),
    ]
    assert csv.rejects[1].text == "4,Ruritania,Dee Delta,Lark 4,Sept. 1973,0:12,Suit checked"
    assert csv.rejects[1].key == "nasa-eva:4"
    json = reading.read_all(SAMPLES / "walks.json", ready("nasa-eva"))
    assert [(one.line, one.reason) for one in json.rejects] == [
        (2, "it does not say when they went out")
    ]


def test_another_header_and_blank_lines_at_the_end_are_read_by_the_same_map() -> None:
    read = reading.read_all(SAMPLES / "walks-additions.csv", ready("nasa-eva"))
    assert [one.key for one in read.missions] == ["nasa-eva:6"]
    assert (read.rejects, read.problem) == ([], None)


def test_an_incomplete_date_may_mean_the_first_of_the_month() -> None:
    text = (loading.READY_MAPS / "nasa-eva.toml").read_text()
    first = tomllib.loads(text.replace('incomplete = "reject"', 'incomplete = "first"'))
    the_map = loading.understand(content=first, shown_as="nasa-eva")
    walks = {one.key: one for one in reading.read_all(SAMPLES / "walks.csv", the_map).missions}
    assert walks["nasa-eva:4"].out_at == at("1973-09-01T00:00Z")


def test_a_gate_log_with_dates_and_times_in_two_columns() -> None:
    read = reading.read_all(SAMPLES / "gate-log.csv", ready("missions-example"))
    first, night, still_out = read.missions
    assert first.subjects == ("Heron", "Wren")
    assert (first.out_at, first.due_at) == (at("2026-11-22T06:30Z"), at("2026-11-22T17:00Z"))
    assert first.where == "Nordwand über dem See"
    assert night.back_at == at("2026-11-23T00:30Z")
    assert night.due_at == at("2026-11-23T01:00Z")
    assert night.what == "Mission"
    assert (still_out.subjects, still_out.back_at) == (("Wren", "Owl"), None)


def test_members_are_read() -> None:
    read = reading.read_all(SAMPLES / "members.csv", ready("people-example"))
    ada, bo, flo = read.people
    assert (ada.name, ada.callsign, ada.zone) == ("Ada Example", "Heron", "Europe/Zurich")
    assert ada.teams == ("Night team", "Climbers")
    assert ada.channels == ((ChannelName.EMAIL, "ada@example.org"),)
    assert (bo.roles, bo.language) == ((Role.DUTY_OFFICER, Role.MEMBER), "en")
    assert flo.key == "members:|Flo Example"
    assert [reject.line for reject in read.rejects] == [4, 5, 6, 9]


HEADER = "No,Who,Out,Back\n"


def test_an_ambiguous_return_takes_the_reading_that_is_not_before_out(tmp_path: Path) -> None:
    read = read_text(
        tmp_path,
        HEADER
        + "1,A,2026-10-25 01:50,2026-10-25 02:10\n"  # back by summer time
        + "2,A,2026-10-25 02:50,2026-10-25 02:10\n"  # back after the clocks went back
        + "3,A,2026-03-29 02:30,2026-03-29 03:30\n",  # out at a time that never was
    )
    lasted = [one.back_at - one.out_at for one in read.missions if one.back_at]
    assert lasted == [dt.timedelta(minutes=20), dt.timedelta(minutes=20), dt.timedelta(hours=1)]


def test_times_with_an_offset_and_unix_times(tmp_path: Path) -> None:
    read = read_text(
        tmp_path,
        HEADER
        + "1,A,2026-07-01T12:00+05:00,2026-07-01T12:00Z\n"
        + "2,A,1000000000,2001-09-09T03:46:41.5+01:00\n",
    )
    assert read.rejects == []
    assert read.missions[0].out_at == at("2026-07-01T07:00Z")
    assert read.missions[1].out_at == at("2001-09-09T01:46:40Z")


def test_back_before_out_is_rejected_unless_the_map_says_the_next_day(tmp_path: Path) -> None:
    row = HEADER + "1,A,2026-03-28 22:00,2026-03-28 01:30\n"
    assert read_text(tmp_path, row).rejects[0].reason == (
        "back “2026-03-28 01:30” is before out “2026-03-28 22:00”"
    )
    the_map = log_map('back_before_out = "next_day"')
    (night,) = read_text(tmp_path, row, the_map).missions
    assert night.back_at == at("2026-03-29T00:30Z")
    early = HEADER + "1,A,2026-03-28 22:00,2026-03-20 01:30\n"
    assert "is before out" in read_text(tmp_path, early, the_map).rejects[0].reason


def test_a_repeat_is_already_there_and_a_contradiction_is_rejected(tmp_path: Path) -> None:
    read = read_text(
        tmp_path,
        HEADER
        + "1,A,2026-07-01 08:00,2026-07-01 09:00\n"
        + "1,A ,2026-07-01 08:00,2026-07-01T09:00+02:00\n"
        + "1,A,2026-07-01 08:00,2026-07-01 09:01\n"
        + "2,A,2026-07-01 08:00,2026-07-01 09:00\n",
    )
    assert [one.key for one in read.records] == ["log:1", "log:2"]
    assert [(one.line, one.first_line) for one in read.repeats] == [(3, 2)]
    (reject,) = read.rejects
    assert (reject.line, reject.reason) == (
        4,
        "line 2 has the same key log:1 and says something else",
    )


def test_repeats_are_seen_in_json_on_one_line_too(tmp_path: Path) -> None:
    path = tmp_path / "log.json"
    one = '{"no": 1, "who": ["A", "B"], "out": "2026-07-01 08:00", "back": null}'
    path.write_text(f"[{one}, {one}]")
    read = reading.read_all(path, log_map())
    assert [repeat.line for repeat in read.repeats] == [2]
    assert read.missions[0].subjects == ("A", "B")
    assert read.missions[0].key == "log:1"


def test_duration_and_due_are_read(tmp_path: Path) -> None:
    the_map = log_map(
        'due_after = "out+1h30"',
        '[missions.duration]\ncolumn = "Min"\nformat = "minutes"',
    )
    read = read_text(tmp_path, "No,Who,Out,Back,Min\n1,A & B,2026-07-01 08:00,,95.5\n", the_map)
    (one,) = read.missions
    assert one.back_at == one.out_at + dt.timedelta(minutes=95, seconds=30)
    assert one.due_at == one.out_at + dt.timedelta(minutes=90)
    assert one.subjects == ("A", "B")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,A,,", "it does not say when they went out"),
        ("1,,2026-07-01 08:00,", "it does not say who went out"),
        (" , ,2026-07-01 08:00,", "it has no key"),
        ("1,A,yesterday,", "“yesterday” is not a time in any format of the map"),
        ("1,A,2026-02-30 08:00,", "“2026-02-30 08:00” is not a time"),
        ("1,A,0202-07-01 08:00,", "impossible year"),
        (f"1,A,{'9' * 200},", "is too long for a time"),
        ("1,A,99999999999999999999,", "is not a time"),
        ("1,A,2026-07-01 08:00,soon", "“soon” is not a time"),
        ("1,A,2026-07-01 08:00", "the row has 3 columns, the header 4"),
        ("1,A,2026-07-01 08:00,,,x", "the row has 6 columns, the header 4"),
        ("1,A\0,2026-07-01 08:00,", "holds a NUL character"),
        ('1,"A"B,2026-07-01 08:00,', "this is not a row of CSV"),
        (f"1,{'A' * 300},2026-07-01 08:00,", "is too long for a name"),
        (f"{'1' * 300},A,2026-07-01 08:00,", "is too long for a key"),
        (f"1,{','.join(f'A{n}' for n in range(101))}", "the row has"),
        ('1,"' + ",".join(f"A{n}" for n in range(101)) + '",2026-07-01 08:00,', "more than 100"),
        ("1,A\x1b[2J,bad,", "“bad” is not a time"),
    ],
)
def test_a_row_that_cannot_be_taken_gives_its_line_and_reason(
    tmp_path: Path, row: str, reason: str
) -> None:
    good = "2,B,2026-07-01 08:00,2026-07-01 09:00\n"
    read = read_text(tmp_path, HEADER + good + row + "\n" + good.replace("2,B", "3,B"))
    assert [one.key for one in read.records] == ["log:2", "log:3"]
    assert [(one.line, reason in one.reason) for one in read.rejects] == [(3, True)], read.rejects
    assert read.problem is None


def test_the_header_is_found_by_any_spelling(tmp_path: Path) -> None:
    read = read_text(tmp_path, "\ufeff NO ,w_h_o,who,OUT  ,back\n1,x,A,2026-07-01 08:00,\n")
    assert read.missions[0].subjects == ("A",)


def test_a_gzipped_file_is_seen_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(gzip.compress((HEADER + "1,A,2026-07-01 08:00,\n").encode()))
    assert len(reading.read_all(path, log_map()).missions) == 1


def test_bytes_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    rows = HEADER + "1,Jürg,2026-07-01 08:00,\n2,A,2026-07-01 08:00,\n"
    path.write_bytes(rows.encode("cp1252"))
    strict = reading.read_all(path, log_map())
    assert [one.key for one in strict.records] == ["log:2"]
    assert strict.rejects[0].reason.startswith("line 2 holds the byte 0xfc, which is not utf-8")
    forgiving = log_map(more='[file]\nfallback_encoding = "cp1252"')
    assert reading.read_all(path, forgiving).missions[0].subjects == ("Jürg",)


def test_json_lines_are_seen_by_their_content(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    one = '{"no": "%d", "who": "A", "out": "2026-07-01 08:00", "back": ""}\n'
    path.write_text(one % 1 + "\n" + "17\n" + "{broken\n" + one % 2)
    read = reading.read_all(path, log_map())
    assert [record.line for record in read.records] == [1, 5]
    assert [(reject.line, reject.reason[:22]) for reject in read.rejects] == [
        (3, "this is not a JSON obj"),
        (4, "this line is not a JSO"),
    ]


def test_reading_is_one_by_one(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(HEADER + "1,A,2026-07-01 08:00,\n" * 3)
    one_by_one = reading.records(path, log_map())
    assert not isinstance(next(one_by_one), FileProblem)
    one_by_one.close()  # whoever has enough closes the file
