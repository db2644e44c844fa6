"""Every log-in and every wrong try is seen by its person, with time and kind of proof; nothing of
what was typed is kept, and all of it goes with its time (ASVS 5.0: 16.3.1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from homeby.logbook.rules import new_tap
from homeby.people.actions import log_ins, retention
from homeby.people.models import LogInTry
from homeby.people.queries.own_data import own_data
from homeby.people.rules import STATION, Viewer
from homeby.people.rules_log_ins import Proof
from homeby.people.rules_private import Lasting
from homeby.retention.applying import preview, retain
from tests.rooms.pages import PASSWORD, Pages, text_of
from tests.rooms.soft_key import SoftKey, add_passkey, prove
from tests.world import World

PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def log_in(who: str, password: str, client: Client | None = None) -> tuple[Client, str]:
    client = client or Client(headers={"user-agent": PHONE})
    page = client.post("/log-in/", {"username": who, "password": password}, follow=True)
    return client, text_of(page)


def own(world: World, who: str) -> list[dict[str, Any]]:
    return list(own_data(Viewer(person_id=world.people[who]))["log_in_tries"])


def test_she_sees_when_with_what_and_how_often_somebody_was_turned_away(
    pages: Pages, world: World
) -> None:
    pages.account("head")
    for guess in ("Sommer2026", "Winter2026", "Herbst2026"):
        assert "do not belong together" in log_in("HEAD", guess)[1]
    client, shown = log_in("head", PASSWORD)
    assert "Since the last log-in somebody was turned away 3 times." in shown
    page = text_of(client.get("/me/log-in/"))
    assert "turned away 3 times by password · Firefox on Android" in page
    add_passkey(client, key := SoftKey())
    prove(fresh := pages.nobody(), key)
    asked, _shown = log_in("head", PASSWORD)
    asked.post("/log-in/more/", {"code": "123456"})
    prove(asked, key, path="/log-in/more/")
    assert asked.get("/me/").status_code == 200
    page = text_of(fresh.get("/me/log-in/"))
    assert "by a passkey · a browser that does not say its name" in page
    assert "by password, then by a passkey · Firefox on Android" in page
    assert "turned away by the code of an app" in page
    assert [one["succeeded"] for one in own(world, "head")] == [False, True, True, False, True]
    for row in LogInTry.objects.values():
        kept = str(row)
        assert not [
            word for word in ("2026!", "Sommer", "123456", PASSWORD, "127.0") if word in kept
        ]


def test_it_is_hers_alone_and_a_name_that_nobody_has_is_noted_nowhere(
    pages: Pages, world: World
) -> None:
    pages.account("head")
    log_in("nobody", PASSWORD)
    assert not LogInTry.objects.exists()
    log_in("head", PASSWORD)
    pages.account("admin")
    admin, _shown = log_in("admin", PASSWORD)
    assert "Firefox on Android" in text_of(admin.get("/me/log-in/"))
    assert len(own(world, "head")) == len(own(world, "admin")) == 1
    assert own(world, "agent") == []


def test_it_goes_with_its_time_and_a_flood_fills_no_disk(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = world.people["head"]
    wrong = log_ins.Came(person_id=who, proof=Proof.PASSWORD, succeeded=False)
    for _tries in range(40):
        log_ins.note_try(wrong, now=world.now)
    assert LogInTry.objects.get().times == 40
    monkeypatch.setattr(log_ins, "TRIES_MOST", 5)
    good = log_ins.Came(person_id=who, proof=Proof.PASSKEY)
    for day in range(40):
        log_ins.note_try(good, now=world.now + dt.timedelta(days=day))
    assert LogInTry.objects.count() == 5
    now = world.now + dt.timedelta(days=39 + 31)
    assert preview(days=dict.fromkeys(Lasting), now=now)[Lasting.LOG_INS] is None
    assert Lasting.LOG_INS not in retain(by=None, now=now)
    retention.set_retention(
        lasting=Lasting.LOG_INS, days=33, by=STATION, now=world.now, tap=new_tap()
    )
    days = {**dict.fromkeys(Lasting), Lasting.LOG_INS: 33}
    assert preview(days=days, now=now)[Lasting.LOG_INS] == 2
    assert retain(by=None, now=now)[Lasting.LOG_INS] == 2
    assert LogInTry.objects.count() == 3
