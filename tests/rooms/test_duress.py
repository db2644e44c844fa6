"""The duress PIN on one's own page and in the tables: nobody sees who has one, not even by time."""

from __future__ import annotations

import json

import pytest

from homeby.logbook.models import EntryBody
from homeby.logbook.rules import Refused, new_tap
from homeby.people.actions import proofs
from homeby.people.models import Pin
from homeby.people.rules import PinFits
from tests.rooms.pages import Pages, text_of
from tests.world import World

BOTH = {"pin": "4711", "once_more": "4711", "duress": "9027", "duress_once_more": "9027"}


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def fits(world: World, pin: str, who: str = "agent") -> PinFits:
    return proofs.judge(pin, person_id=world.people[who])


def test_she_sets_changes_and_removes_it_on_her_own_page(world: World, pages: Pages) -> None:
    agent = pages.as_("agent")
    said = text_of(agent.post("/me/pin/", BOTH, follow=True))
    assert "The PIN is set" in said
    assert (fits(world, "4711"), fits(world, "9027")) == (PinFits.YES, PinFits.DURESS)
    agent.post("/me/pin/", BOTH | {"duress": "308514", "duress_once_more": "308514"})
    assert (fits(world, "9027"), fits(world, "308514")) == (PinFits.NO, PinFits.DURESS)
    agent.post("/me/pin/", {"pin": "4711", "once_more": "4711"})
    assert (fits(world, "4711"), fits(world, "308514")) == (PinFits.YES, PinFits.NO)
    agent.post("/me/pin/", BOTH)
    agent.post("/me/pin/", {"act": "remove"})
    assert (fits(world, "4711"), fits(world, "9027")) == (PinFits.NO, PinFits.NO)


@pytest.mark.parametrize(
    ("duress", "sentence"),
    [
        ("4711", "must be another one"),
        ("4712", "Too near to the PIN"),
        ("1111", "what anybody would try first"),
        ("12", "A PIN has 4 to 8 digits"),
        ("9x27", "A PIN has 4 to 8 digits"),
    ],
)
def test_a_bad_one_gets_a_sentence_and_changes_nothing(
    world: World, pages: Pages, duress: str, sentence: str
) -> None:
    agent = pages.as_("agent")
    sent = BOTH | {"duress": duress, "duress_once_more": duress}
    answer = agent.post("/me/pin/", sent)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    other = agent.post("/me/pin/", BOTH | {"duress_once_more": "9028"})
    assert "The two are not the same" in text_of(other)
    assert not Pin.objects.exists()


def test_nobody_can_see_who_has_one(world: World, pages: Pages) -> None:
    """Not by her page, nor the office's, nor the logbook, nor the table."""
    seen = []
    for who, duress in (("agent", "9027"), ("mate", "")):
        tap = new_tap()
        by = world.as_(who)
        answer = proofs.set_pin(pin="4711", duress=duress, by=by, now=world.now, tap=tap)
        row = Pin.objects.get(person_id=world.people[who])
        assert len(row.pin_hash) == len(row.duress_hash)
        entry = EntryBody.objects.select_related("entry").get(entry__entry_id=tap.entry_id)
        body = json.loads(entry.body or "")
        columns = [sorted(values) for _change, _table, _key, values in body["rows"]]
        own = text_of(pages.as_(who).get("/me/pin/"))
        office = text_of(
            pages.as_("admin").get(f"/office/people/{world.people[who]}/badges/")
        ).replace(world.callsign(who), "…")
        seen.append(
            (answer, entry.entry.kind, columns, own.replace(world.callsign(who), "…"), office)
        )
    assert seen[0] == seen[1]
    assert "duress" not in json.dumps(list(EntryBody.objects.values_list("body", flat=True)))


@pytest.mark.parametrize("typed", ["4711", "9027", "5050"])
@pytest.mark.parametrize("who", ["agent", "mate", "outsider", "nobody"])
def test_both_hashes_are_compared_whatever_the_first_one_says(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: str, who: str
) -> None:
    proofs.set_pin(pin="4711", duress="9027", by=world.as_("agent"), now=world.now, tap=new_tap())
    proofs.set_pin(pin="4711", by=world.as_("mate"), now=world.now, tap=new_tap())
    slow: list[str] = []
    for name in ("check_password", "make_password"):
        true = getattr(proofs, name)
        monkeypatch.setattr(proofs, name, _counted(true, slow))
    proofs.judge(typed, person_id=world.people.get(who))
    assert slow == [typed, typed]


def _counted(true: object, slow: list[str]) -> object:
    def counted(pin: str, *more: str) -> object:
        slow.append(pin)
        return true(pin, *more)  # type: ignore[operator]

    return counted


def test_an_administrator_who_removes_a_forgotten_pin_removes_both(world: World) -> None:
    by = world.as_("agent")
    proofs.set_pin(pin="4711", duress="9027", by=by, now=world.now, tap=new_tap())
    admin, person_id = world.as_("admin"), world.people["agent"]
    proofs.remove_pin(person_id=person_id, by=admin, now=world.now, tap=new_tap())
    assert fits(world, "9027") == PinFits.NO
    with pytest.raises(Refused):
        proofs.set_pin(pin="9027", duress="9027", by=by, now=world.now, tap=new_tap())
