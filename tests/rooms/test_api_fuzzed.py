"""The API against its own schema: whatever is sent, never a 5xx, never an answer that the schema
does not name. `HOMEBY_TEST_API_EXAMPLES=500` makes a long run of it."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from homeby.watch import queries as watch
from homeby.web.api.urls import schema_text
from homeby.wsgi import application
from tests.rooms.api_client import Programs
from tests.world import World

EXAMPLES = int(os.environ.get("HOMEBY_TEST_API_EXAMPLES", "3"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def one_line() -> Iterator[None]:
    """Requests of this test share its connection, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.once
@pytest.mark.usefixtures("one_line")
@pytest.mark.timeout(max(120, EXAMPLES * 10))
def test_every_operation_keeps_to_the_schema(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mission = world.send_out("agent", due_minutes=5)
    world.fast_forward(minutes=6)
    programs = Programs(world, monkeypatch)
    head = programs.of("head")
    known = {
        "mission_id": str(mission.pk),
        "alarm_id": str(watch.open_alarms(world.as_("head"))[0].pk),
        "person_id": str(world.people["agent"]),
    }
    schema = schemathesis.openapi.from_dict(json.loads(schema_text()))
    schema.app = application
    chance, sent = random.Random(1), 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            phases=[Phase.generate],
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def send(case: schemathesis.Case) -> None:
            nonlocal sent
            sent += 1
            programs.seconds += 1  # the bucket fills again
            for name in case.path_parameters:
                if chance.random() < 0.7:
                    case.path_parameters[name] = known[name]
            response = case.call(headers=head.headers)
            case.validate_response(response, checks=CHECKS)

        send()
    assert sent >= 17 * min(EXAMPLES, 2)
