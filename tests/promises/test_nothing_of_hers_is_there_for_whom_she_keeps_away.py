"""Stay-away (promise 8): whoever is kept away from somebody changes nothing of hers, reads of no
look between them, and learns of no record that he may not see, be he leader, administrator or
welfare officer. What he presses and writes is answered as if she were not there."""

from __future__ import annotations

import uuid

import pytest
from django.core.cache import cache

from homeby.logbook.actions import note_looks
from homeby.logbook.models import Entry
from homeby.logbook.reading import Look, ReaderHere, ReadKind
from homeby.logbook.rules import new_tap
from homeby.people.actions import apart, proofs
from homeby.people.models import ContactPoint, Kin, Person, RoleHeld, StayAway
from homeby.people.rules import Act, Role, hash_of
from homeby.web.intake.proving import prove
from homeby.web.office.acts import ACTS
from tests.promises.apart import keep_away
from tests.promises.test_who_is_kept_away_learns_nothing import give_role
from tests.rooms.devices import claim, kiosk
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World

OF_PERSONS = sorted(
    key for key in ACTS
    if key[0] in ("people", "roles", "memberships", "contact-points", "kin", "devices", "badges",
                  "pins")
)  # fmt: skip


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def ids_of(world: World, who: str) -> dict[str, uuid.UUID]:
    """Ids of what is hers, as somebody has them who knew them before."""
    me = world.people[who]
    contact = ContactPoint.objects.filter(person_id=me).first()
    kin, role = Kin.objects.get(person_id=me), RoleHeld.objects.get(person_id=me)
    assert contact is not None
    return {"people": me, "pins": me, "roles": role.pk, "contact-points": contact.pk, "kin": kin.pk}


@pytest.mark.looks
@pytest.mark.parametrize("who", ["head", "admin"])
def test_no_button_of_the_office_reaches_her(world: World, pages: Pages, who: str) -> None:
    give_role(world, "agent", Role.GATE_KEEPER)
    world.give_kin("agent", "flatmate")
    badge = new_tap()
    proofs.add_badge(
        person_id=world.people["agent"], name="Card", code="QX7719", by=world.as_("admin"),
        now=world.now, tap=badge,
    )  # fmt: skip
    known = ids_of(world, "agent") | {"badges": badge.entry_id}
    keep_away(world, "agent", who)
    client, before = pages.as_(who), Entry.objects.count()
    for kind, act in OF_PERSONS:
        if kind not in known:
            continue
        hers, nobodys = (
            client.post(f"/office/act/{kind}/{key}/", sent(act=act, back="/me/"), follow=True)
            for key in (known[kind], uuid.uuid4())
        )
        assert hers.status_code == nobodys.status_code, (kind, act)
        if hers.status_code == 200:
            assert text_of(hers) == text_of(nobodys), (kind, act)
    assert Entry.objects.count() == before
    assert Person.objects.get(pk=world.people["agent"]).is_active


def look(world: World, who: str, at: str, kind: ReadKind = ReadKind.KIN) -> None:
    key = world.people[at]
    reader = ReaderHere(person_id=world.people[who], as_=Role.MEMBER, device="web", now=world.now)
    note_looks([Look(kind=kind, what=f"person:{key}", whose=key)], by=reader)


@pytest.mark.parametrize("who", ["head", "admin"])
def test_the_office_tells_no_look_between_them(world: World, pages: Pages, who: str) -> None:
    look(world, "agent", who)
    look(world, who, "agent")
    look(world, "mate", who)
    client = pages.as_(who)
    asked = ("/office/logbook/?show=looks", "/office/logbook/file/csv/?show=looks")

    def named() -> list[int]:
        said = [b"".join(client.get(one)).decode() for one in asked]
        return [one.count("Fox") for one in said]

    assert all(named()), "the positive control"
    keep_away(world, "agent", who)
    assert named() == [0, 0]
    left = b"".join(client.get(asked[1])).decode()
    assert "Owl" in left, "what others looked at is read still"
    assert ",kin,," not in left, "no line without a name stands in its place"


def test_a_leader_who_is_coerced_reads_of_no_look_since(world: World, pages: Pages) -> None:
    for who in ("agent", "head"):
        by = world.as_(who)
        proofs.set_pin(pin="4711", duress="9027", by=by, now=world.now, tap=new_tap())
    world.send_out("agent", "head")
    look(world, "deputy", "head")
    head = pages.as_("head")
    asked = "/office/logbook/?show=looks"
    before = text_of(head.get(asked)).count("the kin")
    said = claim(Act.SIGN_IN, pin="9027", callsign="Fox")
    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    tablet.send(*prove((said,), hash_of(tablet.key)))
    world.fast_forward(minutes=20)
    look(world, "deputy", "head", ReadKind.HEALTH)
    assert "ealth" not in text_of(head.get("/me/looks/"))
    after = b"".join(head.get("/office/logbook/file/csv/?show=looks")).decode()
    assert "ealth" not in after
    assert text_of(head.get(asked)).count("the kin") == before


def test_a_welfare_officer_finds_out_nothing_by_filing_it_again(world: World, pages: Pages) -> None:
    give_role(world, "guard", Role.WELFARE_OFFICER)
    keep_away(world, "agent", "guard")
    keep_away(world, "agent", "mate")

    def says(other: str, person: str = "agent") -> str:
        return apart.file_stay_away(
            person_id=world.people[person], callsign=world.callsign(other), by=world.as_("guard"),
            now=world.now, tap=new_tap(),
        )  # fmt: skip

    known = says("guard", person="outsider")
    before = StayAway.objects.count()
    assert says("guard") == says("mate") == known, "kept already, and not for this officer to read"
    assert StayAway.objects.count() == before
    assert says("outsider") == known
    assert StayAway.objects.count() == before + 1
