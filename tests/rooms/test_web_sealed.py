"""The pages of sealed debriefs: what they say before somebody writes, and what they take."""

from __future__ import annotations

import hashlib
import re

import pytest
from django.test import Client

from homeby.logbook.verification import verify
from homeby.missions.models import DebriefItem, FirstReport
from homeby.missions.models.sealed import SealedText
from homeby.missions.queries import sealed as queries
from homeby.missions.rules import sealed as rules
from homeby.web.sealed import scripts
from tests.promises import sealing as sealed
from tests.rooms.pages import Pages, sent
from tests.world import World

PHRASE = "the heron stood in the wrong field"
FILE = "application/octet-stream"


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_who_cannot_read_it_yet_is_said_before_she_writes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mission = sealed.home(world)
    author = Pages(world, monkeypatch).as_("agent")
    address = f"/missions/{mission.pk}/sealed/"
    assert f'href="{address}"' in text_of(author, f"/missions/{mission.pk}/")
    assert "homeby archive-key" in text_of(author, address)
    sealed.make_archive(world)
    said = text_of(author, address)
    assert "None of those who may read a debrief has made a key yet" in said
    assert "Head" in said
    assert "data-seal" not in said
    key = sealed.make_key(world, "head")
    report(author, address)
    said = text_of(author, address)
    assert str(key.to_public()) in said
    assert "Deputy" in said.partition("Have no key yet")[2].partition("</p>")[0]
    # Nothing that she writes has a name, so that no form could send it.
    fields = re.findall(r"<(?:textarea|input)[^>]*>", said.partition("data-seal")[2])
    named = {found[1] for one in fields if (found := re.search(r'\sname="(\w+)"', one))}
    assert named == {"csrfmiddlewaretoken", "entry_id"}
    for who in ("outsider", "head"):
        assert Pages(world, monkeypatch).as_(who).get(address).status_code == 404


def report(author: Client, address: str) -> None:
    assert author.post(address, sent(hurt="NO")).status_code == 302


def test_what_others_must_know_is_asked_first_outside_the_seal(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed.with_keys(world, "head")
    mission, pages = sealed.home(world), Pages(world, monkeypatch)
    author = pages.as_("agent")
    address = f"/missions/{mission.pk}/sealed/"
    said = text_of(author, address)
    assert "First, outside the seal" in said
    assert "data-seal" not in said
    assert {"hurt", "still_out", "danger", "kit_missing"} <= set(re.findall(r'name="(\w+)"', said))
    answer = author.post(address, sent(still_out="Two at the ford"))
    assert answer.status_code == 422
    assert "Answer this one" in answer.content.decode()
    assert "Two at the ford" in answer.content.decode()
    answer = author.post(address, sent(hurt="NO", still_out="Two at the ford", kit_missing="Rope"))
    assert (answer.status_code, answer["Location"]) == (302, address)
    given = FirstReport.objects.get()
    assert (given.hurt, given.still_out, given.kit_missing) == ("NO", "Two at the ford", "Rope")
    world.look()
    assert "Two at the ford" in world.phone("head")[-1].outgoing.text
    said = text_of(author, address)
    assert "First, outside the seal" not in said
    assert "data-seal" in said
    # Answered elsewhere, it is not asked again; nothing is added by posting here once more.
    author.post(address, sent(hurt="YES"))
    assert FirstReport.objects.count() == 1


def test_the_organisation_says_what_is_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed.with_keys(world, "carer", "head")
    mission, pages = sealed.home(world), Pages(world, monkeypatch)
    author, office = pages.as_("agent"), pages.as_("admin")
    address = f"/missions/{mission.pk}/sealed/"

    report(author, address)

    def asked() -> list[str]:
        return re.findall('data-item="([^"]*)"', text_of(author, address))

    usual = asked()
    assert len(usual) == 5
    new = "/office/form/debrief-items/new/"
    assert "The five usual things are asked for." in text_of(office, "/office/list/debrief-items/")
    for text, place in (("How deep was the snow?", 2), ("Who was cold?", 1)):
        office.post(new, sent(text=text, place=place))
    assert asked() == ["Who was cold?", "How deep was the snow?"]
    said = office.post(new, sent(text=" ", place=1)).content.decode()
    assert "errorlist" in said
    for row in DebriefItem.objects.all():
        office.post(f"/office/act/debrief-items/{row.pk}/", sent(act="end"))
    assert asked() == usual
    assert author.get(new).status_code == 404
    assert verify().difference is None


def test_nothing_is_taken_but_a_sealed_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mission = sealed.home(world)
    keys = sealed.Keys(
        archive=sealed.make_archive(world), own={"head": sealed.make_key(world, "head")}
    )
    made = sealed.sealing(keys, "head", text=PHRASE)
    author = Pages(world, monkeypatch).as_("agent")
    address = f"/missions/{mission.pk}/sealed/give/?archive={made.archive}&reader={made.readers[0]}"

    def give(content: bytes, kind: str = FILE, **more: str) -> tuple[int, str]:
        answer = author.post(address, content, content_type=kind, **more)  # type: ignore[arg-type]
        return answer.status_code, answer.json().get("sentence", "")

    flipped = made.content[:40] + b"\xff" + made.content[41:]
    assert give(PHRASE.encode())[0] == 422
    assert "not sealed" in give(PHRASE.encode(), "text/plain")[1]
    assert "damaged" in give(flipped)[1]
    assert "cut short" in give(made.content[:-9])[1]
    large = give(made.content, HTTP_CONTENT_LENGTH=str(200 * 1024 * 1024))
    assert large[0] == 422
    assert "larger" in large[1]
    assert not SealedText.objects.exists()
    assert give(made.content) == (200, "")
    assert bytes(SealedText.objects.get().content) == made.content


def test_a_leader_who_was_not_chosen_reads_only_that_it_was_given(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = sealed.with_keys(world, "carer", "head")
    mission = sealed.home(world)
    pages = Pages(world, monkeypatch)
    before = text_of(pages.as_("head"), "/sealed/")
    key = sealed.give(world, mission, sealed.sealing(keys, "carer"))
    assert text_of(pages.as_("head"), "/sealed/").count("<li") == before.count("<li")
    for place in ("", "text/", "act/"):
        client, address = pages.as_("head"), f"/sealed/{key}/{place}"
        answer = client.post(address) if place else client.get(address)
        assert answer.status_code == 404, address
    said = text_of(pages.as_("head"), f"/missions/{mission.pk}/")
    assert "The debrief was given" in said
    assert str(key) not in said
    reader = pages.as_("carer")
    assert str(key) in text_of(reader, "/sealed/")
    file = reader.post(f"/sealed/{key}/text/")
    assert rules.problem_with_text(file.content, recipients=2) is None
    (row,) = queries.to_read(world.as_("carer"))
    assert row.delivered_at == world.now
    assert row.opened_at is None


def test_the_hashes_that_are_published_are_those_of_what_is_served(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = text_of(Pages(world, monkeypatch).as_("agent"), "/sealed/how/")
    for name, told in scripts.published():
        content = scripts._where(name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == told
        assert told in said
    page = text_of(Pages(world, monkeypatch).as_("head"), "/sealed/key/")
    for name in scripts.PAGES["key"]:
        assert scripts.integrity(name) in page
