"""Whoever holds less than she could prove herself with comes by nothing more: how her log-in is
opened, and how she is reached, is changed by the strongest proof that she has (ASVS 5.0, 6.4.4).
A lost phone locks nobody out: a recovery code, or a new link of an administrator, stands in."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client

from homeby.comms.models import Message
from homeby.missions.models import BrokenGlass
from homeby.people.models import Account, ContactPoint
from homeby.web.accounts.urls import urlpatterns
from tests.promises.test_the_glass_asks_for_her_passkey import WHY
from tests.rooms.pages import PASSWORD, Pages, followed, sent, text_of
from tests.rooms.soft_key import SoftKey, add_passkey, prove
from tests.rooms.test_web_codes import add_app, after_password, make_codes, type_code
from tests.rooms.test_web_invitations import invite, with_password
from tests.world import World

#: Of the addresses of her own log-in, those that change nothing of how it is opened.
_HARMLESS = {"me/log-in/", "me/log-in/ended/", "me/log-in/ended/<int:log_in_id>/"}


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    cache.clear()
    return Pages(world, monkeypatch)


def _addresses(passkey_id: int, point: Any, me: Any) -> list[str]:
    own = [str(one.pattern) for one in urlpatterns if str(one.pattern).startswith("me/log-in/")]
    found = ["/" + one.replace("<int:passkey_id>", str(passkey_id)) for one in own
             if one not in _HARMLESS]  # fmt: skip
    return [
        *found,
        "/me/password/",
        f"/office/form/contact-points/new/?person={me}",
        f"/office/form/kin/new/?person={me}",
        f"/office/act/contact-points/{point}/",
        "/me/programs/token/",
        "/me/programs/webhook/",
    ]


def _held(who: Any) -> tuple[Any, ...]:
    account = Account.objects.get(person_id=who)
    rows = Authenticator.objects.filter(user=account).order_by("pk")
    points = ContactPoint.objects.filter(person_id=who).order_by("pk")
    return account.password, list(rows.values_list("pk", "data")), list(points.values_list("pk"))


def _by_password(client: Client, address: str) -> Any:
    """Whatever the page asks for, the thief gives her password, twice; then he sends the form."""
    client.post("/log-in/again/", {"password": PASSWORD, "next": "/me/log-in/"})
    fields = {
        "act": "remove", "name": "x", "code": "1", "present": PASSWORD, "rights": ["READ_PEOPLE"],
        "password": "the thief's long walk", "channel": "EMAIL", "address": "thief@example.org",
        "days": "30", "kinds": ["MISSION_BACK"], "may_know": "NOTHING", "language": "en",
    }  # fmt: skip
    return client.post(address, sent(**fields))


def test_her_password_alone_changes_nothing_of_how_her_log_in_is_opened(
    pages: Pages, world: World
) -> None:
    key, owner, me = SoftKey(), pages.as_("guard"), world.people["guard"]
    add_app(owner)
    add_passkey(owner, key)
    make_codes(owner)
    passkey = Authenticator.objects.get(type="webauthn").pk
    point = ContactPoint.objects.filter(person_id=me)[0].pk
    thief, before = pages.long_in("guard"), _held(me)
    for address in _addresses(passkey, point, me):
        answer = _by_password(thief, address)
        asked_again = answer.headers.get("Location", "").startswith("/log-in/again/?next=")
        assert asked_again or answer.status_code == 403, (address, answer.status_code)
        assert _held(me) == before, address
    assert "strongest=doors" in answer.headers["Location"]
    page = text_of(thief.get(answer.headers["Location"]))
    assert "Your passkey is asked for" in page
    assert "log in by your password and a recovery code" in page
    for wrong in ({"password": PASSWORD}, {"code": "123456"}):
        thief.post("/log-in/again/", {"strongest": "x", "next": "/me/log-in/codes/", **wrong})
        assert thief.get("/me/log-in/codes/").status_code == 302, "no word of the page weakens it"


def test_so_nobody_opens_a_glass_by_a_passkey_that_he_added(pages: Pages, world: World) -> None:
    mission, hers, his = world.send_out("agent"), SoftKey(), SoftKey()
    add_passkey(pages.as_("guard"), hers)
    thief = pages.as_("guard")  # he has typed her password this minute
    asked = thief.post("/me/log-in/passkey/asked/")
    assert asked.status_code == 403
    assert "prove who you are once more" in asked.json()["sentence"]
    made = sent(name="Mine", credential="{}")
    assert "strongest" in thief.post("/me/log-in/passkey/", made).headers["Location"]
    assert "strongest" in thief.get(f"/break-glass/{mission.pk}/").headers["Location"]
    prove(thief, hers, "/log-in/again/", strongest="doors", next="/me/log-in/passkey/")
    assert add_passkey(thief, his).status_code == 302, "by her passkey she adds another"
    fresh = pages.nobody()
    prove(fresh, his)
    thief.post(f"/break-glass/{mission.pk}/", sent(reason=WHY))
    assert BrokenGlass.objects.get().proved_with == "PASSKEY+PASSWORD"


def test_a_passkey_made_this_minute_opens_no_glass_by_itself(pages: Pages, world: World) -> None:
    """Who had none has one now; the glass asks for it all the same."""
    mission, guard = world.send_out("agent"), pages.as_("guard")
    add_passkey(guard, SoftKey())
    assert guard.get("/me/log-in/codes/").status_code == 200, "what belongs to it follows at once"
    assert "strongest=1" in guard.get(f"/break-glass/{mission.pk}/").headers["Location"]


def test_whoever_lost_her_phone_comes_in_by_paper_and_adds_another(pages: Pages) -> None:
    owner, lost, other = pages.as_("head"), SoftKey(), SoftKey()
    add_passkey(owner, lost)
    codes = make_codes(owner)
    client = after_password(pages)
    assert "That was a recovery code." in type_code(client, codes[0])
    assert add_passkey(client, other, name="New phone").status_code == 302
    page = client.get("/me/log-in/")
    old = next(one for one in page.context["factors"].passkeys if one.name != "New phone")
    assert "Removed" in followed(client, client.post(f"/me/log-in/passkey/{old.id}/", sent()))


def test_whoever_lost_everything_begins_anew_by_a_link_and_is_told_wherever_she_is_reached(
    pages: Pages, world: World
) -> None:
    owner, me = pages.as_("head"), world.people["head"]
    world.give_phone("head")
    add_passkey(owner, SoftKey())
    link, fresh = invite(pages, world, "head"), pages.nobody()
    with_password(fresh, link)
    assert add_passkey(fresh, SoftKey()).status_code == 302, "what she chose is proof enough"
    said = list(Message.objects.filter(person_id=me, kind="NOTICE").values_list("text", flat=True))
    for what in ("An administrator made a link", "opened by a link of the office"):
        assert sum(what in one for one in said) == 2, "at each of her two contact points"


def test_an_administrator_with_less_than_she_has_makes_no_link_for_others(
    pages: Pages, world: World
) -> None:
    key = SoftKey()
    add_passkey(pages.as_("admin"), key)
    thief = pages.as_("admin")
    address = f"/office/people/{world.people['guard']}/log-in/"
    for client_says in (sent(act="invite"), sent(act="invite")):
        assert "strongest=doors" in thief.post(address, client_says).headers["Location"]
    assert prove(thief, key, "/log-in/again/", strongest="doors", next=address).status_code == 200
    assert thief.post(address, sent(act="invite")).status_code == 200
