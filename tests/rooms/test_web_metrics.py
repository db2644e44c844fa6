"""The figures for an operator's programs: right, nobody's, and only for those who may read them."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import pytest
import yaml
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from homeby import clock, settings
from homeby.logbook.models import Entry
from homeby.logbook.rules import new_tap
from homeby.people.actions import proofs
from homeby.people.rules import Act, hash_of
from homeby.watch.actions.awake import looked
from homeby.watch.models import Alarm
from homeby.watch.rules import AlarmKind
from homeby.web.intake.proving import prove
from tests.rooms.devices import claim, kiosk
from tests.rooms.pages import Pages
from tests.world import World

RULES = Path(__file__).parents[2] / "deploy/prometheus/homeby.rules.yml"
SECRET = "a secret of more than twenty-four letters"


@pytest.fixture
def pages(world: World, monkeypatch: pytest.MonkeyPatch) -> Pages:
    return Pages(world, monkeypatch)


def chosen(monkeypatch: pytest.MonkeyPatch, **values: object) -> None:
    changed = settings.current().model_copy(update=values)
    monkeypatch.setattr(settings, "current", lambda: changed)


def ask(headers: dict[str, str] | None = None, host: str = "127.0.0.1", **more: str) -> int:
    environment = {"HTTP_HOST": host, **more}
    answer = Client(headers=headers, **environment).get("/metrics")  # type: ignore[arg-type]
    return answer.status_code


def figures() -> dict[str, float]:
    """Every sample, by its name with its labels as Prometheus writes them."""
    answer = Client().get("/metrics", HTTP_HOST="127.0.0.1:8765")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for one in family.samples:
            labels = ",".join(f"{name}={value}" for name, value in sorted(one.labels.items()))
            found[f"{one.name}{{{labels}}}" if labels else one.name] = one.value
    return found


def test_every_figure_follows_what_happens(world: World, pages: Pages) -> None:
    before = figures()
    assert before["homeby_out_people"] == before["homeby_overdue_parties"] == 0
    assert before["homeby_watch_awake"] == 0
    assert "homeby_watch_last_look_age_seconds" not in before, "nobody ever looked"
    world.send_out("agent", "mate", due_minutes=30)
    world.fast_forward(minutes=40)
    late = figures()
    assert (late["homeby_out_parties"], late["homeby_out_people"]) == (1, 2)
    assert (late["homeby_overdue_parties"], late["homeby_past_call_out_parties"]) == (1, 0)
    assert late["homeby_open_alarms{phase=UNCERTAINTY}"] == 1
    assert late["homeby_open_alarms{phase=DISTRESS}"] == 0
    assert late["homeby_deliveries_last_hour{channel=CONSOLE,state=HANDED}"] >= 3
    newest = Entry.objects.order_by("number").last()
    assert newest is not None
    assert late["homeby_logbook_last_entry_number"] == newest.number > 10
    world.fast_forward(minutes=60)
    worse = figures()
    assert worse["homeby_past_call_out_parties"] == 1
    assert worse["homeby_open_alarms{phase=ALERT}"] == 1
    world.sign_in("agent", "mate", heads=2)
    home = figures()
    assert home["homeby_out_parties"] == home["homeby_overdue_parties"] == 0
    assert sum(home[name] for name in home if "open_alarms" in name) == 0


def test_what_waits_and_what_fails_is_counted(world: World, pages: Pages) -> None:
    world.breaks("head")
    world.send_out("agent", "mate", due_minutes=1)
    world.fast_forward(minutes=20)
    found = figures()
    assert found["homeby_outbox_waiting"] >= 1
    assert found["homeby_failing_contact_points{channel=CONSOLE}"] == 1
    world.now += dt.timedelta(minutes=30)  # and nobody delivers
    assert figures()["homeby_outbox_oldest_waiting_age_seconds"] >= 1800


def test_the_watch_the_auditor_and_the_backup_have_an_age(
    world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chosen(monkeypatch, backup_folder=str(tmp_path))
    assert "homeby_backup_age_seconds" not in figures(), "there is none yet"
    now = clock.real_now()
    looked(name="keeper", real_now=now)
    (tmp_path / ".half-written").write_bytes(b"x")
    whole = tmp_path / "homeby.age"
    whole.write_bytes(b"x")
    os.utime(whole, (now.timestamp() - 7200,) * 2)
    found = figures()
    assert found["homeby_watch_awake"] == 1
    assert 0 <= found["homeby_watch_last_look_age_seconds"] < 60
    assert 7200 <= found["homeby_backup_age_seconds"] < 7300


def test_a_silent_alarm_is_in_no_figure_on_a_wall(world: World, pages: Pages) -> None:
    """`homeby.watch.queries.figures` says why."""
    by = world.as_("agent")
    proofs.set_pin(pin="4711", duress="9027", by=by, now=world.now, tap=new_tap())
    tablet = kiosk(world, acts=(Act.SIGN_IN,))
    world.send_out("agent", "mate")
    coerced = claim(Act.SIGN_IN, pin="9027", callsign="Fox")
    tablet.send(*prove((coerced,), hash_of(tablet.key)))
    assert Alarm.objects.get(state="OPEN").kind == AlarmKind.DURESS
    found = figures()
    assert [found[name] for name in found if "open_alarms" in name] == [0, 0, 0]


def test_nothing_in_them_is_about_a_person(world: World, pages: Pages) -> None:
    world.breaks("head")
    mission = world.send_out("agent", "mate", due_minutes=1)
    world.fast_forward(minutes=20)
    text = Client().get("/metrics", HTTP_HOST="localhost").content.decode()
    tokens = ["by name", "Fox", "Owl", "Head", "North woods", "Patrol", str(mission.pk), "Village"]
    tokens += [str(one) for one in world.people.values()]
    assert [one for one in tokens if one.lower() in text.lower()] == []
    for label in re.findall(r'=\s*"([^"]*)"', text):
        assert re.fullmatch(r"[A-Z_]{2,20}|SQLite|PostgreSQL|[0-9.]+", label), label


def test_how_many_questions_it_asks_does_not_grow(world: World, pages: Pages) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        figures()
    world.send_out("agent")
    world.send_out("mate")
    world.fast_forward(minutes=5)
    with CaptureQueriesContext(connection) as more:
        figures()
    assert len(more) <= len(few) + 2
    assert len(more) <= 20


@pytest.mark.parametrize(
    ("headers", "host", "more"),
    [
        ({}, "127.0.0.1", {"REMOTE_ADDR": "192.0.2.7"}),
        ({}, "127.0.0.1", {"REMOTE_ADDR": ""}),
        ({}, "127.0.0.1", {"REMOTE_ADDR": "not an address"}),
        ({"X-Forwarded-For": "192.0.2.7"}, "127.0.0.1", {}),
        ({"Forwarded": "for=192.0.2.7"}, "localhost", {}),
        ({"Via": "1.1 proxy"}, "localhost", {}),
        ({"X-Forwarded-Proto": "https"}, "localhost", {}),
        ({"Authorization": f"Bearer {SECRET}"}, "testserver", {}),
    ],
)
def test_without_a_token_only_this_machine_itself_reads(
    pages: Pages, headers: dict[str, str], host: str, more: dict[str, str]
) -> None:
    assert ask(headers, host, **more) == 403
    assert ask() == ask(host="[::1]:8765", REMOTE_ADDR="::1") == 200
    assert ask(REMOTE_ADDR="::ffff:127.0.0.1") == 200


def test_with_a_token_file_only_the_token_opens(
    pages: Pages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "token"
    chosen(monkeypatch, metrics_token_file=file)
    right = {"Authorization": f"Bearer {SECRET}"}
    assert ask(right) == 403, "there is no file"
    for bad in ("", "\n", "short", "x" * 5000):
        file.write_text(bad)
        assert ask({"Authorization": f"Bearer {bad.strip()}"}) == 403
    file.write_text(SECRET + "\n")
    far = {"REMOTE_ADDR": "192.0.2.7"}
    assert ask(right, "testserver", **far) == 200
    assert ask(REMOTE_ADDR="127.0.0.1") == 403, "this machine alone opens nothing any more"
    for wrong in ("", "Bearer", "Bearer x", f"Basic {SECRET}", f"Bearer {SECRET}x", "Bearer é"):
        assert ask({"Authorization": wrong}, **far) == 403
    assert Client().post("/metrics", HTTP_HOST="127.0.0.1", headers=right).status_code == 405


def test_the_rules_for_prometheus_know_these_figures(world: World, pages: Pages) -> None:
    """No Prometheus is here to read them: they are parsed, and their figures exist."""
    answer = Client().get("/metrics", HTTP_HOST="127.0.0.1").content.decode()
    names = {one.name for one in text_string_to_metric_families(answer)}
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    alerts = [rule["alert"] for rule in group["rules"]]
    assert len(alerts) == len(set(alerts)) >= 10
    used = set()
    for rule in group["rules"]:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule
        assert rule["expr"].count("(") == rule["expr"].count(")")
        assert set(rule["annotations"]) == {"summary", "what_to_do"}
        assert rule["labels"]["urgency"] in ("now", "soon")
        used |= set(re.findall(r"homeby_\w+", rule["expr"]))
    assert used <= names, used - names
    assert {"homeby_watch_awake", "homeby_auditor_agrees", "homeby_backup_age_seconds"} <= used
