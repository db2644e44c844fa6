"""Every form of the station sent as nobody should send it, by everybody; and each is taken back.

Every route is posted to, with nothing in it and once for each act that a page offered; what comes
back, with its sentences and with what it filled in by itself, is read like any page.
"""

from __future__ import annotations

import copy
import json
import re
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import transaction
from django.test import Client

_ACT = re.compile(r'name="act" value="([\w-]+)"|value="([\w-]+)" name="act"')


class _Back(Exception):
    """Takes back what an answer did."""


@dataclass
class Offered:
    """The acts that somebody was offered, each with the first address where it was."""

    found: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def note(self, who: str, route: str, address: str, text: str) -> None:
        """Remember the buttons of a page."""
        for pair in _ACT.findall(text):
            self.found.setdefault((who, route, pair[0] or pair[1]), address)

    def of(self, who: str) -> Iterator[tuple[str, str, str]]:
        """Route, address and act."""
        for (whose, route, act), address in self.found.items():
            if whose == who:
                yield route, address, act


def sent_badly(client: Client, address: str, act: str = "") -> tuple[Any, str]:
    """The answer to a form with nothing in it but its act, and all that it says; nothing of it
    stays."""
    cookies, client.raise_request_exception = copy.deepcopy(client.cookies), False
    cache.clear()
    body = {"entry_id": str(uuid.uuid4()), **({"act": act} if act else {})}
    sends = partial(client.post, address, body)
    if address.startswith("/api/"):
        sends = partial(client.post, address, json.dumps(body), content_type="application/json")
    try:
        with transaction.atomic():
            response: Any = sends()
            said = [str(one) for one in get_messages(response.wsgi_request)]
            text = b"".join(response).decode("utf-8", "replace") + "\n".join(said)
            raise _Back
    except _Back:
        return response, text
    finally:
        client.cookies, client.raise_request_exception = cookies, True


def posted(
    who: str, client: Client, where: Iterable[tuple[str, str]], offered: Offered
) -> Iterator[tuple[str, str, str, Any, str]]:
    """Who, the route, its address, the answer and its text: for each route once without an act, and
    once for each act that a page offered to them."""
    for name, address in where:
        yield who, name, f"POST {address}", *sent_badly(client, address)
    for name, address, act in offered.of(who):
        yield who, name, f"POST {address} ({act})", *sent_badly(client, address, act)
