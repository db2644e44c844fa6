"""Visiting the station's pages in tests: the world's clock, and a browser for each person."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from homeby import clock
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.people.actions import accounts
from homeby.people.models import Account
from homeby.people.rules import STATION
from tests.world import World

PASSWORD = "a long walk home"


class Pages:
    """The pages of a station whose clock is the world's."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        monkeypatch.setattr(clock, "now", lambda: world.now)

    def account(self, who: str) -> Account:
        """The log-in of somebody, made at the first call; its name is `who`."""
        person_id = self.world.people[who]
        found = Account.objects.filter(person_id=person_id).first()
        if found is None:
            accounts.open_account(
                person_id=person_id,
                login=who,
                password=PASSWORD,
                by=STATION,
                now=self.world.now,
                tap=new_tap(),
            )
            found = Account.objects.get(person_id=person_id)
        return found

    def as_(self, who: str) -> Client:
        """A browser in which somebody has logged in just now."""
        client = self.long_in(who)
        session = client.session
        session["proved_at"] = clock.real_now().isoformat()
        session["proved_with"] = {"PASSWORD": clock.real_now().isoformat()}
        session.save()
        return client

    def long_in(self, who: str) -> Client:
        """A browser in which somebody has been logged in for so long that she proves once more who
        she is before an act that opens doors."""
        client = Client()
        client.force_login(self.account(who))
        return client

    def nobody(self) -> Client:
        """A browser in which nobody is logged in."""
        return Client()


def source_of(response: Any) -> str:
    """The source of a page without its marks against forgery and its ids: the letters of a word
    ("Owl", "dead") come up in those by chance, once in some thousand pages."""
    mark = r'name="csrfmiddlewaretoken" value="\w+"'
    key = r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"
    return re.sub(f"{mark}|{key}", "", response.content.decode())


def text_of(response: Any) -> str:
    """What a page says, without its marks and in one line."""
    source = re.sub(r"</?bdi>", "", response.content.decode())
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", source, flags=re.S)
    return " ".join(bare.replace("&#x27;", "'").replace("&quot;", '"').split())


def sent(**fields: Any) -> dict[str, Any]:
    """The fields of a form as a page of ours sends them: with an entry id of its own."""
    return {"entry_id": str(uuid.uuid4()), **fields}


def entries() -> int:
    """How many lines the logbook has, but for the accounts that `Pages` opens; opening a page adds
    none."""
    return Entry.objects.exclude(kind="ACCOUNT_OPENED").count()


def followed(client: Client, response: Any) -> str:
    """The text of the page that a form led to; what was wrong with the form otherwise."""
    assert response.status_code == 302, text_of(response)
    page = client.get(response.headers["Location"])
    assert page.status_code == 200, text_of(page)
    return text_of(page)
