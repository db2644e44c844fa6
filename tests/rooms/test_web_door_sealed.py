"""The page of the door where what is said there is sealed in the browser: what it says before
somebody writes, what it takes, and who is handed the sealed file."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.test import Client

from homeby.people.rules import Role
from homeby.welfare.models import Concern
from homeby.welfare.rules.concerns import ConcernKind
from tests.promises import sealing
from tests.promises.caring import with_officers
from tests.promises.test_a_word_at_the_door_is_sealed import PHRASE, closed
from tests.rooms.pages import Pages, sent
from tests.world import World


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    with_officers(world)
    return Pages(world, monkeypatch)


def with_keys(world: World) -> sealing.Keys:
    archive = sealing.make_archive(world)
    return sealing.Keys(archive=archive, own={"carer": sealing.make_key(world, "carer")})


def help_page(client: Client, query: str = "") -> str:
    answer = client.get(f"/help/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def names_in(page: str) -> set[str]:
    fields = re.findall(r"<(?:textarea|input|select)[^>]*>", page)
    return {found[1] for one in fields if (found := re.search(r'\sname="(\w+)"', one))}


def post(client: Client, **said: Any) -> tuple[int, dict[str, Any], int]:
    answer = client.post("/help/", sent(**said))
    return answer.status_code, answer.json(), len(answer.content)


def test_whether_it_is_sealed_is_said_before_she_writes(pages: Pages) -> None:
    agent = pages.as_("agent")
    page = help_page(agent)
    assert "No welfare officer has a key yet" in page
    assert "words" in names_in(page)
    with_keys(pages.world)
    page = help_page(agent)
    assert "sealed in this browser before it leaves" in page
    assert "words" not in names_in(page)  # no form could send it
    page = help_page(agent, "?open=1")  # no scripts, or they do not work here
    assert "Here it is not sealed in your browser" in page
    assert "words" in names_in(page)
    answer = agent.post("/help/", sent(act="speak", kind=ConcernKind.OWN_WORD, words=""))
    assert "Here it is not sealed" in answer.content.decode()
    assert agent.post("/help/", sent(act="speak", kind=ConcernKind.OWN_WORD, words="Alone"))
    assert Concern.objects.count() == 1


def test_the_script_is_told_to_whom_and_hands_in_nothing_but_a_sealed_file(pages: Pages) -> None:
    keys, agent = with_keys(pages.world), pages.as_("agent")
    code, told, length = post(agent, act="keys", kind=ConcernKind.OWN_WORD, filler="x" * 60_000)
    assert (code, told["state"]) == (200, "SEALED")
    assert [one["key"] for one in told["readers"]] == [keys.public("carer")]
    assert told["archive"] == keys.archive.public
    assert post(agent, act="keys", kind=ConcernKind.WORRY_ABOUT)[1]["state"] == "UNCLEAR"
    mate = str(pages.world.people["mate"])
    made = closed(keys, "carer")
    said: dict[str, Any] = {
        "act": "seal", "kind": ConcernKind.OWN_WORD, "person": mate,
        "archive": made.archive, "reader": list(made.readers),
    }  # fmt: skip
    for wrong in (PHRASE, "", base64.urlsafe_b64encode(PHRASE.encode()).decode()):
        code, told, _length = post(agent, **said, sealed=wrong)
        assert code == 422
        assert "not sealed" in told["sentence"]
    large = agent.post("/help/", sent(**said), HTTP_CONTENT_LENGTH=str(200 * 1024 * 1024))
    assert large.status_code == 422
    assert "larger" in large.json()["sentence"]
    assert not Concern.objects.exists()
    sealed = base64.urlsafe_b64encode(made.content).decode()
    code, told, handed = post(agent, **said, sealed=sealed)
    assert (code, told["next"]) == (200, "/help/")
    assert handed == length
    concern = Concern.objects.get()
    officer = pages.as_("carer")
    page = officer.get(f"/welfare/{concern.pk}/").content.decode()
    assert base64.b64encode(made.content).decode() in page
    assert f'data-author="{pages.world.people["agent"]}"' in page
    own = agent.get(f"/help/{concern.pk}/").content.decode()
    assert "this page cannot open it" in own
    for who in ("mate", "head", "admin"):
        assert pages.as_(who).get(f"/welfare/{concern.pk}/").status_code == 404


def test_an_officer_without_such_a_key_reads_who_can_open_it(pages: Pages) -> None:
    world = pages.world
    keys = with_keys(world)
    made = closed(keys, "carer")
    sealed = base64.urlsafe_b64encode(made.content).decode()
    said = {"act": "seal", "kind": ConcernKind.OWN_WORD, "archive": made.archive}
    post(pages.as_("agent"), **said, reader=list(made.readers), sealed=sealed)
    world.add("late", Role.WELFARE_OFFICER, callsign="Late")
    page = pages.as_("late").get(f"/welfare/{Concern.objects.get().pk}/").content.decode()
    assert "not to a key of yours" in page
    assert "Kind" in page
    assert sealed[:60] not in page
