"""`homeby import` of missions: what becomes of a row, twice the same, one bad among good ones."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from homeby.logbook.models import Entry
from homeby.missions import queries
from homeby.missions.actions import history
from homeby.missions.actions.kinds import add_first_kinds
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import How, MemberState, MissionState
from homeby.people.actions.history.taking import Fate, Origin
from homeby.people.models import Person, PersonKey
from homeby.people.rules import STATION, PersonKind
from homeby.watch.models import Subject
from tests import imports
from tests.imports import SAMPLES, call, calls

pytestmark = pytest.mark.django_db

CALLS = SAMPLES / "calls.csv"


@pytest.fixture
def bed(tmp_path: Path) -> Path:
    """A folder with a copy of the sample, so that rejects fall there."""
    (tmp_path / "calls.csv").write_bytes(CALLS.read_bytes())
    return tmp_path


def facts_of(mission: Mission) -> dict[str, Any]:
    entry = Entry.objects.select_related("content").get(
        kind="MISSION_IMPORTED", subject=mission.ref
    )
    assert entry.content.body is not None
    facts: dict[str, Any] = json.loads(entry.content.body)["facts"]
    return facts


def test_a_row_with_a_return_is_a_mission_that_is_back(bed: Path) -> None:
    told = imports.run(bed / "calls.csv", "sf-fire")
    assert (told.code, told.table) == (0, (5, 5, 0, 0))
    mission = Mission.objects.get(key="sf-fire:900000001|E01")
    out = dt.datetime(2017, 3, 12, 7, 50, tzinfo=dt.UTC)
    assert (mission.state, mission.out_at, mission.what) == (
        MissionState.BACK,
        out,
        "Medical Incident",
    )
    [member] = mission.party.all()
    assert (member.state, member.out_at, member.back_at) == (
        MemberState.BACK,
        out,
        mission.back_at,
    )
    assert (member.out_how, member.back_how, member.back_gate) == (How.TOLD, How.TOLD, None)
    assert (mission.leader.kind, mission.leader.callsign) == (PersonKind.UNIT, "E01")
    entry = Entry.objects.get(kind="MISSION_IMPORTED", subject=mission.ref)
    assert (entry.happened_at, entry.recorded_at) == (out, imports.NOW)
    facts = facts_of(mission)
    assert (facts["file"], facts["line"], facts["map"]) == ("calls.csv", 2, "sf-fire")
    assert facts["typed"]["out"] == "03/11/2017 11:50:00 PM"
    imports.assert_replayable()


def test_a_row_without_a_return_waits_for_a_person(bed: Path) -> None:
    told = imports.run(bed / "calls.csv", "sf-fire")
    assert "Without a return: 1." in told.printed
    [mission] = queries.unconfirmed(STATION)
    assert (mission.state, mission.back_at) == (MissionState.UNCONFIRMED, None)
    [member] = mission.party.all()
    assert (member.state, member.out_at) == (MemberState.PLANNED, mission.out_at)
    assert queries.board(STATION, now=imports.NOW) == []
    assert queries.status_figures(STATION)["people_out"] == 0
    assert queries.status_figures(STATION)["missions_unconfirmed"] == 1
    assert not Subject.objects.exists()


def test_a_second_run_adds_nothing(bed: Path) -> None:
    imports.run(bed / "calls.csv", "sf-fire")
    before = Entry.objects.count()
    told = imports.run(bed / "calls.csv", "sf-fire", now=imports.NOW + dt.timedelta(days=1))
    assert (told.code, told.table) == (0, (5, 0, 5, 0))
    assert Entry.objects.count() == before


def test_a_dry_run_writes_nothing(bed: Path) -> None:
    told = imports.run(bed / "calls.csv", "sf-fire", dry_run=True)
    assert (told.code, told.table) == (0, (5, 5, 0, 0))
    assert "would be added" in told.printed
    assert not Entry.objects.exists()
    imports.run(bed / "calls.csv", "sf-fire")
    assert imports.run(bed / "calls.csv", "sf-fire", dry_run=True).table == (5, 0, 5, 0)


def test_a_unit_is_made_once_and_found_again(tmp_path: Path) -> None:
    imports.run(calls(tmp_path, call(1, "E01"), call(2, "E01")), "sf-fire")
    imports.run(calls(tmp_path, call(3, "e01"), call(4, "M02"), name="more.csv"), "sf-fire")
    assert sorted(Person.objects.values_list("callsign", flat=True)) == ["E01", "M02"]
    assert PersonKey.objects.count() == 2
    assert PartyMember.objects.filter(person__callsign="E01").count() == 3


def test_names_that_are_only_names_are_no_callsigns(bed: Path) -> None:
    imports.run(SAMPLES / "walks.csv", "nasa-eva", rejects=bed / "rejects.csv")
    ann = Person.objects.get(name="Ann Alpha")
    assert (ann.kind, ann.callsign) == (PersonKind.HUMAN, "")
    party = PartyMember.objects.filter(mission__key="nasa-eva:2")
    assert sorted(member.person.name for member in party) == ["Ben Beta", "Cy Gamma"]
    walk = Mission.objects.get(key="nasa-eva:1")
    assert facts_of(walk)["said"]["debrief"] == "First walk.  Lost a glove"


def test_the_same_key_with_other_facts_is_rejected_and_nothing_changes(tmp_path: Path) -> None:
    imports.run(calls(tmp_path, call(1, back="11:30:00 AM"), call(2)), "sf-fire")
    other = calls(
        tmp_path, call(1, back="11:40:00 AM"), call(2, back="11:45:00 AM"), name="other.csv"
    )
    told = imports.run(other, "sf-fire")
    assert (told.code, told.table) == (1, (2, 0, 0, 2))
    assert "line 2: it is here already with other facts (back); nothing was changed" in told.printed
    assert "line 3: it is here already without a return; say on the list" in told.printed
    assert Mission.objects.filter(state=MissionState.BACK).count() == 1
    assert Entry.objects.filter(kind="MISSION_IMPORTED").count() == 2


def test_a_mission_in_the_future_is_no_history(tmp_path: Path) -> None:
    before = dt.datetime(2017, 3, 1, 18, 0, tzinfo=dt.UTC)  # 10:00 there
    told = imports.run(calls(tmp_path, call(1, out="09:00:00 AM"), call(2)), "sf-fire", now=before)
    assert told.table == (2, 1, 0, 1)
    assert "line 3: it lies in the future, and is no history" in told.printed


def test_texts_too_long_for_the_row_stand_whole_in_the_entry(tmp_path: Path) -> None:
    text = "Long way " * 50
    path = calls(tmp_path, f"1,E01,03/01/2017 11:00:00 AM,,{text},{text}")
    assert imports.run(path, "sf-fire").code == 0
    mission = Mission.objects.get()
    assert len(mission.what) == len(mission.place) == 300
    assert mission.what.endswith("…")
    assert facts_of(mission)["said"]["what"] == text.strip()


@pytest.mark.parametrize(
    ("unit", "number", "says"),
    [
        ("X" * 61, "1", "The callsign has 61 characters; 60 fit."),
        ("E01", "1" * 195, "its key has 207 characters; 200 fit"),
        ("Twin", "1", "2 people are called “Twin” here; it is not clear who is meant"),
        ("", "1", "it does not say who went out"),
    ],
)
def test_what_cannot_be_kept_is_rejected_alone(
    tmp_path: Path, unit: str, number: str, says: str
) -> None:
    for key in ("one", "two"):
        Person.objects.create(kind=PersonKind.UNIT, name="Twin", callsign="Twin", key=key)
    row = f"{number},{unit},03/01/2017 11:00:00 AM,,Alarms,"
    told = imports.run(calls(tmp_path, row, call(7, "E07")), "sf-fire")
    assert told.table == (2, 1, 0, 1)
    assert f"line 2: {says}" in told.printed
    assert Mission.objects.get().key == "sf-fire:7|E07"


def past(key: str, **other: Any) -> history.PastMission:
    out_at = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    texts = dict.fromkeys(
        ("out_typed", "back_typed", "due_typed", "what", "where", "note", "debrief"), ""
    )
    return history.PastMission(
        **(
            {
                "line": 2,
                "key": key,
                "subjects": ("Heron",),
                "subject_kind": PersonKind.HUMAN,
                "subjects_are_callsigns": True,
                "out_at": out_at,
                "back_at": out_at + dt.timedelta(hours=1),
                "due_at": None,
                "zone": "UTC",
                **texts,
            }
            | other
        )
    )


def taker(**values: Any) -> history.MissionTaker:
    return history.MissionTaker(
        origin=Origin(file="log.csv", map_name="log", now=imports.NOW), **values
    )


def test_a_row_that_the_database_refuses_does_not_poison_its_chunk() -> None:
    impossible = past("log:2", due_at=imports.NOW, zone=None)
    outcomes = taker().take([past("log:1"), impossible, past("log:3")])
    assert [one.fate for one in outcomes] == [Fate.ADDED, Fate.REJECTED, Fate.ADDED]
    assert outcomes[1].reason.startswith("the database does not take it (")
    assert set(Mission.objects.values_list("key", flat=True)) == {"log:1", "log:3"}
    assert Person.objects.count() == 1
    imports.assert_replayable()


def test_two_imports_at_once_add_a_row_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other import commits after this one has looked which keys are here."""
    judged = history.MissionTaker._judged
    other = [past("log:1"), past("log:9", subjects=("Wren",))]

    def slowly(self: history.MissionTaker, row: history.PastMission) -> Any:
        if other:
            rows, other[:] = list(other), []
            assert [one.fate for one in taker().take(rows)] == [Fate.ADDED, Fate.ADDED]
        return judged(self, row)

    monkeypatch.setattr(history.MissionTaker, "_judged", slowly)
    outcomes = taker().take([past("log:1"), past("log:2", subjects=("Wren", "heron", "Owl"))])
    assert [one.fate for one in outcomes] == [Fate.ALREADY_THERE, Fate.ADDED]
    assert sorted(Person.objects.values_list("callsign", flat=True)) == ["Heron", "Owl", "Wren"]
    imports.assert_replayable()


def test_somebody_named_twice_goes_once() -> None:
    [outcome] = taker().take([past("log:1", subjects=("Heron", "HERON ", "Wren"))])
    assert outcome.fate is Fate.ADDED
    assert PartyMember.objects.count() == 2
    assert Mission.objects.get().leader.callsign == "Heron"


def test_a_row_of_a_kind_that_is_here_has_it_and_of_another_is_rejected() -> None:
    add_first_kinds(now=imports.NOW)
    rows = [past("log:1", kind="search"), past("log:2", kind="Rescue"), past("log:3", kind="Canoe")]
    outcomes = taker().take([*rows, past("log:4")])
    assert [one.fate for one in outcomes] == [Fate.ADDED, Fate.ADDED, Fate.REJECTED, Fate.ADDED]
    assert "no kind of mission Canoe" in outcomes[2].reason
    kinds = dict(Mission.objects.values_list("key", "kind__code"))
    assert kinds == {"log:1": "SEARCH", "log:2": "RESCUE", "log:4": None}
    again = taker().take([past("log:1", kind="Search"), past("log:2", kind="search")])
    assert again[1].fate is Fate.REJECTED
    assert "kind of mission" in again[1].reason
    imports.assert_replayable()


def test_when_they_meant_to_set_out_is_taken_and_not_after_they_were_due(tmp_path: Path) -> None:
    at = 'column = "%s"\nformats = ["%%d.%%m.%%Y %%H:%%M"]\n'
    times = ("sets_out", "out", "back", "due")
    text = 'name = "plans"\n[missions]\nzone = "Europe/Zurich"\nkey.columns = ["no"]\n'
    text += 'what = "what"\n[missions.subjects]\ncolumn = "who"\ngiven_as = "callsign"\n'
    text += "".join(f"[missions.{name}]\n{at % name}" for name in times)
    (tmp_path / "plans.toml").write_text(text)
    header = "no,who,what,sets_out,out,back,due\n"
    good = "1,Fox,Patrol,1.3.2025 08:00,1.3.2025 08:20,1.3.2025 12:00,1.3.2025 13:00\n"
    bad = "2,Fox,Patrol,1.3.2025 14:00,1.3.2025 08:20,1.3.2025 12:00,1.3.2025 13:00\n"
    none = "3,Fox,Patrol,,2.3.2025 08:20,2.3.2025 12:00,2.3.2025 13:00\n"
    (tmp_path / "plans.csv").write_text(header + good + bad + none)
    told = imports.run(tmp_path / "plans.csv", str(tmp_path / "plans.toml"))
    assert told.table == (3, 2, 0, 1)
    assert "is not before they were due" in (tmp_path / "plans.csv.rejects.csv").read_text()
    one = Mission.objects.get(key="plans:1")
    assert one.sets_out_at == dt.datetime(2025, 3, 1, 7, tzinfo=dt.UTC)
    assert one.sets_out_typed == "1.3.2025 08:00"
    assert facts_of(one)["typed"]["sets_out"] == "1.3.2025 08:00"
    assert Mission.objects.get(key="plans:3").sets_out_at is None
