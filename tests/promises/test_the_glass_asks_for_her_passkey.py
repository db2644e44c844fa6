"""Promise P15: a glass is broken by a passkey, where its holder has one; whoever has none is not
locked out at night, but everybody who is told reads that it was without one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache

from homeby import clock
from homeby.logbook.rules import Refused, new_tap
from homeby.logbook.verification import verify
from homeby.missions.actions import glass
from homeby.missions.models import BrokenGlass
from homeby.people.rules_log_ins import Proof
from homeby.station import who_is_told
from tests.rooms.pages import PASSWORD, Pages, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey, prove
from tests.rooms.test_web_codes import add_app, shown_by
from tests.world import World

WHY = "Her telephone lies at the gate, she does not answer."


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def test_only_her_passkey_opens_it_where_she_has_one(pages: Pages, world: World) -> None:
    mission, key = world.send_out("agent"), SoftKey()
    address = f"/break-glass/{mission.pk}/"
    guard = pages.as_("guard")
    assert "You keep the watch and have no passkey." in text_of(guard.get("/me/log-in/"))
    add_passkey(guard, key)
    assert "You keep the watch and have no passkey." not in text_of(guard.get("/me/log-in/"))
    asks = guard.get(address).headers["Location"]
    assert "strongest=1" in asks, "she has proved her password this minute"
    asked = text_of(guard.get(asks))
    assert "Your passkey is asked for" in asked
    assert "By my password" not in asked
    again = {"next": address, "strongest": "1"}
    for _ in range(2):
        assert guard.post("/log-in/again/", again | {"password": PASSWORD}).status_code == 302
        assert "strongest=1" in guard.post(address, sent(reason=WHY)).headers["Location"]
    weaker: Any = {"by": world.as_("guard"), "now": world.now, "tap": new_tap(), "reason": WHY}
    with pytest.raises(Refused, match="by your passkey"):
        glass.break_glass(mission_id=mission.pk, proved=(Proof.PASSWORD, Proof.APP), **weaker)
    assert not BrokenGlass.objects.exists()
    assert "Break the glass for Fox" in text_of(prove(guard, key, "/log-in/again/", **again))
    assert guard.post(address, sent(reason=WHY)).headers["Location"] == address
    world.look()
    assert "without a passkey" not in text_of(guard.get("/board/"))
    assert "without a passkey" not in text_of(pages.as_("head").get("/office/"))
    assert not [one for one in world.phone("agent") if "a passkey" in one.outgoing.text]


def test_who_has_none_opens_it_by_all_that_she_has_and_everybody_reads_that(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission, guard = world.send_out("agent", "mate"), pages.as_("guard")
    secret = add_app(guard)
    address = f"/break-glass/{mission.pk}/"
    again = {"next": address, "strongest": "1"}
    asks = guard.get(address).headers["Location"]
    assert "strongest=1" in asks
    page = text_of(guard.get(asks))
    assert "You have no passkey" in page
    assert "By the code of my app" in page
    assert "By my password" not in page, "that she has proved already"
    later = clock.real_now() + dt.timedelta(minutes=1)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    on = guard.post("/log-in/again/", again | {"code": shown_by(secret)})
    assert on.headers["Location"] == address
    assert "You proved yourself without a passkey" in text_of(guard.get(address))
    guard.post(address, sent(reason=WHY))
    world.look()
    row = BrokenGlass.objects.get()
    assert row.proved_with == "APP+PASSWORD"
    for who in ("agent", "mate", "head"):
        heard = [one.outgoing.text for one in world.phone(who) if WHY in one.outgoing.text]
        assert all("It was opened without a passkey." in one for one in heard), who
        assert heard, who
    assert "It was opened without a passkey." in text_of(guard.get("/board/"))
    head = pages.as_("head")
    assert f"for Fox, Owl, without a passkey: {WHY}" in text_of(head.get("/office/"))
    assert "by the code of an app, by password without a passkey" in text_of(
        head.get(f"/office/break-glass/{row.pk}/")
    )
    assert "without a passkey" in text_of(head.get("/office/break-glass/"))
    assert verify().difference is None


def test_doctor_says_how_many_who_keep_the_watch_have_none(pages: Pages) -> None:
    assert who_is_told.passkeys() == []
    head = pages.as_("head")
    [found] = who_is_told.passkeys()
    assert "1 have no passkey" in found.sentence
    add_passkey(head, SoftKey())
    assert who_is_told.passkeys() == []
