"""The schema of the API: docs/reference holds what the code does, and names every answer."""

from __future__ import annotations

import json

from homeby.station import reference
from homeby.web.api.urls import schema_text


def test_the_schema_is_in_step() -> None:
    made = {"openapi.json": schema_text()}
    assert reference.differences(made=made, folder=reference.FOLDER) == []


def test_every_operation_names_its_token_and_every_answer_has_one_body() -> None:
    found = json.loads(schema_text())
    assert found["openapi"].startswith("3.1")
    operations = [
        (f"{method} {path}", one)
        for path, methods in found["paths"].items()
        for method, one in methods.items()
    ]
    assert len(operations) >= 17
    for name, one in operations:
        assert one["security"], name
        assert {"200", "401", "403", "422", "503"} <= set(one["responses"]), name
        wrong = {
            json.dumps(answer["content"])
            for status, answer in one["responses"].items()
            if status != "200"
        }
        assert wrong == {
            json.dumps(
                {"application/json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}
            )
        }, name


def test_what_brings_somebody_home_has_no_limit() -> None:
    paths = json.loads(schema_text())["paths"]
    free = {
        path
        for path, methods in paths.items()
        if "post" in methods and "429" not in methods["post"]["responses"]
    }
    assert {path.rpartition("/")[2] for path in free} == {"check-in", "help", "sign-in"}
