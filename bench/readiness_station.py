"""The skill matrix and "who can go?" among many people, with pages and a database.

The crowd goes past the Book by bulk inserts and stands in no entry: what is timed reads rows only.
Half of the crowd's skills are held, a tenth of these have lapsed. Each has so many outings behind
her, each with its release, and as many shifts, the last of them still ahead (`outings`).
"""

from __future__ import annotations

import datetime as dt
import random
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Model
from django.test import Client

from bench import seed
from homeby import clock, settings
from homeby.logbook.rules import new_tap
from homeby.missions.actions import plan
from homeby.missions.models import Mission, PartyMember
from homeby.missions.queries.who import viewer_for
from homeby.missions.rules import MemberState, MissionState, PlanTimes
from homeby.people.actions import accounts, persons, teams
from homeby.people.models import Account, Person
from homeby.people.rules import STATION, Role
from homeby.readiness.actions import catalogue
from homeby.readiness.models import Duty, DutyPerson, Holding, Qualification, Release
from homeby.readiness.queries import matrix
from homeby.readiness.queries.days import today
from homeby.readiness.rules.duty_planning import DutyType
from homeby.readiness.rules.kinds_of_rest import Standing
from homeby.readiness.shipped import shipped_files
from homeby.station import initialise, start

HOUR = dt.timedelta(hours=1)
NEEDS = ("SRTL", "MEDR", "DRVR")


def filled(*, people: int, skills: int, outings: int) -> dict[str, Any]:
    """An organisation with the shipped catalogue, and this many people by this many skills, with
    this many outings and shifts each."""
    began = time.perf_counter()
    start.prepare(settings=settings.current())
    initialise.set_up(seed.FOUNDED, now=clock.now())
    catalogue.load(files=shipped_files(), by=STATION, now=clock.now(), tap=new_tap())
    crowd = [Person(name=f"Member {n}", callsign=f"M{n:05}") for n in range(people)]
    Person.objects.bulk_create(crowd, batch_size=1000)
    keys = [*NEEDS, *Qualification.objects.exclude(key__in=NEEDS).values_list("key", flat=True)]
    rows = list(Qualification.objects.filter(key__in=keys[:skills]))
    chance, day = random.Random(6), today(now=clock.now())
    held = (
        Holding(
            person=person,
            qualification=row,
            from_date=day - dt.timedelta(days=400),
            through_date=day + dt.timedelta(days=chance.randint(-80, 720)),
        )
        for person in crowd
        for row in rows
        if chance.random() < 0.5
    )
    Holding.objects.bulk_create(held, batch_size=5000)
    _busy(crowd, outings, now=clock.now())
    seed.settle()
    return {"seconds": time.perf_counter() - began, "holdings": Holding.objects.count()}


def _busy(crowd: list[Person], outings: int, *, now: dt.datetime) -> None:
    """An outing and a shift of four hours each every four days, so that most are rested; the last
    shift is in three days, so that the rules look in both directions."""
    for number in range(outings):
        begins = now - dt.timedelta(days=4 * number + 1)
        mission = Mission(
            state=MissionState.BACK, what="Search", leader=crowd[0], zone="Europe/Zurich",
            due_at=begins + 6 * HOUR, out_at=begins, back_at=begins + 4 * HOUR,
        )  # fmt: skip
        duty = Duty(
            kind=DutyType.SHIFT, what="Day shift", zone="Europe/Zurich", group_id=mission.pk,
            starts_at=begins + 104 * HOUR, ends_at=begins + 108 * HOUR,
        )  # fmt: skip
        mission.save(force_insert=True)
        duty.save(force_insert=True)
        for model, rows in _rows(crowd, mission, duty, begins=begins):
            model._default_manager.bulk_create(rows, batch_size=2000)


def _rows(
    crowd: list[Person], mission: Mission, duty: Duty, *, begins: dt.datetime
) -> Iterator[tuple[type[Model], list[Any]]]:
    out, back = begins, begins + 4 * HOUR
    yield (
        PartyMember,
        [
            PartyMember(
                mission=mission, person=one, state=MemberState.BACK, out_at=out, back_at=back
            )
            for one in crowd
        ],
    )
    yield Release, [
        Release(
            person=one, mission_id=mission.pk, began_at=out, released_at=back + HOUR / 2,
            released_by_id=crowd[0].pk, is_fit=True, stands=Standing.RESTING,
        )
        for one in crowd
    ]  # fmt: skip
    yield DutyPerson, [DutyPerson(duty=duty, person=one, picked_at=out) for one in crowd]


def looked_at(*, rounds: int) -> dict[str, Any]:
    """Milliseconds for the question and for the page of the matrix, and of "who can go?", each by
    the clock on the wall and of the processor."""
    now = clock.now()
    officer, account = _officer(now)
    viewer = viewer_for(officer, now=now)
    tap = new_tap()
    fields = plan.PlanFields(
        party=(officer,),
        leader_id=officer,
        what="Search",
        place="North woods",
        zone="Europe/Zurich",
        times=PlanTimes(due_at=now + dt.timedelta(hours=9)),
        device="radio",
    )
    plan.plan(fields=fields, by=viewer, now=now, tap=tap)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    asked = "&".join(f"need-{n}={key}" for n, key in enumerate(NEEDS))
    pages = {
        "the page of the matrix": "/skill-matrix/",
        "the page of who can go": f"/missions/{tap.entry_id}/who-can-go/?{asked}",
    }

    def who() -> None:
        question = matrix.asked_for(viewer, tap.entry_id, NEEDS, now=now)
        assert question is not None, "the mission was planned"
        matrix.who_can(viewer, question, now=now)

    found = {
        "the question of the matrix": _timed(lambda: matrix.matrix(viewer, now=now), rounds),
        "the question of who can go": _timed(who, rounds),
    }
    for name, address in pages.items():
        found[name] = _timed(lambda at=address: _opened(client, at), rounds)  # type: ignore[misc]
    return found


def _officer(now: dt.datetime) -> tuple[uuid.UUID, Account]:
    tap = new_tap()
    persons.add_person(name="Officer", callsign="Officer", by=STATION, now=now, tap=tap)
    for role in (Role.DUTY_OFFICER, Role.LEADER):
        teams.give_role(person_id=tap.entry_id, role=role, by=STATION, now=now, tap=new_tap())
    accounts.open_account(
        person_id=tap.entry_id, login="officer", password=None, by=STATION, now=now, tap=new_tap()
    )
    return tap.entry_id, Account.objects.get(person_id=tap.entry_id)


def _opened(client: Client, address: str) -> None:
    answer = client.get(address, headers={"host": "127.0.0.1"})
    assert answer.status_code == 200, (address, answer.status_code)


def _timed(do: Callable[[], object], rounds: int) -> list[tuple[float, float]]:
    """By the clock on the wall, and of this processor."""
    taken = []
    for _ in range(rounds + 1):
        began, worked = time.perf_counter(), time.process_time()
        do()
        taken.append((1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)))
    return taken[1:]  # the first one makes plans and fills caches
