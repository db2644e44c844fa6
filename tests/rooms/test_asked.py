"""A question asked again gives what its queryset would give, whatever is put in."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.db import DatabaseError, transaction

from homeby.comms.models import Delivery
from homeby.database.asked import KEYS_MOST, NOW, OTHER, Asked, AskedOf, together
from homeby.people.models import ContactPoint, Person, RoleHeld
from homeby.watch.models import Alarm, Deadline, Subject
from tests.world import World

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def out(world: World) -> World:
    """A party is overdue."""
    world.send_out("agent", "mate", due_minutes=10)
    world.fast_forward(minutes=20)
    return world


def test_rows_are_those_of_the_queryset(world: World) -> None:
    asked = AskedOf(lambda keys: Person.objects.filter(pk__in=keys).order_by("pk"))
    people = list(Person.objects.order_by("pk"))
    for count in (1, 2, 3, len(people)):
        found = asked.rows([one.pk for one in people[:count]])
        assert found == people[:count]
        assert [vars(one) | {"_state": 0} for one in found] == [
            vars(one) | {"_state": 0} for one in people[:count]
        ], "every column is read as Django reads it"
    assert all(one._state.db == "default" and not one._state.adding for one in found)


def test_no_keys_ask_nothing(world: World, django_assert_num_queries: object) -> None:
    asked = AskedOf(lambda keys: Person.objects.filter(pk__in=keys))
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert asked.rows([]) == []


def test_more_keys_than_fit_are_asked_in_parts(world: World) -> None:
    asked = AskedOf(lambda keys: Person.objects.filter(pk__in=keys))
    strangers = [uuid.uuid4() for _ in range(2 * KEYS_MOST)]
    known = list(Person.objects.values_list("pk", flat=True))
    found = asked.rows([*known[:1], *strangers, *known[1:]])
    assert sorted(one.pk for one in found) == sorted(known)


def test_texts_are_keys_too(world: World) -> None:
    asked = AskedOf(
        lambda names: Person.objects.filter(name__in=names).values_list("name"), of_texts=True
    )
    name = Person.objects.values_list("name", flat=True)[0]
    assert asked.rows([name, "nobody", "'; --"]) == [(name,)]


def test_a_moment_is_put_in_at_each_asking(world: World) -> None:
    asked = Asked(lambda: RoleHeld.objects.filter(from_at__lte=NOW + MINUTE).values_list("pk"))
    first_at = min(RoleHeld.objects.values_list("from_at", flat=True))
    assert asked.rows(now=first_at - 2 * MINUTE) == []
    assert not asked.any(now=first_at - 2 * MINUTE)
    assert asked.rows(now=first_at - MINUTE)
    assert asked.any(now=first_at)


def test_three_moments_are_told_apart(world: World) -> None:
    at = world.now
    asked = Asked(
        lambda: RoleHeld.objects.filter(
            from_at__lte=NOW, to_at__gt=OTHER[0], to_at__lte=OTHER[1] - MINUTE
        ).values_list("pk")
    )
    held = RoleHeld.objects.all()[:1].get()
    RoleHeld.objects.filter(pk=held.pk).update(from_at=at, to_at=at + 10 * MINUTE)
    before, after = at + 9 * MINUTE, at + 11 * MINUTE
    assert asked.rows(now=at, others=(before, after)) == [(held.pk,)]
    assert asked.rows(now=at, others=(after, after)) == []
    assert asked.rows(now=at, others=(before, after - dt.timedelta(seconds=1))) == []


def test_related_rows_come_along(out: World, django_assert_num_queries: object) -> None:
    asked = AskedOf(
        lambda keys: Alarm.objects.filter(pk__in=keys).select_related("subject").order_by("pk")
    )
    wanted = list(Alarm.objects.select_related("subject").order_by("pk"))
    found = asked.rows([one.pk for one in wanted])
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert [one.subject.party for one in found] == [one.subject.party for one in wanted]
        assert [one.subject for one in found] == [one.subject for one in wanted]


def test_columns_left_out_are_read_when_they_are_wanted(out: World) -> None:
    asked = Asked(lambda: Subject.objects.only("ref"))
    (found,) = asked.rows()
    assert found.get_deferred_fields() >= {"party", "title"}
    assert found.party == Subject.objects.get().party


def test_sealed_bytes_and_instants_are_read_as_ever(out: World) -> None:
    points = AskedOf(lambda keys: ContactPoint.objects.filter(pk__in=keys).order_by("pk"))
    wanted = list(ContactPoint.objects.order_by("pk"))
    found = points.rows([one.pk for one in wanted])
    assert [bytes(one.address_sealed) for one in found] == [
        bytes(one.address_sealed) for one in wanted
    ]
    first = Asked(lambda: Delivery.objects.order_by("next_try_at").values_list("next_try_at")[:1])
    assert first.instant() == Delivery.objects.order_by("next_try_at")[0].next_try_at
    assert (
        Asked(lambda: Deadline.objects.filter(pk=uuid.uuid4()).values_list("act_at")).instant()
        is None
    )


def test_questions_asked_together_give_what_each_would_give(out: World) -> None:
    """Their answers come in the order of the questions, and a column is read as ever."""
    of_subjects = AskedOf(lambda keys: Subject.objects.filter(ref__in=keys), of_texts=True)
    points = AskedOf(lambda keys: ContactPoint.objects.filter(pk__in=keys).order_by("pk"))
    first = Asked(lambda: RoleHeld.objects.filter(from_at__lte=NOW).order_by("pk")[:1])
    refs = list(Subject.objects.values_list("ref", flat=True))
    keys = list(ContactPoint.objects.values_list("pk", flat=True))
    subjects, found, (role,) = together(
        [of_subjects.question(refs), points.question(keys), first.question(now=out.now)]
    )
    assert subjects == of_subjects.rows(refs)
    assert [bytes(one.address_sealed) for one in found] == [
        bytes(one.address_sealed) for one in points.rows(keys)
    ]
    assert [role] == first.rows(now=out.now)


def test_one_wrong_question_among_others_is_an_error_of_the_database(out: World) -> None:
    roles = Asked(lambda: RoleHeld.objects.order_by("pk")[:1])
    wrong = Asked(lambda: RoleHeld.objects.extra(where=["no_such_column = 1"])[:1])
    with pytest.raises(DatabaseError), transaction.atomic():
        together([roles.question(), wrong.question(), roles.question()])
    assert together([roles.question()])[0] == roles.rows()
