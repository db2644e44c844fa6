"""One way to do each act of one's programs, for the tests that do it twice."""

from __future__ import annotations

from collections.abc import Callable

from homeby.comms.actions import webhooks
from homeby.logbook.rules import new_tap
from homeby.people.actions import tokens
from homeby.people.rules import Right
from tests.promises.repeating_people import Act, call
from tests.world import World

TOKEN = tokens.TokenFields(name="a map", rights=(Right.READ_MISSIONS,), days=30)
WEBHOOK = webhooks.WebhookFields(
    name="a map", address="https://example.org/", kinds=("MISSION_BACK",), secret="s" * 20
)


def _make(world: World) -> Act:
    return call(world, tokens.make_token, by="agent", fields=TOKEN, key_hash="0" * 64)


def _revoke(world: World) -> Act:
    tap = new_tap()
    _make(world)(tap)
    return call(world, tokens.revoke_token, by="admin", token_id=tap.entry_id)


def _add(world: World) -> Act:
    return call(world, webhooks.add_webhook, by="agent", fields=WEBHOOK)


def _end(world: World) -> Act:
    tap = new_tap()
    _add(world)(tap)
    return call(world, webhooks.end_webhook, by="admin", webhook_id=tap.entry_id)


PROGRAMS: dict[str, Callable[[World], Act]] = {
    "people.tokens.make_token": _make,
    "people.tokens.revoke_token": _revoke,
    "comms.webhooks.add_webhook": _add,
    "comms.webhooks.end_webhook": _end,
}
