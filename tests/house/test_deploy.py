"""What a station is run by: units for systemd, a container file. No systemd and no container engine
runs in these tests; the files are read by systemd's own parser where it is installed, and by ours.
"""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from homeby.cli import app

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
CONTAINER = ROOT / "deploy/container"
FENCED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "StateDirectory": "homeby",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "User": "homeby",
}


class _Unit(configparser.RawConfigParser):
    def __init__(self, path: Path) -> None:
        super().__init__(strict=False, interpolation=None, delimiters=("=",))
        self.optionxform = str  # type: ignore[assignment,method-assign]
        self.read_string(path.read_text(encoding="utf-8"))


def services() -> list[Path]:
    return [path for path in UNITS if path.suffix == ".service"]


def test_the_station_is_started_again_whatever_happens() -> None:
    unit = _Unit(ROOT / "deploy/systemd/homeby.service")
    service = unit["Service"]
    assert (service["Restart"], unit["Unit"]["StartLimitIntervalSec"]) == ("always", "0")
    assert (service["Type"], service["NotifyAccess"]) == ("notify", "main")
    assert int(service["WatchdogSec"]) >= 20
    assert unit["Install"]["WantedBy"] == "multi-user.target"


def test_every_service_may_do_no_more_than_it_must() -> None:
    assert len(services()) == 2
    for path in services():
        service = _Unit(path)["Service"]
        assert {name: service.get(name) for name in FENCED} == FENCED, path.name
        assert "root" not in service["User"]


def test_the_units_start_commands_that_exist() -> None:
    known = {one.name or one.callback.__name__ for one in app.registered_commands if one.callback}
    started = {_Unit(path)["Service"]["ExecStart"].split(" -m homeby ")[1] for path in services()}
    assert started == {"run", "backup --keep 14"}
    assert "run" in known
    timer = _Unit(ROOT / "deploy/systemd/homeby-backup.timer")
    assert timer["Timer"]["Persistent"] == "yes"
    assert (ROOT / "deploy/systemd/homeby-backup.service").exists()


def test_systemd_itself_reads_them_without_a_complaint(tmp_path: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        for path in UNITS:  # then they are at least files of sections and values
            assert _Unit(path).sections()
        return
    for path in UNITS:
        text = path.read_text(encoding="utf-8")
        text = text.replace("/srv/homeby/.venv/bin/python", sys.executable)
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    found = subprocess.run(
        [tool, "verify", "--man=no", *(str(tmp_path / path.name) for path in UNITS)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (found.returncode, found.stderr) == (0, "")


def instructions() -> list[tuple[str, str]]:
    text = (CONTAINER / "Containerfile").read_text(encoding="utf-8")
    whole = re.sub(r"\\\n\s*", " ", re.sub(r"(?m)^#.*\n", "", text))
    found = [line.partition(" ") for line in whole.splitlines() if line.strip()]
    return [(word, rest.strip()) for word, _, rest in found]


def test_the_container_runs_as_nobody_in_particular_from_pinned_libraries() -> None:
    told = instructions()
    words = [word for word, _ in told]
    assert words.count("FROM") == 2, "what installs the libraries does not run the station"
    assert [rest for word, rest in told if word == "USER"] == ["10001:10001"]
    installs = [rest for word, rest in told if word == "RUN" and "pip" in rest]
    assert all("--require-hashes" in rest and "--no-deps" in rest for rest in installs)
    assert len(installs) == 1
    assert "ADD" not in words, "nothing is fetched past the hashes"
    assert not [rest for word, rest in told if word == "FROM" and rest.endswith(":latest")]
    (healthy,) = [rest for word, rest in told if word == "HEALTHCHECK"]
    assert "/healthz" in healthy
    assert ("CMD", '["run"]') in told


def test_only_what_the_container_needs_is_sent_to_its_engine() -> None:
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [rest.split()[0] for word, rest in instructions()
              if word == "COPY" and not rest.startswith("--from")]  # fmt: skip
    assert kept[0] == "*"
    assert [one[1:] for one in kept if one.startswith("!")] == ["homeby", "requirements/run.txt"]
    assert sorted(copied) == ["homeby", "requirements/run.txt"]
    assert all((ROOT / one).exists() for one in copied)


def test_nothing_in_the_container_may_be_written_but_the_stations_folder() -> None:
    told = yaml.safe_load((CONTAINER / "compose.yaml").read_text(encoding="utf-8"))
    (station,) = told["services"].values()
    assert station["read_only"] is True
    assert (station["cap_drop"], station["user"]) == (["ALL"], "10001:10001")
    assert station["security_opt"] == ["no-new-privileges:true"]
    assert station["restart"] == "always"
    assert station["volumes"] == ["station:/var/lib/homeby"]
    assert all(port.startswith("127.0.0.1:") for port in station["ports"])


@pytest.mark.parametrize("path", [*UNITS, *CONTAINER.iterdir()], ids=lambda path: path.name)
def test_no_secret_and_no_place_of_ours_stands_in_them(path: Path) -> None:
    text = path.read_text(encoding="utf-8").lower()
    assert not re.search(r"password=|secret=|token=|/tmp/\w+/|docker\.io|ghcr", text), path.name
