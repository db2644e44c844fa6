"""What never comes as far as an operation has the API's one body too."""

from __future__ import annotations

import json

import pytest

from homeby.web.shell import pages
from tests.rooms.asgi_client import Call, World, play

API = "/api/v1/sign-in"


def test_half_a_body_and_too_much_of_one_are_told_to_a_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pages, "MOST_BODY_BYTES", 1000)

    async def scene(world: World) -> None:
        length = [(b"content-length", b"100")]
        half = await Call(API, method="POST", body=[b"half"], headers=length).to(world.shell)
        large = await Call(API, method="POST", body=[b"x" * 1500]).to(world.shell)
        for found, status, code in ((half, 400, "NOT_UNDERSTOOD"), (large, 413, "TOO_LARGE")):
            body = json.loads(found.text)
            assert (found.status, body["code"], body["fields"]) == (status, code, [])
            assert set(body) == {"code", "sentence", "what_to_do", "fields"}

    play(scene)
