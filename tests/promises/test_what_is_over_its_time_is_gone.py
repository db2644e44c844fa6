"""What the organisation no longer keeps is erased and stays erased: the words go, the leaf stays,
`homeby verify` still agrees, and nothing that is in use is touched."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from django.apps import apps

from homeby.comms.models import Message
from homeby.logbook import forgetting
from homeby.logbook.actions import note_looks
from homeby.logbook.counting import checkpoint as read
from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.reading import Look, ReaderHere, ReadKind
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import report
from homeby.missions.models import FirstReport, Mission
from homeby.missions.rules import Hurt
from homeby.people.actions import persons, retention
from homeby.people.models import ContactPoint, Kin, PersonKey
from homeby.people.rules import STATION, MayKnow
from homeby.people.rules_private import Lasting
from homeby.retention.applying import preview, retain
from homeby.watch.models import Deadline
from tests.promises.acts import stand_down
from tests.promises.auditors import Audited
from tests.world import World

ROUTE, WORDS, LOOKS = "Zorbridge couloir", "the quaxrope tore", "blorbgreen jacket"
WHY = "Her zquilt lies at the gate"


def keep(world: World, lasting: Lasting, days: int | None, *, by: str = "admin") -> str:
    return retention.set_retention(
        lasting=lasting, days=days, by=world.as_(by), now=world.now, tap=new_tap()
    )


def an_outing(world: World) -> Mission:
    """Out to a place, late, looked for, back, and a report with words in it."""
    mission = world.send_out("agent", "mate", due_minutes=60, place=ROUTE, kit=LOOKS)
    world.fast_forward(minutes=130)
    stand_down(world)
    world.sign_in("agent", "mate", heads=2)
    report.first_report(
        mission_id=mission.pk, person_id=world.people["agent"],
        fields=report.ReportFields(hurt=Hurt.NO, urgent=WORDS),
        by=world.as_("agent"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.look()
    return mission


def holding(text: str) -> list[str]:
    """The tables that hold a text, the logbook's bodies among them."""
    return sorted(
        table._meta.label
        for table in apps.get_models()
        for row in table._default_manager.values_list()
        if text in str(row)
    )


def later(world: World, *, days: float) -> None:
    world.now += dt.timedelta(days=days)


def apply(world: World) -> dict[Lasting, int]:
    return retain(by=world.people["admin"], now=world.now)


@pytest.mark.parametrize(
    ("lasting", "words"),
    [(Lasting.PLACES, ROUTE), (Lasting.PLACES, LOOKS), (Lasting.REPORTS, WORDS)],
)
def test_the_words_go_and_the_replay_still_agrees(
    world: World, lasting: Lasting, words: str
) -> None:
    an_outing(world)
    assert "logbook.EntryBody" in holding(words), "positive control"
    before = verify()
    keep(world, lasting, 40)
    later(world, days=39)
    assert apply(world)[lasting] == 0
    later(world, days=2)
    only = {one: 40 if one is lasting else None for one in Lasting}
    announced = preview(days=only, now=world.now)[lasting]
    done = apply(world)
    assert done == {lasting: announced}
    mine = {"logbook.EntryBody", "comms.Message"} if words == ROUTE else {"comms.Message"}
    assert set(holding(words)) <= mine, "in messages it has a rule of its own"
    after = verify()
    assert after.difference is None
    assert after.erased == done[lasting] > 0
    assert verify(against=read(before.checkpoint)).difference is None, "no leaf has changed"
    assert apply(world)[lasting] == 0, "there is nothing left to erase"


def test_all_rules_together_leave_no_word(world: World) -> None:
    an_outing(world)
    agent, head = world.people["agent"], world.people["head"]
    at_her = Look(kind=ReadKind.CALLSIGN, what=f"person:{agent}", whose=agent, why=WHY)
    note_looks([at_her], by=ReaderHere(person_id=head, as_="DUTY_OFFICER", device="web",
                                       now=world.now))  # fmt: skip
    assert "logbook.Read" in holding(WHY), "positive control"
    checkpoint = verify().checkpoint
    for lasting in Lasting:
        keep(world, lasting, 30)
    later(world, days=31)
    apply(world)
    for words in (ROUTE, WORDS, LOOKS, WHY):
        assert holding(words) == [], words
    assert Message.objects.exclude(text="").count() == 0
    found = verify()
    assert found.difference is None
    assert verify(against=read(checkpoint)).difference is None, "no leaf has changed"


def test_after_it_the_replay_still_finds_what_is_changed_behind_its_back(world: World) -> None:
    mission = an_outing(world)
    for lasting in Lasting:
        keep(world, lasting, 30)
    later(world, days=31)
    apply(world)
    promised = Deadline.objects.filter(subject__ref=mission.ref).latest("due_at")
    Deadline.objects.filter(pk=promised.pk).update(due_at=mission.out_at)
    assert "due_at" in str(verify().difference), "stated anew, so it is compared again"
    Deadline.objects.filter(pk=promised.pk).update(due_at=promised.due_at)
    assert verify().difference is None
    Mission.objects.filter(pk=mission.pk).update(place="Elsewhere")
    assert "place" in str(verify().difference), "what was blanked stays blank"


def test_nothing_that_is_in_use_is_erased(world: World) -> None:
    """Out for months, missed, or waiting for somebody: all of it stays."""
    far = world.send_out("agent", due_minutes=60 * 24 * 100, place=ROUTE)
    missed = world.send_out("mate", due_minutes=60, place=ROUTE + " two")
    world.fast_forward(minutes=130)
    for lasting in Lasting:
        keep(world, lasting, 30)
    later(world, days=60)
    apply(world)
    for mission in (far, missed):
        mission.refresh_from_db()
        assert mission.place.startswith(ROUTE)
        about = EntryBody.objects.filter(entry__subject=mission.ref)
        assert about.exists()
        assert not about.filter(body__isnull=True).exists()
    assert verify().difference is None


def test_a_rule_of_zero_days_gets_a_sentence(world: World) -> None:
    for days, says in (
        (0, "Zero days"),
        (-1, "Zero days"),
        (29, "At least 30"),
        (10**6, "At most"),
    ):
        with pytest.raises(Refused, match=says):
            keep(world, Lasting.MESSAGES, days)
    with pytest.raises(Refused, match="ADMINISTRATOR"):
        keep(world, Lasting.MESSAGES, 40, by="head")
    assert apply(world) == {}, "without a rule everything is kept"
    keep(world, Lasting.MESSAGES, 40)
    keep(world, Lasting.MESSAGES, None)
    assert apply(world) == {}


def test_what_was_sealed_of_those_who_left_goes_with_its_key(world: World) -> None:
    world.give_kin("agent", "flatmate", MayKnow.AREA)
    keep(world, Lasting.CONTACTS, 30)
    persons.change_person(
        person_id=world.people["agent"], values={"is_active": False},
        by=STATION, now=world.now, tap=new_tap(),
    )  # fmt: skip
    later(world, days=29)
    assert apply(world) == {Lasting.CONTACTS: 0}
    later(world, days=2)
    assert apply(world) == {Lasting.CONTACTS: 1}
    own: dict[str, Any] = {"person_id": world.people["agent"]}
    assert not ContactPoint.objects.filter(**own).exists()
    assert not Kin.objects.filter(**own).exists()
    assert PersonKey.objects.get(**own).wrapped is None
    assert ContactPoint.objects.filter(person_id=world.people["mate"]).exists()
    assert verify().difference is None


def test_each_erasure_is_an_entry_without_a_word_of_it(world: World) -> None:
    an_outing(world)
    keep(world, Lasting.REPORTS, 30)
    later(world, days=31)
    apply(world)
    entry = Entry.objects.filter(kind="ENTRIES_ERASED").earliest("number")
    assert entry.actor_id == world.people["admin"]
    said = str(entry.content.body)
    assert WORDS not in said
    assert '"rule":"REPORTS"' in said
    assert FirstReport.objects.get().hurt == Hurt.NO, "what is no text stays"


def test_a_second_opinion_is_the_same_afterwards(world: World) -> None:
    """The auditor reads the logbook from its beginning when it starts anew."""
    an_outing(world)
    world.send_out("agent", due_minutes=60 * 24 * 90)
    for lasting in Lasting:
        keep(world, lasting, 30)
    later(world, days=31)
    before = Audited(world, has_canary=False)
    said = before.look()
    apply(world)
    after = Audited(world, has_canary=False)
    assert after.look() == said
    pictures = [one.auditing.picture for one in (before, after)]
    for name in ("deadlines", "alarms", "messages"):
        was, now = (getattr(one, name) for one in pictures)
        assert was.keys() == now.keys(), name


def test_others_are_let_in_after_each_portion(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what is old, but whose bodies another rule has erased, too: thousands may lie there."""
    monkeypatch.setattr(forgetting, "LOOKED_AT_ONCE", 2)
    an_outing(world)
    keep(world, Lasting.ENTRIES, 30)
    later(world, days=31)
    apply(world)
    keep(world, Lasting.ENTRIES, None)
    keep(world, Lasting.MESSAGES, 30)
    old = Message.objects.exclude(text="").count()
    assert old > 4, "positive control"
    left: list[int] = []
    retain(
        by=None, now=world.now, rest=lambda: left.append(Message.objects.exclude(text="").count())
    )
    steps = [before - after for before, after in itertools.pairwise([old, *left])]
    assert left[-1] == 0
    assert max(steps) <= 2, "never more than a portion between two rests"
    assert verify().difference is None
