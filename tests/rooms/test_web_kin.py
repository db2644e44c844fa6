"""The page of kin: by secret link, without an account, in the agreed words and nothing else."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from homeby.people import private
from homeby.people.models import Kin
from homeby.people.rules import MayKnow, Purpose
from homeby.web.kin import limits
from tests.promises.acts import pass_time
from tests.promises.kin_pages import watch_looks
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    watch_looks()
    return Pages(world, monkeypatch)


def address_of(world: World, name: str = "flatmate", may_know: MayKnow = MayKnow.UNIT) -> str:
    """The page of somebody who waits for Fox."""
    key = world.give_kin("agent", name, may_know)
    (secret,) = private.kin_links([key], purpose=Purpose.OWN_PAGE).values()
    return reverse("kin-page", args=[secret])


def read(address: str) -> str:
    """What the page says now."""
    response = Client().get(address)
    assert response.status_code == 200
    return text_of(response)


def test_from_out_to_late_to_back_and_then_nothing(world: World, pages: Pages) -> None:
    address = address_of(world)
    assert "There is nothing to tell you now." in read(address)
    world.send_out("agent", "mate", due_minutes=60)
    out = read(address)
    assert "Out, expected back 10:00." in out
    assert "If you have heard nothing by 11:00, call the watch: the number you were given." in out
    assert "Hours are local time in Europe/Zurich." in out
    pass_time(world, minutes=131)
    late = read(address)
    assert "Later than expected." in late
    (message,) = world.phone("flatmate")
    assert message.outgoing.link.endswith(address)
    assert "You hear from us again by 12:10, even if there is nothing new." in late
    assert "by 12:10, even if there is nothing new" in message.outgoing.text
    world.sign_in("agent", "mate", heads=2)
    assert "Back. Since 11:11." in read(address)
    pass_time(world, minutes=720)
    assert "There is nothing to tell you now." in read(address)


def test_the_organisation_says_whom_to_call(world: World, pages: Pages) -> None:
    address = address_of(world)
    office = pages.as_("admin")
    form = office.get(reverse("office-form", args=["organisation", "new"])).context["form"]
    values = form.initial | {"call_whom": "the hut", "call_phone": "+41 79 123 45 67"}
    followed(
        office, office.post(reverse("office-form", args=["organisation", "new"]), sent(**values))
    )
    page = Client().get(address)
    assert "If you are worried, call the hut at any hour: +41 79 123 45 67." in text_of(page)
    assert 'href="tel:+41791234567"' in page.content.decode()


def test_the_page_is_in_the_language_of_whoever_reads_it(world: World, pages: Pages) -> None:
    key = world.give_kin("agent", "ino", MayKnow.OUT_AND_DUE)
    Kin.objects.filter(pk=key).update(language="xx")
    (secret,) = private.kin_links([key], purpose=Purpose.OWN_PAGE).values()
    page = Client().get(reverse("kin-page", args=[secret]))
    assert page.status_code == 200, "one that this station does not have is no obstacle"
    assert '<html lang="en"' in page.content.decode()


def test_too_many_openings_are_a_sentence_and_a_worry_still_goes_through(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.clear()  # other tests guessed from here, too
    address = address_of(world)
    monkeypatch.setattr(limits, "OPENED_MOST", 2)
    monkeypatch.setattr(limits, "MISSED_MOST", 2)
    assert [Client().get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert Client().post(address, sent(worried="on")).status_code == 302
    guesses = [Client().get(f"/k/guess-{number}").status_code for number in range(3)]
    assert guesses == [404, 404, 429]


@pytest.mark.parametrize(
    "secret", ["x", "%00", "a" * 5000, "..%2f..", "%F0%9F%A6%8A", "'%20or%201=1"]
)
def test_a_link_of_nonsense_opens_nothing(world: World, pages: Pages, secret: str) -> None:
    assert Client().get(f"/k/{secret}").status_code in (400, 404)


def test_the_member_confirms_whom_she_named_in_one_tap_and_goes_out_without_it_too(
    world: World, pages: Pages
) -> None:
    address_of(world)
    mission = world.plan("agent", "mate", due_minutes=60)
    fox = pages.as_("agent")
    way_out = reverse("mission-sign-out", args=[mission.pk])
    page = text_of(fox.get(way_out))
    assert "Who waits for you flatmate also the area and with which team" in page
    tap = sent()
    for _ in range(2):
        answer = fox.post(reverse("mission-kin-confirm", args=[mission.pk]), tap)
        assert "Confirmed for this mission" in followed(fox, answer)
    assert mission.party.get(person_id=world.people["agent"]).kin_confirmed_at == world.now
    assert "Who waits for you" not in text_of(pages.as_("guard").get(way_out))
    assert "named nobody" in text_of(pages.as_("mate").get(way_out))
    world.sign_out(mission, "agent", "mate")
    desk = text_of(pages.as_("head").get(reverse("mission-kin", args=[mission.pk])))
    assert "Have not confirmed for this mission whom they named: Owl." in desk


def test_an_officer_speaks_to_them_and_a_member_cannot(world: World, pages: Pages) -> None:
    address = address_of(world)
    mission = world.send_out("agent", "mate", due_minutes=60)
    desk = reverse("mission-kin-act", args=[mission.pk])
    for stranger in ("agent", "outsider", "guard"):
        assert pages.as_(stranger).post(desk, sent(act="hold", speaker="X")).status_code == 404
    head = pages.as_("head")
    wrong = head.post(desk, sent(act="hold", speaker=" "))
    assert wrong.status_code == 422
    assert head.post(desk, sent(act="step", step="LOST")).status_code == 422
    assert "on hold" in followed(head, head.post(desk, sent(act="end_hold")))
    assert "Said to the kin" in followed(head, head.post(desk, sent(act="step", step="CALLED")))
    said = followed(head, head.post(desk, sent(act="hold", speaker="Anna  Keller")))
    assert "Anna Keller speaks with them. No message goes out" in said
    assert "Anna Keller will call you." in read(address)
    said = followed(head, head.post(desk, sent(act="step", step="CALLED")))
    assert "Anna Keller speaks with them now. End that first." in said
    assert "go on" in followed(head, head.post(desk, sent(act="end_hold")))


def test_a_worry_is_taken_up_on_the_page_of_the_kin(world: World, pages: Pages) -> None:
    address = address_of(world)
    mission = world.send_out("agent", "mate", due_minutes=60)
    Client().post(address, sent(worried="on", said="<b>She</b> rang me"))
    head, desk = pages.as_("head"), reverse("mission-kin", args=[mission.pk])
    page = head.get(desk)
    assert "&lt;b&gt;She" in page.content.decode()
    (worry,) = page.context["worries"]
    act = reverse("mission-kin-act", args=[mission.pk])
    done = followed(head, head.post(act, sent(act="answer", worry=str(worry["id"]))))
    assert "taken up by Head" in done
    assert head.post(act, sent(act="answer", worry="nonsense")).status_code == 404
    assert "already" in followed(head, head.post(act, sent(act="answer", worry=str(worry["id"]))))
