"""The method by which passwords are hashed can be replaced: what was hashed by an older one opens
the log-in still, and is hashed by the newer from then on."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache

from tests.rooms.pages import PASSWORD, Pages
from tests.world import World

OLDER = "django.contrib.auth.hashers.MD5PasswordHasher"
NEWER = "django.contrib.auth.hashers.ScryptPasswordHasher"


def test_a_password_of_an_older_method_opens_and_is_hashed_by_the_newer(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    cache.clear()
    pages = Pages(world, monkeypatch)
    account = pages.account("head")
    assert account.password.startswith("md5$"), "a hash bears its method"
    settings.PASSWORD_HASHERS = [NEWER, OLDER]
    for _time in (1, 2):
        client = pages.nobody()
        client.post("/log-in/", {"username": "head", "password": PASSWORD})
        assert client.get("/me/").status_code == 200
        account.refresh_from_db()
        assert account.password.startswith("scrypt$")
