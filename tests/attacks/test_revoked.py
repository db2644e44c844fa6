"""Whatever was revoked is dead within five seconds, in every process (`RELIABILITY.md` 13): the key
of a telephone, a kiosk, a log-in, a personal token, the page of one of the kin, a role.

Each is used first, so that a process which remembered it would remember it. Then it is revoked on
the real page, and what that wrote is taken back and written by hand into the tables: so the process
that is asked afterwards has taken no part in it and was told of nothing, like any other process.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.test import Client

from homeby.people.models import Account, Device, Kin, PersonalToken, RoleHeld
from homeby.people.rules import Act, MayKnow
from tests.attacks.ground import Ground
from tests.promises.kin_pages import link_of, wait_at_home
from tests.rooms.devices import kiosk, phone_of
from tests.rooms.pages import sent
from tests.world import World

LIMIT_SECONDS = 5
#: Where the acts below write what ends a key, a log-in, a token, a link or a role.
WRITTEN = (Device, PersonalToken, Account, Session, Kin, RoleHeld)
Rows = dict[tuple[type[models.Model], Any], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Key:
    """Something that opens: whether it does now, and the form that ends it."""

    works: Callable[[], bool]
    by: Client
    address: str
    fields: dict[str, str]


class _Back(Exception):
    """Takes what was done back."""


def _rows() -> Rows:
    found: Rows = {}
    for model in WRITTEN:
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._default_manager.values(*names):
            found[model, row[model._meta.pk.attname]] = row
    return found


def _elsewhere(act: Callable[[], object]) -> int:
    """Have another process do it: what it changed in the tables is changed, and no code of ours
    was told. How many rows that were."""
    before = _rows()
    try:
        with transaction.atomic():
            act()
            after = _rows()
            raise _Back
    except _Back:
        pass
    changed = 0
    for (model, key), row in before.items():
        found = model._default_manager.filter(pk=key)
        if (model, key) not in after:
            found._raw_delete(found.db)
            changed += 1
        elif after[model, key] != row:
            found.update(**after[model, key])
            changed += 1
    return changed


def _works(client: Client, address: str) -> Callable[[], bool]:
    return lambda: client.get(address).status_code == 200


def _keys(here: Ground) -> Iterator[tuple[str, Key]]:
    world, admin = here.world, here.log_in("admin").client
    mission = world.send_out("agent", "mate", due_minutes=600)
    phone, tablet = phone_of(world, "agent"), kiosk(world, acts=(Act.SIGN_OUT, Act.SIGN_IN))
    own = here.log_in("agent").client
    counts = ("counted", "again")
    yield "the key of a telephone", Key(
        works=lambda: here.says(phone.key, "check_in", mission=mission.pk).taken in counts,
        by=own, address=f"/office/act/devices/{phone.id}/", fields={"act": "revoke"},
    )  # fmt: skip
    thief = Client(headers={"Authorization": f"Bearer {tablet.key}"})
    yield "the key of a kiosk", Key(
        works=_works(thief, "/kiosk/state"),
        by=here.log_in("guard").client, address=f"/office/act/devices/{tablet.id}/",
        fields={"act": "revoke"},
    )  # fmt: skip
    yield "a log-in", Key(
        works=_works(here.log_in("agent").client, "/me/"),
        by=own, address="/me/log-in/ended/", fields={},
    )  # fmt: skip
    program = here.program("agent")
    yield "a personal token", Key(
        works=lambda: program.get("missions").status_code == 200,
        by=admin, address=f"/me/programs/{program.token_id}/act/", fields={"act": "revoke"},
    )  # fmt: skip
    kin = wait_at_home(world, MayKnow.UNIT)
    page = link_of(kin)
    yield "the page of one of the kin", Key(
        works=_works(Client(), page),
        by=here.log_in("agent").client, address=f"/office/act/kin/{kin}/",
        fields={"act": "withdraw"},
    )  # fmt: skip
    role = RoleHeld.objects.get(person_id=world.people["guard"]).pk
    yield "a role", Key(
        works=_works(here.log_in("guard").client, "/board/"),
        by=admin, address=f"/office/act/roles/{role}/", fields={"act": "end"},
    )  # fmt: skip


@pytest.mark.once
def test_whatever_is_revoked_is_dead_within_five_seconds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = Ground.of(world, monkeypatch)
    for what, key in _keys(here):
        assert key.works(), what
        assert key.works(), f"{what}: the second time it might be remembered"
        form = sent(**key.fields)
        assert _elsewhere(lambda: key.by.post(key.address, form)) > 0, what  # noqa: B023
        here.programs.seconds += LIMIT_SECONDS
        world.now += dt.timedelta(seconds=LIMIT_SECONDS)
        assert not key.works(), f"{what} works {LIMIT_SECONDS} seconds after it was revoked"
