"""No leader, administrator or team-mate learns from any response or count that a concern exists:
each page, file, program's answer and message is the same, byte for byte, with and without one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from homeby.logbook.rules import new_tap
from homeby.people.actions import kept
from homeby.people.rules import Role
from homeby.people.rules_private import Kept
from homeby.welfare.actions import concerns, steps
from homeby.welfare.actions.steps import Writing
from homeby.welfare.rules.concerns import ConcernKind, NoteKind
from tests.promises.caring import concern_of, give, with_officers
from tests.rooms.pages import Pages
from tests.world import World

WATCHING = ("head", "admin", "mate")
#: Made anew with each answer; `data-after` stands for the last entry of any kind.
CHANCE = re.compile(
    r'(csrfmiddlewaretoken" value|nonce)="?[\w-]+|'
    r'data-(after|live-rows)="[\w-]+"|'
    r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
)
ADDRESSES = (
    "/me/", "/help/", "/welfare/", "/board/", "/calendar/", "/office/",
    "/office/person/{agent}/", "/office/messages/", "/office/logbook/", "/office/watch/",
    "/welfare/{concern}/", "/help/{concern}/",
)  # fmt: skip


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    with_officers(world)
    give(world, "mate", Role.LEADER, world.team_id)
    return Pages(world, monkeypatch)


def seen(pages: Pages, concern: str) -> dict[tuple[str, str], tuple[int, str]]:
    """What each of them is answered, but for what is made by chance."""
    found = {}
    for who in WATCHING:
        client = pages.as_(who)
        for address in ADDRESSES:
            at = address.format(agent=pages.world.people["agent"], concern=concern)
            answer: Any = client.get(at)
            body = answer.getvalue() if answer.streaming else answer.content
            plain = CHANCE.sub("", body.decode()).replace(concern, "")
            found[who, address] = (answer.status_code, plain)
    return found


def neutral(pages: Pages, count: int) -> None:
    """As many entries that are nobody's business, by somebody else."""
    carer, now = pages.world.as_("carer"), pages.world.now
    for number in range(count):
        said = {"address": f"House {number}"}
        kept.write_down(kept=Kept.HOME, values=said, by=carer, now=now, tap=new_tap())


def test_each_answer_is_the_same_with_and_without_one(pages: Pages) -> None:
    world = pages.world
    seen(pages, "00000000-0000-4000-8000-000000000000")  # accounts are opened by the first look
    neutral(pages, 1)
    before = seen(pages, "00000000-0000-4000-8000-000000000000")
    one = concern_of(world, ConcernKind.OWN_WORD, words="Left out", by="agent")
    carer = world.as_("carer")
    concerns.take(concern_id=one.pk, by=carer, now=world.now, tap=new_tap())
    writing = Writing(kind=NoteKind.ASKED, words="How are you?")
    steps.write(concern_id=one.pk, writing=writing, by=carer, now=world.now, tap=new_tap())
    after = seen(pages, str(one.pk))
    changed = [key for key in before if before[key] != after[key]]
    assert changed == []
    assert sum(code == 200 for code, _text in after.values()) > 15
    assert pages.as_("carer").get(f"/welfare/{one.pk}/").status_code == 200
