"""The intake as it really runs: key, real HTTP by granian, one commit; then the rows are read."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.rooms.intake_http import AT_ONCE, BAD


def test_a_key_a_post_and_the_rows(founded_environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.rooms.intake_http"],
        env=founded_environment
        | {"DJANGO_SETTINGS_MODULE": "homeby.django_settings", "HOMEBY_ALLOW_UNSAFE_DATABASE": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    for name in BAD:
        status, told = found["bad"][name]
        assert 400 <= status < 500, (name, status, told)
        said = told.get("sentence") or told["answers"][0]["sentence"]
        assert said.endswith("."), (name, said)
    status, told = found["first"]
    assert (status, told["answers"][0]["taken"]) == (200, "counted")
    status, again = found["again"]
    assert (status, again["answers"][0]["taken"]) == (200, "again")
    assert again["answers"][0]["first"] == "counted"
    assert again["answers"][0]["sentence"] == told["answers"][0]["sentence"]
    status, told = found["mixed"]
    assert [one["taken"] for one in told["answers"]] == ["counted", "refused", "again"]
    status, told = found["1901"]
    assert "newer news" in told["answers"][0]["sentence"]
    assert found["at once"] == [[200, "counted"]] * AT_ONCE
    status, told = found["revoked"]
    assert told["answers"][0]["taken"] == "unverified"
    assert found["rows"] == {
        "check_ins": 3 + AT_ONCE,
        "sequence": 1,
        "heard": True,
        "open": ["CHECK_IN", "RETURN"],
        "unverified": 1,
        "difference": None,
    }
