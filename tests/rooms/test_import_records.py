"""`homeby import` of what people hold: papers, task books, examinations; each fault by its line."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.missions.models import Mission
from homeby.readiness.actions import mentoring
from homeby.readiness.actions.mentoring import MentorFields
from homeby.readiness.actions.past_records import RecordTaker
from homeby.readiness.models import (
    Examination,
    Holding,
    PartyPosition,
    Promotion,
    SignOff,
    TaskBook,
)
from homeby.readiness.queries import qualifications as queries
from homeby.readiness.rules.currency import Standing
from homeby.station.importing import writing
from tests import imports
from tests.promises.learning import hold, read
from tests.world import World

HEADER = "Callsign,Kind,What,On,Until,Paper,By,Task,Mission,Result\n"
AID = "Fox,paper,First aid,11.11.2025,11.11.2027,Red Cross 4711,,,,"
BOOK = (
    "Owl,paper,SCOUT,01.01.2024,,NWCG 12,Head,,,",
    "Fox,opened,SCOUT,01.02.2026,,,Head,,,",
    "Fox,task,SCOUT,03.02.2026,,,Owl,1,,",
    "Fox,task,SCOUT,01.03.2026,,,Owl,Finds the way back in fog,diary:7,",
    "Fox,final,SCOUT,04.04.2026,,,Owl,,,",
    "Fox,certified,SCOUT,05.04.2026,,,Deputy,,,",
)

DIARY = """
name = "diary"
[missions]
zone = "UTC"
key = { columns = ["No"] }
subjects = { column = "Who", separators = ["+"], given_as = "callsign" }
out = { column = "Out", formats = ["iso"] }
back = { column = "Back", formats = ["iso"] }
"""


@pytest.fixture
def bed(world: World, tmp_path: Path) -> Path:
    """The village with a catalogue, and a mission of the past: number 7 of the diary."""
    read(world)
    (tmp_path / "diary.toml").write_text(DIARY, encoding="utf-8")
    rows = "No,Who,Out,Back\n7,Owl+Fox,2026-03-01T08:00,2026-03-01T15:00\n"
    (tmp_path / "diary.csv").write_text(rows, encoding="utf-8")
    told = imports.run(tmp_path / "diary.csv", str(tmp_path / "diary.toml"))
    assert told.code == 0, told
    return tmp_path


def records(folder: Path, *rows: str, name: str = "records.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def take(folder: Path, *rows: str, dry_run: bool = False) -> imports.Told:
    return imports.run(records(folder, *rows), "records-example", dry_run=dry_run)


def standing(world: World, who: str, key: str) -> Standing:
    found = queries.standings([world.people[who]], [key], day=imports.NOW.date())
    return found[world.people[who]][key].standing


def test_papers_are_held_and_the_same_file_again_adds_nothing(bed: Path, world: World) -> None:
    course = "Owl,course,first  AID,2024-02-29,,,,,,"
    told = take(bed, AID, course)
    assert (told.code, told.table) == (0, (2, 2, 0, 0)), told
    mine, hers = (Holding.objects.get(person=world.people[who]) for who in ("agent", "mate"))
    assert (mine.from_date, mine.expires_date) == (dt.date(2025, 11, 11), dt.date(2027, 11, 11))
    assert (mine.paper, mine.through_date) == ("Red Cross 4711", dt.date(2027, 11, 11))
    assert hers.through_date == dt.date(2026, 2, 28), "24 months after 29 February"
    assert standing(world, "agent", "AID") is Standing.CURRENT
    assert standing(world, "mate", "AID") is Standing.LAPSED
    assert take(bed, AID, course).table == (2, 0, 2, 0)
    assert Holding.objects.count() == 2
    changed = take(bed, AID.replace("2027", "2028"))
    assert changed.table == (1, 0, 0, 1)
    assert "with other facts (last day)" in changed.printed
    assert Message.objects.count() == 0
    imports.assert_replayable()


def test_a_task_book_is_signed_as_it_was(bed: Path, world: World) -> None:
    told = take(bed, *BOOK)
    assert told.table == (6, 6, 0, 0), told.printed
    book = TaskBook.objects.get()
    assert (book.person_id, book.is_certified) == (world.people["agent"], True)
    assert SignOff.objects.filter(book=book).count() == 5
    shown = SignOff.objects.get(book=book, task=2)
    assert shown.mission_id == Mission.objects.get(key="diary:7").pk
    held = Holding.objects.get(person=world.people["agent"])
    assert (held.book_id, held.from_date) == (book.pk, dt.date(2026, 4, 5))
    assert held.through_date == dt.date(2027, 4, 5), "twelve months, unless it is done again"
    assert take(bed, *BOOK).table == (6, 0, 6, 0)
    imports.assert_replayable()


def test_a_book_that_is_open_goes_on_here(bed: Path, world: World) -> None:
    assert take(bed, *BOOK[:3]).code == 0
    assert TaskBook.objects.get().ended_at is None
    assert take(bed, *BOOK).table == (6, 3, 3, 0)
    assert TaskBook.objects.get().is_certified


def test_an_examination_is_history_and_passing_it_a_promotion(bed: Path, world: World) -> None:
    rows = (
        BOOK[0],
        "Fox,examination,Scout,01.05.2026,,,Owl,,,failed",
        "Fox,examination,Scout,01.08.2026,,,Owl,,,passed",
    )
    told = take(bed, *rows)
    assert told.table == (3, 3, 0, 0), told.printed
    states = Examination.objects.order_by("held_date").values_list("state", flat=True)
    assert list(states) == ["FAILED", "PASSED"]
    assert Promotion.objects.get().from_date == dt.date(2026, 8, 1)
    assert standing(world, "agent", "SCOUT") is Standing.CURRENT
    assert take(bed, *rows).table == (3, 0, 3, 0)
    imports.assert_replayable()


def test_what_was_done_on_a_mission_keeps_it_current(bed: Path, world: World) -> None:
    held = "Fox,paper,SCOUT,01.04.2025,,NWCG 13,,,,"
    done = "Fox,done,SCOUT,01.03.2026,,,,,diary:7,"
    assert take(bed, held, done).table == (2, 2, 0, 0)
    assert Holding.objects.get().through_date == dt.date(2027, 3, 1)
    assert PartyPosition.objects.get().hours == 7
    assert take(bed, held, done).table == (2, 0, 2, 0)
    assert take(bed, done.replace("SCOUT", "Scout")).table == (1, 0, 0, 1), "said twice"
    imports.assert_replayable()


FAULTS = [
    ("Fox,paper,AID,11.11.2025,10.11.2025,,,,,", "It ends on 10 Nov 2025, before it begins"),
    ("Fox,paper,AID,29.02.2025,,,,,,", "29.02.2025” is a day that the calendar does not have"),
    ("Fox,paper,AID,soon,,,,,,", "“soon” is not a time in any format of the map"),
    ("Fox,paper,AID,,,,,,,", "it does not say from which day on"),
    ("Fox,paper,AID,01.01.2027,,,,,,", "is still to come"),
    ("Fox,paper,First add,01.01.2025,,,,,,", "not in the catalogue"),
    ("Fox,paper,First add,01.01.2025,,,,,,", "Did you mean “First aid”?"),
    ("Nobody,paper,AID,01.01.2025,,,,,,", "nobody here is called “Nobody”"),
    ("Fox,paper,AID,01.01.2025,,,Fox,,,", "Nobody records her own paper"),
    ("Fox,badge,AID,01.01.2025,,,,,,", "“badge” is no kind of record"),
    ("Fox,task,SCOUT,03.02.2026,,,Owl,1,,", "was not opened yet"),
    ("Fox,opened,SCOUT,03.02.2026,,,Fox,,,", "Nobody signs off herself"),
    ("Fox,opened,SCOUT,03.02.2026,,,,,,", "It does not say who signed it"),
    ("Fox,examination,SCOUT,03.02.2026,,,Head,,,passed", "Nobody on the board holds"),
    ("Fox,examination,SCOUT,03.02.2026,,,Fox,,,passed", "Nobody examines herself"),
    ("Fox,examination,AID,03.02.2026,,,Head,,,passed", "Only positions and ranks are examined"),
    ("Fox,examination,SCOUT,03.02.2026,,,Head,,,", "whether the examination was passed"),
    ("Fox,examination,SCOUT,03.02.2026,,,Head,,,maybe", "“maybe” is no result"),
    ("Fox,done,SCOUT,03.02.2026,,,,,,", "It does not say on which mission"),
    ("Fox,task,SCOUT,03.02.2026,,,Owl,1,diary:8,", "on no mission “diary:8”"),
    ("Fox,task,SCOUT,03.02.2026,,,Owl,1,diary:7,", "on this mission from 1 Mar 2026"),
]


@pytest.mark.parametrize(("row", "why"), FAULTS)
def test_a_fault_is_said_with_its_line_and_nothing_else_is_lost(
    bed: Path, row: str, why: str
) -> None:
    told = take(bed, AID, row, "Owl,paper,AID,01.06.2025,,,,,,")
    assert told.table == (3, 2, 0, 1), told.printed
    (line,) = (one for one in told.printed.splitlines() if one.startswith("line "))
    assert line.startswith("line 3: ")
    assert why in line
    kept = (bed / "records.csv.rejects.csv").read_text(encoding="utf-8")
    assert row in kept
    assert Holding.objects.count() == 2


@pytest.mark.parametrize(
    ("place", "row", "why"),
    [
        (2, "Fox,task,SCOUT,03.02.2026,,,Head,1,,", "only by somebody who held it"),
        (2, "Fox,task,SCOUT,03.02.2026,,,Owl,9,,", "Say which task was shown; there are 2"),
        (3, "Fox,task,SCOUT,01.03.2026,,,Owl,2,,", "counts on a real mission only"),
        (4, "Fox,certified,SCOUT,04.04.2026,,,Deputy,,,", "The final evaluation comes first"),
        (5, "Fox,certified,SCOUT,05.04.2026,,,Owl,,,", "does not certify; another person does"),
        (5, "Fox,opened,SCOUT,05.04.2026,,,Head,,,", "is open already"),
        (5, "Fox,final,SCOUT,06.04.2026,,,Owl,,,", "This is signed already"),
    ],
)
def test_old_signatures_are_judged_as_those_of_today(
    bed: Path, place: int, row: str, why: str
) -> None:
    told = take(bed, *BOOK[:place], row)
    assert told.table == (place + 1, place, 0, 1), told.printed
    assert f"line {place + 2}: " in told.printed
    assert why in told.printed


def test_two_mentors_do_not_certify_between_them(bed: Path, world: World) -> None:
    for who in ("mate", "deputy"):
        fields = MentorFields(mentor_id=world.people[who])
        mentoring.begin(
            learner_id=world.people["agent"], fields=fields, by=world.as_("head"), now=world.now,
            tap=new_tap(),
        )  # fmt: skip
    told = take(bed, *BOOK)
    assert told.table == (6, 5, 0, 1), told.printed
    assert "A mentor does not approve alone" in told.printed


def test_what_is_recorded_by_hand_is_not_brought_again(bed: Path, world: World) -> None:
    hold(world, "agent", "AID", since=10, days=100)
    held = Holding.objects.get()
    told = take(bed, f"Fox,paper,AID,{held.from_date},{held.expires_date},,,,,")
    assert told.table == (1, 0, 0, 1)
    assert "the same is recorded of her already" in told.printed


def test_a_dry_run_judges_all_rows_and_writes_none(bed: Path) -> None:
    entries = Entry.objects.count()
    told = take(bed, *BOOK, "Nobody,paper,AID,01.01.2025,,,,,,", dry_run=True)
    assert told.table == (7, 6, 0, 1), told.printed
    assert (Entry.objects.count(), Holding.objects.count()) == (entries, 0)


def test_chunks_follow_each_other(bed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "CHUNK_ROWS", 2)
    dry = take(bed, *BOOK, dry_run=True)
    assert dry.table == (6, 6, 0, 0), dry.printed
    assert take(bed, *BOOK).table == (6, 6, 0, 0)
    assert Holding.objects.count() == 2
    imports.assert_replayable()


def test_an_interrupted_import_goes_on_and_adds_nothing_twice(
    bed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "CHUNK_ROWS", 2)
    write, chunks = RecordTaker._write, []

    def written(self: RecordTaker, meant: list) -> None:
        chunks.append(len(meant))
        if len(chunks) == 3:
            raise KeyboardInterrupt
        write(self, meant)

    with monkeypatch.context() as patched:
        patched.setattr(RecordTaker, "_write", written)
        told = take(bed, *BOOK)
    assert (told.code, SignOff.objects.count()) == (1, 3)
    assert "goes on where this one stopped" in told.said[-1]
    assert take(bed, *BOOK).table == (6, 2, 4, 0)
    assert TaskBook.objects.get().is_certified
    imports.assert_replayable()


def test_so_many_rows_take_so_many_questions(
    bed: Path, world: World, django_assert_max_num_queries: Any
) -> None:
    days = range(1, 29)
    rows = [f"{who},paper,AID,{one:02}.01.2025,,,,,," for who in ("Fox", "Owl") for one in days]
    path = records(bed, *rows)
    with django_assert_max_num_queries(56 * 4 + 40):
        assert imports.run(path, "records-example").table == (56, 56, 0, 0)


def test_people_are_found_by_the_number_of_their_list(bed: Path) -> None:
    people = bed / "members.csv"
    people.write_text(
        "Number,Name,Callsign,E-mail,Push,Team,Role,Language,Time zone\n17,Ada,,,,,,,\n",
        encoding="utf-8",
    )
    assert imports.run(people, "people-example").code == 0
    text = (
        'name = "papers"\n[records]\nkey = { columns = ["No", "What"] }\nwhat = "What"\n'
        'person = { column = "No", given_as = "key", source = "members" }\n'
        'day = { column = "On" }\n'
    )
    (bed / "papers.toml").write_text(text, encoding="utf-8")
    (bed / "papers.csv").write_text(
        "No,What,On\n17,AID,2026-01-02\n18,AID,2026-01-02\n", encoding="utf-8"
    )
    told = imports.run(bed / "papers.csv", str(bed / "papers.toml"))
    assert told.table == (2, 1, 0, 1)
    assert Holding.objects.get().person.name == "Ada"
