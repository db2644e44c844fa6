"""The lists of the office are data: named, renamed and ended there, and nothing is ever deleted."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import places
from homeby.missions.models import DelayReason, Gate, Site
from homeby.people.actions import kin
from homeby.people.models import Kin, Person, Rank
from homeby.people.queries import kin_recipients
from homeby.people.rules import STATION, ChannelName, MayKnow
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.fixture
def office(pages: Pages) -> Client:
    return pages.as_("admin")


def form(kind: str, item: object) -> str:
    return reverse("office-form", args=[kind, item])


def press(client: Client, kind: str, item: object, act: str) -> str:
    """One button of the office."""
    address = reverse("office-act", args=[kind, item])
    return followed(client, client.post(address, sent(act=act)))


def test_a_site_is_renamed_ended_and_taken_up_again(world: World, office: Client) -> None:
    site = Site.objects.get()
    page = office.get(form("sites", site.pk))
    assert 'value="Village"' in page.content.decode()
    said = followed(
        office, office.post(form("sites", site.pk), sent(name="Old village", zone="Europe/Rome"))
    )
    assert "Old village" in said
    site.refresh_from_db()
    assert (site.name, site.zone) == ("Old village", "Europe/Rome")
    assert "Take up again" in press(office, "sites", site.pk, "end")
    assert Site.objects.count() == 1
    assert "Green gate" not in text_of(office.get(reverse("gates")))
    press(office, "sites", site.pk, "resume")
    site.refresh_from_db()
    assert site.ended_at is None
    assert verify().difference is None


def test_a_gate_is_renamed_and_at_an_ended_one_people_still_come_home(
    world: World, office: Client, pages: Pages
) -> None:
    mission = world.send_out("agent", "mate")
    said = followed(
        office,
        office.post(
            form("gates", world.gate_id),
            sent(site=str(Gate.objects.get().site_id), name="Red gate"),
        ),
    )
    assert "Red gate" in said
    press(office, "gates", world.gate_id, "end")
    guard = pages.as_("guard")
    assert "Red gate" not in text_of(guard.get(reverse("gates")))
    address = reverse("gate-party", args=[world.gate_id, mission.pk])
    both = [str(world.people["agent"]), str(world.people["mate"])]
    home = guard.post(address, sent(person=both, heads="2", how="SEEN"))
    assert "Welcome back" in followed(guard, home)


def test_a_reason_changes_its_words_and_keeps_its_code(world: World, office: Client) -> None:
    tap = new_tap()
    places.add_reason(
        code="snow", label="Snow", is_trouble=False, by=STATION, now=world.now, tap=tap
    )
    office.post(form("reasons", tap.entry_id), sent(label="Deep snow", is_trouble="on"))
    row = DelayReason.objects.get()
    assert (row.code, row.label, row.is_trouble) == ("snow", "Deep snow", True)
    press(office, "reasons", tap.entry_id, "end")
    row.refresh_from_db()
    assert row.ended_at == world.now
    assert DelayReason.objects.count() == 1


@pytest.mark.parametrize("kind", ["sites", "gates", "reasons", "ranks"])
def test_only_an_administrator_changes_a_list(world: World, pages: Pages, kind: str) -> None:
    head = pages.as_("head")
    assert "Take up again" not in text_of(head.get(reverse("office-list", args=[kind])))
    address = reverse("office-act", args=[kind, world.gate_id])
    assert head.post(address, sent(act="end")).status_code == 404


def test_a_name_is_given_once(world: World) -> None:
    tap = new_tap()
    places.add_site(name="Hut", zone="UTC", by=STATION, now=world.now, tap=tap)
    with pytest.raises(Refused, match="that name already"):
        places.change_site(
            site_id=tap.entry_id,
            name="Village",
            zone="UTC",
            by=STATION,
            now=world.now,
            tap=new_tap(),
        )


def test_a_rank_is_data_and_stands_beside_the_callsign(
    world: World, office: Client, pages: Pages
) -> None:
    said = followed(
        office, office.post(form("ranks", "new"), sent(name="Jonin", short="Jo", place="2"))
    )
    assert "Jonin" in said
    rank = Rank.objects.get()
    agent = reverse("office-person", args=[world.people["agent"]])
    followed(office, office.post(agent, sent(callsign="Fox", name="Fox", rank=str(rank.pk))))
    assert Person.objects.get(pk=world.people["agent"]).rank_id == rank.pk
    assert "Fox Jo" in text_of(office.get(reverse("office-people")))
    mission = world.send_out("agent", "mate")
    shown = pages.as_("head").get(reverse("mission", args=[mission.pk]))
    assert "Fox Jo leads" in text_of(shown)
    press(office, "ranks", rank.pk, "end")
    assert "Fox Jo" in text_of(office.get(reverse("office-people"))), "she keeps it"
    mate = office.get(reverse("office-person", args=[world.people["mate"]]))
    assert "Jonin" not in text_of(mate), "but it is given no more"
    assert verify().difference is None


# --- kin -----------------------------------------------------------------------------------------


def test_unless_the_person_says_more_kin_are_told_nothing(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")
    page = agent.get(form("kin", "new") + f"?person={world.people['agent']}")
    assert page.context["form"].initial.get("may_know") is None
    assert page.context["form"].fields["may_know"].initial == MayKnow.NOTHING
    kin.name_kin(
        person_id=world.people["agent"],
        kin=kin.KinFields(name="Ino"),
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    assert Kin.objects.get().may_know == MayKnow.NOTHING
    assert not kin_recipients([world.people["agent"]])


def test_kin_have_a_language_and_an_order_and_can_be_changed(world: World, pages: Pages) -> None:
    first = world.give_kin("agent", "father")
    second = world.give_kin("agent", "mother")
    agent = pages.as_("agent")
    assert "father" in agent.get(form("kin", first)).content.decode()
    fields = {
        "name": "Father",
        "relation": "",
        "may_know": "OUT_AND_DUE",
        "channel": ChannelName.WEBHOOK,
        "address": "https://example.org/father",
        "language": "ja",
    }
    said = followed(agent, agent.post(form("kin", first), sent(**fields)))
    assert "日本語" in said
    assert Kin.objects.get(pk=first).language == "ja"
    press(agent, "kin", second, "up")
    assert list(Kin.objects.order_by("rank").values_list("pk", flat=True)) == [second, first]
    assert "日本語" in text_of(
        pages.as_("head").get(reverse("office-person", args=[world.people["agent"]]))
    )
    assert verify().difference is None


def test_nobody_else_opens_or_changes_somebodys_kin(world: World, pages: Pages) -> None:
    father = world.give_kin("agent", "father")
    for who in ("mate", "admin", "head"):
        assert pages.as_(who).get(form("kin", father)).status_code == 404
    with pytest.raises(Refused, match="Only the person who named them"):
        kin.change_kin(
            kin_id=father,
            kin=kin.KinFields(name="X"),
            by=world.as_("admin"),
            now=world.now,
            tap=new_tap(),
        )


def test_hours_hold_back_a_notice_and_no_request_for_more_time(world: World) -> None:
    from homeby.people.models import ContactPoint
    from tests.promises.acts import ask_more_time

    own = ContactPoint.objects.filter(person_id=world.people["head"])
    own.update(from_time=dt.time(20), to_time=dt.time(21), zone="UTC")
    mission = world.send_out("agent", "mate")
    ask_more_time(world, mission, minutes=200)
    world.look()
    assert "asks for more time" in world.phone("head")[-1].subject, "a person waits on it"
