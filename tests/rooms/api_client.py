"""Programs of the village: each calls the API with a token of its person."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from homeby import clock
from homeby.logbook.rules import new_tap
from homeby.people.actions import tokens
from homeby.people.rules import Right, hash_of
from homeby.web.api.limits import Buckets
from tests.world import World


@dataclass
class Program:
    """A program of somebody, with its token."""

    token: str
    token_id: uuid.UUID
    browser: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> Any:
        """Ask for something; the answer with `.json()`."""
        return self.browser.get(f"/api/v1/{path}", query, headers=self.headers)

    def items(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """The items of the first page of a list."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def post(self, path: str, entry_id: uuid.UUID | None = None, **body: Any) -> Any:
        """Do an act, under a fresh id unless one is given."""
        return self.raw(path, json.dumps({"entry_id": str(entry_id or uuid.uuid4()), **body}))

    def raw(self, path: str, body: str | bytes, kind: str = "application/json") -> Any:
        """Send these bytes."""
        return self.browser.post(f"/api/v1/{path}", body, content_type=kind, headers=self.headers)

    @property
    def headers(self) -> dict[str, str]:
        """What every request carries."""
        return {"Authorization": f"Bearer {self.token}"}


class Programs:
    """The API of a station whose clock is the world's, with full buckets."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world = world
        self.seconds = 0.0
        self.buckets = Buckets()
        monkeypatch.setattr(clock, "now", lambda: world.now)
        monkeypatch.setattr(clock, "boot_seconds", lambda: self.seconds)
        monkeypatch.setattr("homeby.web.api.caller.buckets", self.buckets)

    def of(self, who: str, *rights: Right, days: int = 90) -> Program:
        """A program of somebody, with these rights or with all."""
        token, tap = tokens.new_token(), new_tap()
        fields = tokens.TokenFields(name="a program", rights=rights or tuple(Right), days=days)
        tokens.make_token(
            fields=fields,
            key_hash=hash_of(token),
            by=self.world.as_(who),
            now=self.world.now,
            tap=tap,
        )
        return Program(token=token, token_id=tap.entry_id)

    def revoke(self, program: Program, *, by: str) -> str:
        """Revoke its token."""
        return tokens.revoke_token(
            token_id=program.token_id, by=self.world.as_(by), now=self.world.now, tap=new_tap()
        )

    def at(self, *, minutes: float) -> str:
        """An instant so many minutes from now, as a program writes it."""
        return (self.world.now + dt.timedelta(minutes=minutes)).isoformat()
