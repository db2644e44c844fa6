"""Before what opens doors to others, too, whoever sits there proves once more who it is."""

from __future__ import annotations

import pytest

from homeby import settings
from homeby.people.models import PersonalToken, RoleHeld
from tests.rooms.pages import PASSWORD, Pages, followed, sent
from tests.rooms.soft_key import SoftKey, add_passkey
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


@pytest.mark.parametrize("kind", ["roles", "accounts", "passwords"])
def test_the_office_asks_before_it_opens_doors(pages: Pages, world: World, kind: str) -> None:
    client, held = pages.long_in("admin"), RoleHeld.objects.count()
    path = f"/office/form/{kind}/new/?person={world.people['agent']}"
    pages.account("agent")
    page = client.post(path, sent(role="LEADER", login="x", password="quite another one"))
    assert page.headers["Location"].startswith("/log-in/again/?next=")
    assert RoleHeld.objects.count() == held
    asks = client.get(path).headers["Location"]
    back = client.post(asks, {"password": PASSWORD, "next": path})
    assert back.headers["Location"] == path
    assert client.get(path).status_code in (200, 404)


def test_where_the_organisation_asks_for_it_a_password_alone_opens_no_doors_to_others(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = settings.current().model_copy(update={"second_factor_office": True})
    monkeypatch.setattr(settings, "current", lambda: chosen)
    client, agent = pages.as_("admin"), world.people["agent"]
    doors = f"/office/form/roles/new/?person={agent}"
    for path in (doors, f"/office/people/{agent}/erase/"):
        led = client.get(path)
        assert led.headers["Location"] == "/me/log-in/"
        assert "add one first" in followed(client, led)
    assert client.get("/office/people/").status_code == 200
    assert pages.as_("guard").get("/board/").status_code == 200, "no alarm waits for it"
    add_passkey(client, SoftKey(), name="key ring")
    assert client.get(doors).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/office/retention/",
        "/office/logbook/file/csv/",
        "/office/logbook/file/json/?show=looks",
        "/office/people/{agent}/minor/",
    ],
)
def test_it_asks_before_what_cannot_be_taken_back(pages: Pages, world: World, path: str) -> None:
    """Erasing by rules, the whole logbook as a file, the end of the limits of a minor."""
    client = pages.long_in("admin")
    path = path.format(agent=world.people["agent"])
    for answer in (client.get(path), client.post(path, sent(act="now")), client.post(path, sent())):
        assert answer.status_code in (302, 405), "nothing is shown and nothing is done"
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/log-in/again/?next=")
    asks = client.get(path).headers["Location"]
    client.post(asks, {"password": PASSWORD})
    assert client.get(path).status_code == 200


def test_a_token_is_made_after_a_re_check_only(pages: Pages) -> None:
    client = pages.long_in("head")
    fields = sent(name="A script", rights=["READ_PEOPLE"], days="30")
    came_from = {"referer": "http://testserver/me/programs/"}
    page = client.post("/me/programs/token/", fields, headers=came_from)
    assert page.headers["Location"] == "/log-in/again/?next=%2Fme%2Fprograms%2F&strongest=doors"
    assert not PersonalToken.objects.exists()
    elsewhere = {"referer": "https://example.org/me/programs/"}
    page = client.post("/me/programs/token/", fields, headers=elsewhere)
    assert page.headers["Location"] == "/log-in/again/?next=%2Fme%2F&strongest=doors"
