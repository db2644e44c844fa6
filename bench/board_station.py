"""The board of a station with many people out: filled, looked at, and beside its limits.

The many rows go past the Book: they are the crowd that the board shows. What is measured is the
whole way of a page through Django: log-in, roles, what is new, rows, frame.
"""

from __future__ import annotations

import datetime as dt
import functools
import statistics
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings as django_settings
from django.db import transaction
from django.template.loader import get_template
from django.test import Client
from django.utils.html import escape

from bench import seed
from homeby import clock
from homeby.logbook.rules import new_tap
from homeby.missions import queries as missions
from homeby.missions.actions import gate
from homeby.missions.models import Mission, PartyMember
from homeby.missions.rules import MemberState, MissionState
from homeby.people import queries as people
from homeby.people.models import Account, Person
from homeby.people.rules import PersonKind
from homeby.watch import queries as watch
from homeby.watch.models import Deadline, Subject
from homeby.watch.rules import DeadlineKind, DeadlineState
from homeby.web.board import strips
from homeby.web.board.kept import ALL_WHO_WATCH

BATCH = 1000


def send_out(*, out: int) -> dict[str, Any]:
    """Found the station and send this many people out, each on a mission of their own."""
    now, began = clock.now(), time.perf_counter()
    seed.found(people=1, hook="http://127.0.0.1:9/hook", now=now)
    plan = watch.default_plan(DeadlineKind.RETURN)
    assert plan is not None
    with transaction.atomic():
        for begin in range(0, out, BATCH):
            _send_out(range(begin, min(begin + BATCH, out)), plan_id=plan.id, now=now)
    seed.settle()
    return {"seconds": time.perf_counter() - began}


def _send_out(numbers: range, *, plan_id: uuid.UUID, now: dt.datetime) -> None:
    walkers = [
        Person(name=f"Walker {n}", callsign=f"Marmot {n}", kind=PersonKind.HUMAN) for n in numbers
    ]
    out = []
    for number, person in zip(numbers, walkers, strict=True):
        due_at = now + dt.timedelta(hours=4, seconds=2 * number)
        out.append(
            Mission(
                state=MissionState.OUT,
                what="Patrol along the ridge",
                place=f"Sector {number % 97}, north woods",
                leader=person,
                zone="Europe/Zurich",
                is_solo=True,
                due_at=due_at,
                call_out_at=due_at + dt.timedelta(hours=1),
                out_at=now - dt.timedelta(hours=1),
                heard_at=now - dt.timedelta(minutes=20),
            )
        )
    Person.objects.bulk_create(walkers)
    Mission.objects.bulk_create(out)
    PartyMember.objects.bulk_create(
        PartyMember(mission=one, person=one.leader, state=MemberState.OUT, out_at=one.out_at)
        for one in out
    )
    _expect(out, plan_id=plan_id, now=now)


def _expect(out: list[Mission], *, plan_id: uuid.UUID, now: dt.datetime) -> None:
    """What the watch knows of them."""
    subjects = [
        Subject(
            ref=one.ref,
            title=one.leader.shown_as,
            place=one.place,
            zone=one.zone,
            party=[str(one.leader_id)],
            leader_id=one.leader_id,
            due_at=one.due_at,
        )
        for one in out
    ]
    Subject.objects.bulk_create(subjects)
    Deadline.objects.bulk_create(
        Deadline(
            subject=subject,
            kind=DeadlineKind.RETURN,
            plan_id=plan_id,
            due_at=one.due_at or now,
            call_out_at=one.call_out_at or now,
            state=DeadlineState.OPEN,
            act_at=one.due_at,
        )
        for subject, one in zip(subjects, out, strict=True)
    )


def _client() -> Client:
    django_settings.ALLOWED_HOSTS = ["127.0.0.1"]
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(Account.objects.get(login=seed.FOUNDED.login))
    return client


def _each(act: Callable[[], Any], times: int) -> list[float]:
    """The processor time of each of some runs, in milliseconds."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        act()
        spent.append((time.process_time() - began) * 1000)
    return spent


def looked_at(*, rounds: int, unchanged: int) -> dict[str, Any]:
    """The processor time, in ms, of the whole page, of the unchanged board and of telling a change,
    by turns with limits over the same rows."""
    client = _client()
    cold = _each(lambda: client.get("/board/"), 1)[0]
    found: dict[str, list[float]] = {name: [] for name in ("page", "unchanged", "news", *LIMITS)}
    page = client.get("/board/")
    assert page.status_code == 200
    now = clock.now()
    out = [strips.strip(row, now=now) for row in missions.board(ALL_WHO_WATCH, now=now)]
    assert page.content.count(b"data-key=") == len(out), "everybody who is out is on the page"
    pieces = [b"x" * (len(page.content) // len(out))] * len(out)
    for _ in range(rounds):
        before = client.get("/board/rows/")  # whatever has changed by the clock is told here
        found["page"] += _each(lambda: client.get("/board/"), 1)
        found["join"] += _each(lambda: b"".join(pieces), 1)
        found["format"] += _each(lambda: _by_format(out), 1)
        again = functools.partial(_unchanged, client, before.headers["ETag"])
        found["unchanged"].append(statistics.median(_each(again, unchanged)))
        _check_in(uuid.UUID(str(out[0].mission_id)))
        news = functools.partial(_news, client, before.headers["X-Homeby-Version"])
        found["news"] += _each(news, 1)
    found["template"] += _each(lambda: _by_template(out, now), 1)
    return {"cold": cold, "bytes": len(page.content), "rows": len(out), **found}


LIMITS = ("join", "format", "template")


def _unchanged(client: Client, etag: str) -> None:
    answer = client.get("/board/rows/", headers={"if-none-match": etag})
    assert answer.status_code == 304


def _news(client: Client, since: str) -> None:
    told = client.get("/board/rows/", {"since": since}).json()
    assert len(told["rows"]) == 1


def _check_in(mission_id: uuid.UUID) -> None:
    """One of them is heard, by the action that the gate uses."""
    walker = PartyMember.objects.get(mission_id=mission_id).person_id
    now = clock.now()
    by = people.viewer_for(walker, now=now)
    gate.check_in(mission_id=mission_id, by=by, now=now, tap=new_tap())


def _by_format(out: list[strips.Strip]) -> bytes:
    """The same facts by `str.format` and `escape`: a lean row without a template."""
    row = '<tr data-key="{}" class="row-{}"><td>{}<td><a href="/missions/{}/">{}</a> {}<td>{}<td>{}'
    return "".join(
        row.format(
            one.mission_id,
            one.phase,
            one.phase,
            one.mission_id,
            escape(one.label),
            escape(one.where),
            one.due_at,
            one.last_heard_at,
        )
        for one in out
    ).encode()


def _by_template(out: list[strips.Strip], now: dt.datetime) -> None:
    """Each row by Django's template, as before rows were kept."""
    template = get_template("board/_row.html")
    for one in out:
        template.render({"row": one, "zone": "Europe/Zurich", "now": now})
