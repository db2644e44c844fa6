"""What an attack stands on: the village, its pages and programs, the door of its devices, and a
note of everything that was tried and what it won."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from homeby.comms.models import Message
from homeby.missions.actions.intake import Batch, Trouble, take
from homeby.missions.models import Mission
from homeby.missions.rules.intake import Answer, Claim
from homeby.people.rules import hash_of
from homeby.watch.models import Alarm
from homeby.web.intake.proving import prove
from homeby.web.intake.reading import read
from tests.rooms.api_client import Program, Programs
from tests.rooms.pages import Pages, sent, text_of
from tests.world import World


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One way that was tried; `won` says what it brought, and is empty where it held."""

    what: str
    won: str


@dataclass
class Ground:
    """The village as an attacker meets it."""

    world: World
    pages: Pages
    programs: Programs
    tried: list[Tried] = field(default_factory=list)

    @classmethod
    def of(cls, world: World, patch: pytest.MonkeyPatch) -> Ground:
        """With nobody limited yet."""
        cache.clear()
        return cls(world, Pages(world, patch), Programs(world, patch))

    def note(self, what: str, won: str | bool = "") -> None:
        """Write down what was tried."""
        self.tried.append(Tried(what=what, won=("yes" if won is True else won or "")))

    def log_in(self, who: str, *, proved: bool = True) -> Browser:
        """The log-in of somebody in a browser; `proved`: she has just typed her password."""
        return Browser(self.pages.as_(who) if proved else self.pages.long_in(who))

    def program(self, who: str) -> Program:
        """A personal token with every right."""
        return self.programs.of(who)

    def says(self, key: str, act: str, **more: Any) -> Answer:
        """One entry at the door of the devices, through its reader, the judge of PINs and the
        intake, as `POST /intake/v1/entries` does; `Answer` is what the device is told."""
        (answer,) = self.say_all(key, [{"act": act, **more}])
        assert isinstance(answer, Answer), answer
        return answer

    def say_all(self, key: str, entries: list[dict[str, Any]]) -> list[Answer] | list[str]:
        """Several at once; sentences where nothing of them was taken."""
        body = json.dumps({"entries": [sent_as(one) for one in entries]}).encode()
        claims = tuple(one for one in read(body, now=self.world.now) if isinstance(one, Claim))
        key_hash = hash_of(key) if key else ""
        batch = Batch(claims=prove(claims, key_hash), key_hash=key_hash, language="en",
                      now=self.world.now)  # fmt: skip
        (result,) = take([batch])
        return [str(result.sentence)] if isinstance(result, Trouble) else result


def sent_as(entry: dict[str, Any]) -> dict[str, Any]:
    """An entry as a device writes it: with an id of its own, ids as text."""
    more = {name: str(value) for name, value in entry.items() if name in ("id", "mission")}
    return {"id": sent()["entry_id"], **entry, **more}


@dataclass(frozen=True)
class Browser:
    """A browser with a log-in, or with none."""

    client: Client

    def reads(self, address: str) -> str:
        """What a page says; nothing where it is not there."""
        answer = self.client.get(address, follow=True)
        return text_of(answer) if answer.status_code == 200 else ""

    def posts(self, address: str, **fields: Any) -> str:
        """Send a form, and read the page that follows."""
        return text_of(self.client.post(address, sent(**fields), follow=True))


def nobody() -> Browser:
    """A browser without a log-in."""
    return Browser(Client())


# --- what would have been won --------------------------------------------------------------------


def quiet(mission: Mission) -> str:
    """What somebody has who wants nobody to look for a party: it counts as home, or as heard of,
    or its alarm is over."""
    now = Mission.objects.get(pk=mission.pk)
    if str(now.state) != "OUT":
        return f"it counts as {now.state}"
    if now.heard_at != mission.heard_at:
        return "it counts as heard of"
    over = Alarm.objects.filter(subject__ref=mission.ref).exclude(state="OPEN").exists()
    return "its alarm is over" if over else ""


def later(mission: Mission, told: Callable[[], bool]) -> str:
    """Whether a party is expected later than it was, and it and the watch do not know it."""
    now = Mission.objects.get(pk=mission.pk)
    moved = now.due_at != mission.due_at or now.call_out_at != mission.call_out_at
    return "its return is moved and nobody knows" if moved and not told() else ""


def all_told(world: World, words: str, *who: str) -> bool:
    """Whether each of them was written a message whose head or text has these words."""
    found = {
        row.person_id
        for row in Message.objects.filter(person_id__in=[world.people[one] for one in who])
        if words in f"{row.subject} {row.text}"
    }
    return found == {world.people[one] for one in who}
