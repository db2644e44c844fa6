""" "I am worried", said on a kin page, reaches whoever holds the watch at once, is logged, and is
never shown to the member; the first word is never lost, however often it is said."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from homeby.comms import channels
from homeby.comms import queries as comms
from homeby.comms.rules.words import worry_about
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.people.actions import teams
from homeby.people.models import ContactPoint
from homeby.people.rules import STATION, MayKnow, Role
from homeby.watch.actions import kin_worry
from homeby.watch.models import KinWorry
from homeby.watch.queries import kin as queries
from homeby.web.kin import agreed
from tests.promises.kin_pages import flatmate_id, link_of, wait_at_home, watch_looks, worry
from tests.rooms.api_client import Programs
from tests.rooms.pages import Pages, followed, sent, text_of
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    watch_looks()
    return Pages(world, monkeypatch)


def without_agreed(page: str) -> str:
    """What a page says beside the sentences that she reads before she names somebody."""
    for sentence in agreed.of_the_page(MayKnow.OUT_AND_DUE):
        page = page.replace(sentence, "")
    return page


def worries(world: World, who: str = "head") -> list[str]:
    """What the phone of somebody on watch says of worries."""
    world.look()
    found = [one.outgoing for one in world.phone(who)]
    return [one.text for one in found if one.subject.startswith("Worried about")]


def test_it_reaches_whoever_holds_the_watch_at_once_and_is_logged(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    world.send_out("agent", "mate", due_minutes=60)
    said = Client().post(address, sent(worried="on", said="Her phone is off. Ring 079 000."))
    page = followed(Client(), said)
    assert "You told the watch at 09:00 that you are worried." in page
    (word,) = worries(world)
    assert "Somebody who waits for Fox says on their page: I am worried." in word
    assert "Her phone is off. Ring 079 000." in word
    assert "expected back 10:00" in word
    assert Entry.objects.filter(kind="KIN_WORRIED").count() == 1
    assert verify().difference is None


def test_nobody_out_by_our_records_is_said_to_the_watch_and_not_to_kin(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    page = followed(Client(), Client().post(address, sent(worried="on")))
    assert "not out" not in page
    assert "You told the watch at 09:00 that you are worried." in page
    assert "By our records Fox is not out" in worries(world)[0]
    head, me = pages.as_("head"), pages.as_("agent")
    key = KinWorry.objects.get().pk
    assert "Somebody who waits for Fox is worried." in text_of(head.get("/alarms/"))
    assert "worried" not in text_of(me.get("/alarms/")), "she is never shown that they asked"
    assert me.post("/kin/worry/", sent(act="answer", worry=key)).status_code == 404
    assert head.post("/kin/worry/", sent(act="answer", worry="none")).status_code == 404
    taken = followed(head, head.post("/kin/worry/", sent(act="answer", worry=key)))
    assert "Noted: you have taken up their worry." in taken
    assert "is worried" not in text_of(head.get("/alarms/rows/"))
    twice = followed(head, head.post("/kin/worry/", sent(act="answer", worry=key)))
    assert "Somebody has taken it up already." in twice


def test_said_again_and_again_it_rings_every_half_hour_and_the_first_is_never_lost(
    world: World,
) -> None:
    wait_at_home(world)
    mission = world.send_out("agent", "mate", due_minutes=300)
    for _ in range(40):
        worry(world, mission)
    assert len(worries(world)) == 1
    assert Entry.objects.filter(kind="KIN_WORRIED").count() <= 12, "and does not fill the logbook"
    world.now += dt.timedelta(minutes=31)
    worry(world, mission)
    assert len(worries(world)) == 2


def test_sent_twice_it_counts_once(world: World) -> None:
    wait_at_home(world)
    tap = new_tap()
    for _ in range(3):
        assert worry(world, None, tap=tap) == "The watch has been told that you are worried."
    assert Entry.objects.filter(kind="KIN_WORRIED").count() == 1


def test_taken_up_by_a_person_the_next_word_rings_again(world: World) -> None:
    wait_at_home(world)
    mission = world.send_out("agent", "mate", due_minutes=300)
    worry(world, mission)
    assert len(worries(world)) == 1
    row = KinWorry.objects.get()
    kin_worry.answer(worry_id=row.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    world.now += dt.timedelta(minutes=2)
    worry(world, mission)
    assert len(worries(world)) == 2
    assert verify().difference is None


def test_the_member_is_never_shown_that_somebody_asked_though_she_keeps_the_watch(
    world: World, pages: Pages
) -> None:
    wait_at_home(world)
    teams.give_role(
        person_id=world.people["agent"],
        role=Role.DUTY_OFFICER,
        by=STATION,
        now=world.now,
        tap=new_tap(),
    )
    mission = world.send_out("agent", "mate", due_minutes=300)
    worry(world, mission)
    world.look()
    assert not worries(world, "agent")
    me, head = pages.as_("agent"), pages.as_("head")
    asked = reverse("mission-kin", args=[mission.pk])
    assert me.get(asked).status_code == 404
    assert "is worried" in text_of(head.get(asked)), "positive control"
    for name in ("account", "office-messages", "alarms", "board"):
        page = me.get(reverse(name))
        if page.status_code == 200:
            assert "orried" not in without_agreed(text_of(page)), name
    assert "orried" not in text_of(me.get(reverse("mission", args=[mission.pk])))
    agent, officer = world.as_("agent"), world.as_("head")
    assert not queries.visible_worries(agent).exists()
    assert queries.visible_worries(officer).exists()
    subjects = [one.subject for one in comms.newest_messages(agent)]
    assert not [one for one in subjects if one.startswith("Worried")]
    assert [one for one in comms.newest_messages(officer) if one.subject.startswith("Worried")]


def test_when_the_one_they_worry_about_holds_the_watch_somebody_else_hears(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = Programs(world, monkeypatch)
    world.give_kin("head", "flatmate")
    mission = world.send_out("head", "mate", due_minutes=300)
    word = kin_worry.Worry(
        kin_id=flatmate_id(), person_id=world.people["head"], ref=mission.ref, said=""
    )
    kin_worry.worried(worry=word, now=world.now, tap=new_tap())
    assert not worries(world, "head")
    assert len(worries(world, "deputy")) == 1
    row = KinWorry.objects.get()
    kin_worry.answer(worry_id=row.pk, by=world.as_("deputy"), now=world.now, tap=new_tap())
    about = worry_about(world.people["head"])
    told = {
        who: {one["kind"] for one in programs.of(who).items("entries", limit=200)
              if one["subject"] == about}
        for who in ("head", "deputy")
    }  # fmt: skip
    assert {"KIN_WORRIED", "KIN_ANSWERED", "MESSAGE_HANDED"} <= told["deputy"]
    assert not told["head"], "no list of entries tells her that they asked"
    table = pages.as_("head").get("/office/logbook/file/csv/")
    assert "worried" not in b"".join(table).decode()


def test_nobody_takes_it_up_and_the_next_are_told_until_somebody_does(world: World) -> None:
    wait_at_home(world)
    worry(world, world.send_out("agent", "mate", due_minutes=600))
    assert (len(worries(world)), len(worries(world, "deputy"))) == (1, 0)
    world.fast_forward(minutes=11)
    assert (len(worries(world)), len(worries(world, "deputy"))) == (1, 1), "the officer is silent"
    world.fast_forward(minutes=120)
    assert len(worries(world)) > 1, "it goes on"
    assert not worries(world, "agent")
    assert not worries(world, "mate")
    row, rung = KinWorry.objects.get(), len(worries(world))
    kin_worry.answer(worry_id=row.pk, by=world.as_("head"), now=world.now, tap=new_tap())
    world.fast_forward(minutes=120)
    assert len(worries(world)) == rung, "somebody has taken it up"
    assert verify().difference is None


def test_of_many_the_oldest_rises_first_and_so_many_in_one_look(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = {"person_id": world.people["agent"], "told_at": world.now}
    ages = (5, 50, 20, 30)
    for age in ages:
        at = world.now - dt.timedelta(minutes=age)
        KinWorry.objects.create(
            id=uuid.uuid4(), kin_id=uuid.uuid4(), first_at=at, last_at=at, **row
        )
    rose: list[uuid.UUID] = []

    def note(key: uuid.UUID, *, now: dt.datetime) -> bool:
        rose.append(key)
        return True

    monkeypatch.setattr(kin_worry, "_rise", note)
    assert kin_worry.rise(now=world.now) == len(ages)
    first = KinWorry.objects.in_bulk(rose)
    assert [(world.now - first[key].first_at).seconds // 60 for key in rose] == [50, 30, 20, 5]
    assert "LIMIT 500" in str(kin_worry.open_ones().query)


def test_one_about_somebody_who_is_out_stands_among_the_alarms_until_it_is_taken_up(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    world.send_out("agent", "deputy", due_minutes=60)
    Client().post(address, sent(worried="on"))
    head = pages.as_("head")
    assert "Alarms 1" in text_of(head.get("/board/")), "a number: she may stand before the board"
    assert "Somebody who waits for Fox is worried." in text_of(head.get("/alarms/"))
    deputy = text_of(pages.as_("deputy").get("/alarms/"))
    assert "is worried" not in deputy, "she is out with her, and is not shown that they asked"
    world.now += dt.timedelta(minutes=10)
    key = KinWorry.objects.get().pk
    head.post("/kin/worry/", sent(act="answer", worry=key))
    assert "is worried" not in text_of(head.get("/alarms/"))
    assert "Alarms 1" not in text_of(head.get("/board/"))
    page = text_of(Client().get(address))
    assert "Somebody of the watch took up your worry at 09:10." in page
    assert "Head" not in page, "no name but whom they agreed on"
    world.now += dt.timedelta(hours=12)
    assert "took up" not in text_of(Client().get(address))


def test_a_worry_on_the_telephone_goes_the_same_way(world: World, pages: Pages) -> None:
    mission = world.send_out("agent", "mate", due_minutes=600)
    head, act = pages.as_("head"), reverse("mission-kin-act", args=[mission.pk])
    word = {"person": str(world.people["agent"]), "said": "Her brother, 079 000."}
    assert head.post(act, sent(act="called", person=word["person"], said="")).status_code == 422
    wrong = head.post(act, sent(act="called", person="nobody", said="Her brother, 079 000."))
    assert wrong.status_code == 422
    assert "Her brother, 079 000." in wrong.content.decode(), "nothing typed is lost"
    done = followed(head, head.post(act, sent(act="called", **word)))
    assert "Somebody who waits for Fox is worried. Her brother, 079 000." in done
    assert "Somebody who waits for Fox called the watch and is worried." in worries(world)[0]
    world.fast_forward(minutes=11)
    assert len(worries(world, "deputy")) == 1, "nobody took it up"
    followed(head, head.post(act, sent(act="spoken", **word)))
    assert Entry.objects.filter(kind="KIN_SPOKEN").count() == 1
    assert KinWorry.objects.filter(answered_at=None).count() == 1, "that takes up no worry"
    assert pages.as_("agent").post(act, sent(act="called", **word)).status_code == 404
    assert not worries(world, "agent")
    assert verify().difference is None


def test_a_dead_channel_of_the_officer_sends_it_on_at_once(world: World) -> None:
    wait_at_home(world)
    world.refusing["head"] = channels.Refused(sentence="The line is dead.", permanent=True)
    worry(world, world.send_out("agent", "mate", due_minutes=600))
    assert len(worries(world, "deputy")) == 1


def test_where_nobody_can_be_reached_the_page_says_so_and_whom_to_call(
    world: World, pages: Pages
) -> None:
    address = link_of(wait_at_home(world))
    world.send_out("agent", "mate", due_minutes=60)
    assert "We keep the watch" in text_of(Client().get(address)), "positive control"
    ContactPoint.objects.filter(person__isnull=False).update(verified_at=None)
    said = "x\0" + "y" * 400
    page = followed(Client(), Client().post(address, sent(worried="on", said=said)))
    assert KinWorry.objects.get().said == "x " + "y" * 298, "cut and cleaned, and not lost"
    assert "You told the watch" not in page
    assert "We keep the watch" not in page
    assert "You wrote here at 09:00 that you are worried." in page
    assert "Do not wait for a message." in page
