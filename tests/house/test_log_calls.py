"""Logs are about nobody: every call hands over a sentence of the code, and no person."""

from __future__ import annotations

import pytest

from tests.house import log_calls
from tests.house.tree import Source, nothing, sources


def test_no_log_call_is_about_somebody() -> None:
    found = sources("homeby")
    assert sum(1 for source in found for _ in log_calls.calls(source)) > 30
    nothing(log_calls.problems(found))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('log.error(f"no {name}")', "whole"),
        ('log.error("no " + name)', "whole"),
        ("logger.error(error)", "whole"),
        ('log.error("no %s", person_id)', "person"),
        ('self._log.info("sent to %s", contact.address)', "address"),
    ],
)
def test_a_call_that_could_tell_is_noticed(text: str, says: str) -> None:
    (problem,) = log_calls.problems([Source(path="homeby/x.py", text=text)])
    assert says in problem


def test_a_call_that_cannot_passes() -> None:
    text = 'log.exception("a look of %s failed", alarm)\nmath.log(person)\ncatalog.info(name)'
    assert log_calls.problems([Source(path="homeby/x.py", text=text)]) == []
