"""Promise 8: whoever is kept away from a person learns nothing of her as her kin either. She alone
reads that it is so; for whose sake somebody else filed it is told nothing by it."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from homeby.logbook import actions as logbook
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people import queries as people
from homeby.people import rules
from homeby.people.actions import apart, contacts, teams
from homeby.people.actions import kin as kin_actions
from homeby.people.models import Kin, StayAway
from homeby.people.rules import STATION, ChannelName, MayKnow, Role
from homeby.station import hourly
from tests.promises.acts import pass_time
from tests.promises.kin_pages import link_of, told
from tests.rooms.pages import Pages, text_of
from tests.world import World

WARNING = "Told nothing, and their link opens nothing"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """Anna is a member (Owl), has a telephone called `flatmate`, and waits for Fox as well."""
    prove(world, "mate", give_address(world, "mate", "flatmate"))
    return Pages(world, monkeypatch)


def give_address(world: World, who: str, address: str) -> uuid.UUID:
    """An address that somebody types as his own; it is proved by nothing yet."""
    tap = new_tap()
    contacts.add_contact(
        person_id=world.people[who], channel=ChannelName.CONSOLE, address=address,
        by=world.as_(who), now=world.now, tap=tap,
    )  # fmt: skip
    return tap.entry_id


def prove(world: World, who: str, contact_id: uuid.UUID) -> None:
    """The code that was sent to the address is typed."""
    by = world.as_(who)
    with logbook.writing(now=world.now, by=by.person_id) as book:
        begun = contacts.begin_verification(book, contact_id=contact_id, by=by, now=world.now)
    contacts.confirm_contact(
        contact_id=contact_id, code=begun.code, by=by, now=world.now, tap=new_tap()
    )


def named(world: World, name: str, address: str, who: str = "agent") -> uuid.UUID:
    """Kin that somebody names herself."""
    tap = new_tap()
    fields = kin_actions.KinFields(
        name=name, address=address, channel=ChannelName.CONSOLE, may_know=MayKnow.UNIT
    )
    person_id = world.people["agent"]
    kin_actions.name_kin(person_id=person_id, kin=fields, by=world.as_(who), now=world.now, tap=tap)
    return tap.entry_id


def keep_away(world: World, who: str, other: str, by: str) -> uuid.UUID:
    tap = new_tap()
    apart.file_stay_away(
        person_id=world.people[who], callsign=world.callsign(other),
        by=world.as_(by), now=world.now, tap=tap,
    )  # fmt: skip
    return tap.entry_id


def opens(kin_id: uuid.UUID) -> bool:
    return Client().get(link_of(kin_id)).status_code == 200


def heard(world: World) -> set[uuid.UUID]:
    """Which of Fox's kin are told anything."""
    return {one.person_id for one in people.kin_recipients([world.people["agent"]])}


def welfare(world: World) -> None:
    teams.give_role(
        person_id=world.people["outsider"], role=Role.WELFARE_OFFICER, by=STATION,
        now=world.now, tap=new_tap(),
    )  # fmt: skip


def test_a_stay_away_of_the_welfare_officer_ends_what_kin_learn(pages: Pages, world: World) -> None:
    welfare(world)
    anna, mother = named(world, "Anna", " Flatmate "), named(world, "Mother", "mother")
    mission = world.send_out("agent", due_minutes=30)
    assert opens(anna)
    assert heard(world) == {anna, mother}
    key = keep_away(world, "agent", "mate", by="outsider")
    assert not opens(anna)
    assert heard(world) == {mother}
    pass_time(world, minutes=120)
    assert told(world, "mother"), "positive control: kin are told by now"
    assert told(world) == []
    hers = text_of(pages.as_("agent").get("/me/"))
    assert hers.count(WARNING) == 1
    agent = world.people["agent"]
    office = text_of(pages.as_("admin").get(f"/office/people/{agent}/"))
    assert WARNING not in office
    assert office.count("with which team") == 2, "the office reads what she chose, and no more"
    guard = pages.as_("guard")
    guard.post(f"/break-glass/{mission.pk}/", {"reason": "She does not answer at all."})
    page = text_of(guard.get(f"/break-glass/{mission.pk}/"))
    assert "Mother" in page
    assert "Anna" not in page, "nobody calls whom she is kept away from"
    assert verify().difference is None
    by = world.as_("outsider")
    apart.end_stay_away(stay_away_id=key, by=by, now=world.now, tap=new_tap())
    assert opens(anna)
    assert WARNING not in text_of(pages.as_("agent").get("/me/"))
    assert verify().difference is None


def test_whoever_is_named_or_found_later_is_not_told_either(pages: Pages, world: World) -> None:
    keep_away(world, "agent", "mate", by="agent")
    by_address, by_name = named(world, "Anna", "flatmate"), named(world, "MATE by name", "else")
    by_office, other = named(world, "A.", "flat-mate", "admin"), named(world, "Mother", "mother")
    later = named(world, "Friend", "+41 79 123 45 67")
    assert heard(world) == {other, later}
    prove(world, "mate", give_address(world, "mate", "+41791234567"))
    assert heard(world) == {other}
    assert not any(opens(one) for one in (by_address, by_name, by_office, later))
    fields = kin_actions.KinFields(
        name="Anna", address="anna at home", channel=ChannelName.CONSOLE, may_know=MayKnow.AREA
    )
    kin_actions.change_kin(
        kin_id=by_address, kin=fields, by=world.as_("agent"), now=world.now, tap=new_tap()
    )
    assert heard(world) == {other, by_address}, "she says that it is somebody else"
    assert verify().difference is None


def test_whoever_is_kept_away_silences_no_kin_by_what_he_types(world: World) -> None:
    """An address counts once it is proved, and no more once the office removes it. That he removes
    it himself opens nothing to him."""
    mother = named(world, "Mother", "mother")
    keep_away(world, "agent", "mate", by="agent")
    typed, own = (give_address(world, "mate", one) for one in ("mother", "flatmate"))
    later, anna = named(world, "Mum", "MOTHER"), named(world, "Anna", "flatmate")
    assert heard(world) == {mother, later, anna}
    for one in (typed, own):
        prove(world, "mate", one)
    assert heard(world) == set()
    remove(world, own, by="mate")
    prove(world, "mate", give_address(world, "mate", "another"))
    assert heard(world) == set(), "he has the telephone still"
    remove(world, typed, by="admin")
    assert heard(world) == {mother, later, anna}
    assert verify().difference is None


def remove(world: World, contact_id: uuid.UUID, by: str) -> None:
    contacts.remove_contact(contact_id=contact_id, by=world.as_(by), now=world.now, tap=new_tap())


def test_whoever_is_kept_away_for_another_s_sake_is_told_nothing_by_it(
    pages: Pages, world: World
) -> None:
    """Owl files it; to Fox all looks as before, and goes on as Fox chose."""
    anna = named(world, "Anna", "flatmate")
    agent = pages.as_("agent")
    before = text_of(agent.get("/me/"))
    keep_away(world, "mate", "agent", by="mate")
    assert StayAway.objects.count() == 1
    assert text_of(agent.get("/me/")) == before
    assert WARNING not in before
    assert heard(world) == {anna}


def test_the_station_looks_once_through_kin_named_before_they_were_compared(world: World) -> None:
    prove(world, "mate", give_address(world, "mate", "flatmate"))
    anna, mother = named(world, "Anna", "flatmate"), named(world, "Mother", "mother")
    keep_away(world, "agent", "mate", by="agent")
    with logbook.writing(now=world.now, by=None) as book:  # as it was before the upgrade
        page = book.entry(rules.KIN_CHANGED, subject="person:-", person=world.people["agent"])
        page.change(Kin.objects.get(pk=anna), kept_from_at=None)
    assert heard(world) == {anna, mother}
    for _hours in range(2):
        assert hourly.go_round(now=world.now)
    assert heard(world) == {mother}
    assert Entry.objects.filter(kind="KIN_LOOKED_THROUGH").count() == 1
    assert verify().difference is None
