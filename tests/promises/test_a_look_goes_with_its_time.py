"""Who looked at whom, and why, is kept as long as the organisation says; then only this stays: that
there was such a look. How long that is she reads where she sees who looked, what is in use stays
whole, and nobody can empty a look without an entry that tells it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.db import transaction

from homeby.logbook import emptying
from homeby.logbook import looks as told_of
from homeby.logbook.actions import note_looks
from homeby.logbook.models import Entry, Read
from homeby.logbook.reading import Look, ReaderHere, ReadKind
from homeby.logbook.rules import new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import glass
from homeby.people.actions.retention import set_retention
from homeby.people.rules_log_ins import Proof
from homeby.people.rules_private import Lasting
from homeby.retention.applying import preview, retain
from homeby.retention.persons import erase_person
from tests.promises.words_kept import holding
from tests.rooms.pages import Pages, text_of
from tests.world import World

WHY = "Her zquilt lies at the gate"
STAYS = ("number", "at", "ten_minutes", "kind", "viewed_as")
DAYS = {**dict.fromkeys(Lasting), Lasting.LOOKS: 90}
FOR_EVER, FOR_90 = "Looks are kept for ever.", "A look is kept for 90 days."
GONE = "over their time: who it was is no longer known"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def look(world: World, *looks: Look, who: str = "head") -> None:
    here = ReaderHere(person_id=world.people[who], as_="DUTY_OFFICER", device="tok", now=world.now)
    note_looks(looks, by=here)


def at(world: World, who: str) -> Look:
    key = world.people[who]
    return Look(kind=ReadKind.CALLSIGN, what=f"person:{key}", whose=key, why=WHY)


LISTS = (Look(kind=ReadKind.PEOPLE, what="people"), Look(kind=ReadKind.BOARD, what="board"))


def set_days(world: World, days: int | None) -> None:
    set_retention(lasting=Lasting.LOOKS, days=days, by=world.as_("admin"), now=world.now,
                  tap=new_tap())  # fmt: skip


def later(world: World, *, days: int) -> None:
    world.now += dt.timedelta(days=days)


def seen(world: World, pages: Pages, *, ago: int = 0) -> str:
    until = (world.now - dt.timedelta(days=ago)).date()
    return text_of(pages.as_("agent").get(f"/me/looks/?until={until}"))


def erase(world: World) -> int:
    return retain(by=world.people["admin"], now=world.now)[Lasting.LOOKS]


def test_after_its_time_nothing_stays_but_that_somebody_looked(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(emptying, "PORTION", 2)
    look(world, at(world, "agent"), at(world, "mate"), *LISTS)
    look(world, at(world, "agent"), who="guard")
    set_days(world, 90)
    assert FOR_90 in seen(world, pages)
    later(world, days=89)
    assert preview(days=DAYS, now=world.now)[Lasting.LOOKS] == erase(world) == 0
    look(world, at(world, "agent"))
    assert WHY in seen(world, pages, ago=89)
    facts = list(Read.objects.order_by("number").values_list(*STAYS))
    later(world, days=2)
    rests: list[int] = []
    assert preview(days=DAYS, now=world.now)[Lasting.LOOKS] == 5
    done = retain(by=None, now=world.now, rest=lambda: rests.append(len(rests)))
    assert done == {Lasting.LOOKS: 5}
    assert len(rests) == 3, "others are let in after each portion"
    left = list(Read.objects.order_by("number").values_list(*STAYS))
    assert left == facts, "a look is not taken away"
    old = Read.objects.filter(at__lt=world.now - dt.timedelta(days=90))
    for row in old:
        nobody = uuid.UUID(int=row.number)
        assert (row.viewer_id, row.whose, row.why, row.device) == (nobody, None, "", "")
        assert row.what == f"erased:{row.number}"
    assert Read.objects.filter(why=WHY).count() == 1, "what is young stays"
    told = Entry.objects.filter(kind="LOOKS_EMPTIED").order_by("number")
    assert {one.entry_id for one in told} == set(old.values_list("erased_by", flat=True))
    assert [one.content.body.count(WHY) for one in told if one.content.body] == [0, 0, 0]
    assert verify().difference is None
    assert erase(world) == 0, "there is nothing left to empty"
    then = seen(world, pages, ago=91)
    assert GONE in then
    assert WHY not in then
    assert "Nobody looked at you" not in then
    assert WHY in seen(world, pages)
    listed = set(told_of.listed(world.as_("admin"), told_of.Wanted()))
    assert listed == set(Read.objects.exclude(pk__in=old)), "nor does the office list what is empty"


def test_whoever_was_erased_at_her_wish_is_not_said_to_be_over_her_time(
    world: World, pages: Pages
) -> None:
    look(world, at(world, "mate"), who="guard")
    for who in ("mate", "guard"):
        erase_person(person_id=world.people[who], reason="By letter", by=world.as_("admin"),
                     now=world.now, tap=new_tap())  # fmt: skip
    (row,) = Read.objects.filter(erased_by__isnull=False)
    assert (row.viewer_id, row.what) == (uuid.UUID(int=row.number), f"erased:{row.number}")
    assert GONE not in seen(world, pages), "nothing of that day is over its time"


def test_nobody_empties_a_look_without_an_entry_that_tells_it(world: World) -> None:
    look(world, at(world, "agent"), *LISTS)
    set_days(world, 30)
    later(world, days=31)
    assert erase(world) == 3
    look(world, at(world, "agent"), at(world, "mate"))
    told = Entry.objects.get(kind="LOOKS_EMPTIED")
    young = Read.objects.get(whose=world.people["agent"])
    for by, says in (
        (uuid.uuid4(), "1 looks at people were emptied, and no entry tells it."),
        (told.entry_id, f"Entry {told.number} (LOOKS_EMPTIED) tells of 3 looks; 4 name it."),
    ):
        with transaction.atomic():
            way: dict[str, Any] = {"whose": None, "why": "", "erased_by": by}
            Read.objects.filter(pk=young.pk).update(what=f"erased:{young.pk}", **way)
            assert verify().difference == says
            transaction.set_rollback(True)
    assert verify().difference is None


def test_what_is_in_use_or_not_reviewed_yet_stays_whole(world: World, pages: Pages) -> None:
    """She is out for months; over the other's party a glass was broken, and nobody has judged it:
    what its holder looked at is part of that."""
    assert FOR_EVER in seen(world, pages)
    far = world.send_out("agent", due_minutes=60 * 24 * 100)
    short = world.send_out("mate", due_minutes=60)
    glass.break_glass(
        mission_id=short.pk, reason="She does not answer.",
        proved=(Proof.PASSKEY,), by=world.as_("guard"), now=world.now, tap=new_tap(),
    )  # fmt: skip
    world.fast_forward(minutes=10)
    world.sign_in("mate")
    kept = (Look(kind=ReadKind.STATUS, what=f"mission:{far.pk}"), at(world, "mate"))
    look(world, *kept, at(world, "outsider"))
    set_days(world, 30)
    later(world, days=31)
    assert erase(world) == 1
    assert len(holding(WHY)) == 1
    assert not Read.objects.filter(whose=world.people["outsider"]).exists()
    for one in kept:
        assert Read.objects.filter(what=one.what).exists(), one.what
    assert verify().difference is None
