"""The kit room's pages: found by label, taken and brought back by one form, printed with a code."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.urls import reverse

from homeby.logbook.models import Entry
from homeby.people.models import Person
from homeby.readiness.models import KitItem
from homeby.readiness.rules.kit import KitState
from tests.promises.apart import keep_away
from tests.promises.carrying import FIRST_AID, add_kit, take_along
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def at(item: uuid.UUID) -> str:
    return reverse("kit-item", args=[item])


def test_a_keeper_enters_a_set_and_a_member_takes_it_and_brings_it_back(
    world: World, pages: Pages
) -> None:
    keeper, agent = pages.as_("guard"), pages.as_("agent")
    wrong = keeper.post("/kit/new/", sent(label="FA-3", name="First aid", contents="bandages"))
    assert wrong.status_code == 422
    assert "Line 1, bandages: write how many" in text_of(wrong)
    assert 'value="First aid"' in wrong.content.decode()
    said = sent(label="FA-3", name="First aid", contents="4 bandages", is_controlled="on")
    assert "FA-3" in followed(keeper, keeper.post("/kit/new/", said | {"may_leave": "on"}))
    found = agent.get("/kit/", {"text": "fa-3"})
    item = KitItem.objects.get().pk
    assert found.headers["Location"] == at(item)
    assert "You have FA-3 now." in followed(agent, agent.post(at(item), sent(act="take")))
    assert "With me" in text_of(agent.get("/kit/"))
    assert "With me: FA-3" in text_of(agent.get("/me/"))
    back = sent(act="give_back", how="AS_IT_WAS", **{"count-0": "1"})
    assert "Somebody checks FA-3" in followed(agent, agent.post(at(item), back))
    assert "1 bandages" in text_of(agent.get("/kit/")), "it stands under what is to be restocked"


def test_a_tap_that_comes_twice_or_too_late_gets_a_sentence(world: World, pages: Pages) -> None:
    item, agent = add_kit(world), pages.as_("agent")
    tap = sent(act="take")
    for _ in range(2):
        assert "You have FA-3 now." in followed(agent, agent.post(at(item), tap))
    late = agent.post(at(item), sent(act="check"))
    assert "It stands differently by now" in followed(agent, late)


def test_what_is_issued_to_somebody_unseen_stays_hers(world: World, pages: Pages) -> None:
    hers = replace(FIRST_AID, issued_to_id=world.people["agent"])
    item, keeper = add_kit(world, hers), pages.as_("guard")
    her = Person.objects.filter(pk=world.people["agent"])
    her.update(is_active=False)
    said = sent(label="FA-3", name="First-aid kit", place="Shelf 2", contents="1 rope")
    assert 'name="issued_to"' in keeper.get(f"{at(item)}change/").content.decode()
    her.update(is_active=True)
    keep_away(world, "agent", "guard")
    for address in (at(item), f"{at(item)}change/", f"{at(item)}label/"):
        assert keeper.get(address).status_code == 404, "it would tell whether she is out"
        assert keeper.post(address, said).status_code in (404, 405)
    row = KitItem.objects.get()
    assert (row.place, row.issued_to_id) == ("", world.people["agent"])
    now = {"held_by_id": world.people["guard"], "held_at": world.now}
    KitItem.objects.update(state=KitState.OUT, **now)
    assert keeper.get(at(item)).status_code == 200, "what is in one's own hand is brought back"


def test_a_doubt_is_said_beside_the_field_that_goes_past_it(world: World, pages: Pages) -> None:
    item, agent = add_kit(world), pages.as_("agent")
    KitItem.objects.update(state=KitState.TO_CHECK)
    refused = agent.post(at(item), sent(act="take"))
    assert refused.status_code == 422
    assert "say why" in text_of(refused)
    assert 'name="why"' in refused.content.decode()
    assert "You have FA-3" in followed(
        agent, agent.post(at(item), sent(act="take", why="Bleeding"))
    )


def test_what_a_party_carries_stands_on_its_page_and_on_its_return_list(
    world: World, pages: Pages
) -> None:
    mission = world.send_out("agent", "mate")
    take_along(world, "agent", mission)
    page = text_of(pages.as_("head").get(f"/missions/{mission.pk}/"))
    assert "FA-3 First-aid kit 4 bandages, 2 gloves" in page
    world.sign_in("agent", "mate", heads=2)
    after = text_of(pages.as_("agent").get(f"/missions/{mission.pk}/"))
    assert "Bring back FA-3; tomorrow will do." in after
    entry = Entry.objects.filter(kind="MISSION_SIGNED_IN").latest("number").entry_id
    gate = reverse("gate-done", args=[world.gate_id, "in", entry])
    assert "Bring back FA-3; tomorrow will do." in text_of(pages.as_("guard").get(gate))


def test_who_had_a_controlled_thing_when_stands_on_its_page_for_the_watch(
    world: World, pages: Pages
) -> None:
    item, agent, mate = add_kit(world), pages.as_("agent"), pages.as_("mate")
    followed(agent, agent.post(at(item), sent(act="take")))
    followed(mate, mate.post(at(item), sent(act="give_back", how="AS_IT_WAS")))
    shown = {who: text_of(pages.as_(who).get(at(item))) for who in ("head", "agent", "outsider")}
    assert "Who had it" in shown["head"]
    for kind, who in (("Kit was taken", "Fox"), ("Kit came back", "Owl")):
        assert kind in shown["head"]
        assert who in shown["head"]
    assert "Who had it" not in shown["agent"] + shown["outsider"]
    KitItem.objects.update(is_controlled=False)
    assert "Who had it" not in text_of(pages.as_("head").get(at(item)))


def test_only_keepers_change_what_is_there(world: World, pages: Pages) -> None:
    item, keeper = add_kit(world), pages.as_("guard")
    assert pages.as_("agent").get("/kit/new/").status_code == 404
    assert pages.as_("agent").get(f"{at(item)}change/").status_code == 404
    start = keeper.get(f"{at(item)}change/").content.decode()
    assert "4 bandages" in start
    gone = keeper.post(f"{at(item)}change/", sent(act="end"))
    assert "no longer on the list" in followed(keeper, gone)
    assert "FA-3" not in text_of(keeper.get("/kit/"))
    followed(keeper, keeper.post(f"{at(item)}change/", sent(act="again")))
    label = keeper.get(f"{at(item)}label/").content.decode()
    assert "<svg" in label
    assert at(item) in label


def test_kit_is_a_teams_or_the_pools(world: World, pages: Pages) -> None:
    item, keeper = add_kit(world), pages.as_("guard")
    assert "the pool of everybody" in text_of(pages.as_("agent").get(at(item)))
    said = sent(label="FA-3", name="First aid", may_leave="on", team=world.team_id)
    keeper.post(f"{at(item)}change/", said)
    assert KitItem.objects.get().team_id == world.team_id
    assert "Team 7" in text_of(pages.as_("agent").get(at(item)))
    assert "FA-3" in text_of(pages.as_("agent").get("/kit/", {"text": "team 7"})), "by its team"
    assert "You have FA-3" in followed(keeper, keeper.post(at(item), sent(act="take")))
    keeper.post(f"{at(item)}change/", said | {"team": "", "entry_id": ""} | sent())
    assert KitItem.objects.get().team_id is None
