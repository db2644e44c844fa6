"""`homeby import` of people: teams, roles, addresses; found again by records, and the reverse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from homeby.comms.models import Message
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.rules import new_tap
from homeby.missions.models import PartyMember
from homeby.people import private
from homeby.people.actions import persons
from homeby.people.models import ContactPoint, Membership, Person, PersonKey, RoleHeld, Team
from homeby.people.rules import STATION, PersonKind, Purpose, Role
from tests import imports
from tests.imports import SAMPLES

pytestmark = pytest.mark.django_db

HEADER = "Number,Name,Callsign,E-mail,Push,Team,Role,Language,Time zone\n"
NAMES_MAP = """
name = "diary"
[missions]
zone = "UTC"
key = { columns = ["No"] }
subjects = { column = "Who", separators = [","] }
out = { column = "Out", formats = ["iso"] }
back = { column = "Back", formats = ["iso"] }
"""


def members(folder: Path, *rows: str, name: str = "members.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


def diary(folder: Path, *rows: str) -> tuple[Path, str]:
    """A file of missions that names people by their names, and its map."""
    (folder / "diary.toml").write_text(NAMES_MAP, encoding="utf-8")
    path = folder / "diary.csv"
    path.write_text("No,Who,Out,Back\n" + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path, str(folder / "diary.toml")


@pytest.fixture
def bed(tmp_path: Path) -> Path:
    for name in ("members.csv", "gate-log.csv"):
        text = (SAMPLES / name).read_bytes().replace(b".2026", b".2025")
        (tmp_path / name).write_bytes(text)
    return tmp_path


def test_a_list_of_members_is_taken_in(bed: Path) -> None:
    told = imports.run(bed / "members.csv", "people-example")
    assert (told.code, told.table) == (1, (7, 3, 0, 4))
    ada = Person.objects.get(key="members:17")
    assert (ada.kind, ada.name, ada.callsign, ada.language) == (
        PersonKind.HUMAN,
        "Ada Example",
        "Heron",
        "de",
    )
    teams = Membership.objects.filter(person=ada).values_list("team__name", flat=True)
    assert sorted(teams) == ["Climbers", "Night team"]
    assert Team.objects.count() == 2
    roles = RoleHeld.objects.values_list("person__name", "role")
    assert sorted(roles) == [
        ("Ada Example", Role.LEADER),
        ("Bo Example", Role.DUTY_OFFICER),
        ("Bo Example", Role.MEMBER),
        ("Flo Example", Role.GATE_KEEPER),
    ]
    assert PersonKey.objects.count() == Person.objects.count() == 3
    imports.assert_replayable()


def test_addresses_are_sealed_unverified_and_nobody_is_told(bed: Path) -> None:
    imports.run(bed / "members.csv", "people-example")
    point = ContactPoint.objects.get(person__key="members:17")
    assert (point.verified_at, point.zone, point.rank) == (None, "Europe/Zurich", 1)
    told = private.unseal(point.person_id, bytes(point.address_sealed), purpose=Purpose.OFFICE)
    assert told == {"address": "ada@example.org"}
    assert not Message.objects.exists()
    assert Entry.objects.filter(kind="CONTACT_ADDED").count() == 3
    for body in EntryBody.objects.values_list("body", flat=True):
        assert "example.org" not in str(body)


def test_a_second_run_adds_nothing_even_after_the_key_was_destroyed(bed: Path) -> None:
    imports.run(bed / "members.csv", "people-example")
    before = Entry.objects.count()
    assert imports.run(bed / "members.csv", "people-example").table == (7, 0, 3, 4)
    PersonKey.objects.filter(person__key="members:17").update(wrapped=None)
    assert imports.run(bed / "members.csv", "people-example").table == (7, 0, 3, 4)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("17,Ada Sample,Heron,ada@example.org,,,Leader,de,", "name"),
        ("17,Ada Example,Heron,new@example.org,,,Leader,de,", "addresses"),
        ("17,Ada Example,Heron,ada@example.org,,Climbers,Member,de,", "roles, teams"),
    ],
)
def test_the_same_key_with_other_facts_is_rejected(tmp_path: Path, row: str, what: str) -> None:
    first = "17,Ada Example,Heron,ada@example.org,,,Leader,de,"
    imports.run(members(tmp_path, first), "people-example")
    told = imports.run(members(tmp_path, row, name="later.csv"), "people-example")
    assert told.table == (1, 0, 0, 1)
    assert f"it is here already with other facts ({what}); nothing was changed" in told.printed
    assert Person.objects.get().name == "Ada Example"
    assert ContactPoint.objects.count() == 1


def test_what_is_changed_here_afterwards_stays_and_is_still_the_same_row(tmp_path: Path) -> None:
    path = members(tmp_path, "17,Ada Example,Heron,,,,,,")
    imports.run(path, "people-example")
    person = Person.objects.get()
    persons.change_person(
        person_id=person.pk,
        values={"callsign": "Kite"},
        by=STATION,
        now=imports.NOW,
        tap=new_tap(),
    )
    assert imports.run(path, "people-example").table == (1, 0, 1, 0)
    assert Person.objects.get().callsign == "Kite"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("1," + "N" * 200 + ",Heron,,,,,,", "somebody here has the callsign “Heron” already"),
        ("1,Ada," + "C" * 61 + ",,,,,,", "The callsign has 61 characters; 60 fit."),
        ("1,Ada,,,,,,some language,", "The language is a code such as en or pt-BR."),
        ("1,Ada,,,," + "T" * 201 + ",,,", "A team's name has at most 200 characters."),
    ],
)
def test_what_cannot_be_kept_is_rejected_alone(tmp_path: Path, row: str, says: str) -> None:
    told = imports.run(members(tmp_path, "7,Cy,heron,,,,,,", row, "9,Di,,,,,,,"), "people-example")
    assert told.table == (3, 2, 0, 1)
    assert f"line 3: {says}" in told.printed
    dry = imports.run(tmp_path / "members.csv", "people-example", dry_run=True)
    assert dry.table == (3, 0, 2, 1)


def test_a_dry_run_says_what_the_run_would_say(bed: Path) -> None:
    path = members(bed, "1,Ada,Heron,,,,,,", "2,Bo,HERON,,,,,,", name="twice.csv")
    dry = imports.run(path, "people-example", dry_run=True)
    assert dry.table == (2, 1, 0, 1)
    assert not Person.objects.exists()
    assert imports.run(path, "people-example").table == dry.table


@pytest.mark.parametrize("people_first", [True, False])
def test_people_and_records_find_each_other_in_either_order(bed: Path, people_first: bool) -> None:
    for name, map_name in sorted(
        [("members.csv", "people-example"), ("gate-log.csv", "missions-example")],
        reverse=people_first,
    ):
        imports.run(bed / name, map_name)
    ada = Person.objects.get(callsign="Heron")
    assert (ada.name, ada.key, ada.language) == ("Ada Example", "members:17", "de")
    assert PartyMember.objects.filter(person=ada).count() == 2
    assert sorted(Person.objects.values_list("name", flat=True)) == [
        "Ada Example",
        "Bo Example",
        "Flo Example",
        "Owl",
    ]
    for name, map_name, there in (
        ("members.csv", "people-example", (7, 0, 3, 4)),
        ("gate-log.csv", "missions-example", (3, 0, 3, 0)),
    ):
        assert imports.run(bed / name, map_name).table == there
    imports.assert_replayable()


def test_one_of_two_people_of_a_name_takes_over_nothing(tmp_path: Path) -> None:
    log = diary(tmp_path, "1,Ann Miller,2025-01-01T10:00Z,2025-01-01T12:00Z")
    assert imports.run(*log).table == (1, 1, 0, 0)
    imports.run(members(tmp_path, "1,Ann Miller,,,,,,,", "2,Ann Miller,,,,,,,"), "people-example")
    assert Person.objects.filter(name="Ann Miller").count() == 3
    [member] = PartyMember.objects.select_related("person")
    assert member.person.key == "@human-name:ann miller"


def test_the_only_one_of_a_name_is_who_the_records_meant(tmp_path: Path) -> None:
    log = diary(tmp_path, "1,ann  MILLER,2025-01-01T10:00Z,2025-01-01T12:00Z")
    imports.run(*log)
    imports.run(members(tmp_path, "1,Ann Miller,Heron,,,,,,"), "people-example")
    [member] = PartyMember.objects.select_related("person")
    assert (member.person.key, member.person.callsign) == ("members:1", "Heron")
    assert imports.run(*log).table == (1, 0, 1, 0)
    entry = Entry.objects.select_related("content").get(kind="PERSON_CHANGED")
    assert json.loads(str(entry.content.body))["facts"]["said"]["name"] == "Ann Miller"
    imports.assert_replayable()
