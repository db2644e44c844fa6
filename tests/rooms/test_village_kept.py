"""The village that tests begin in is the one that the acts build, whether it was kept or not."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import transaction

from homeby.logbook.models import Entry, EntryBody
from homeby.logbook.verification import verify
from homeby.people import private
from homeby.people.models import ContactPoint
from homeby.people.rules import Purpose
from tests.village_kept import village
from tests.world import World


def everything() -> dict[str, Any]:
    """Each row of each table of ours, but for the number that the database gives an entry."""
    own = [one for one in apps.get_models() if one.__module__.startswith("homeby.")]
    found: dict[str, Any] = {}
    for model in own:
        rows = list(model._base_manager.order_by("pk").values())
        for row in rows:
            row.pop({Entry: "number", EntryBody: "entry_id"}.get(model, ""), None)
        found[model.__name__] = rows
    return found


@pytest.mark.django_db
def test_put_back_it_is_as_built_and_the_logbook_agrees() -> None:
    seen = []
    for make in (village, village, World().build):
        with transaction.atomic():
            world = make()
            seen.append(everything())
            verdict = verify()
            assert (verdict.difference, verdict.entries) == (None, Entry.objects.count())
            points = list(ContactPoint.objects.values_list("pk", flat=True))
            opened = private.addresses(points, purpose=Purpose.DELIVER)
            assert set(opened.values()) == set(world.people)
            world.add("one more")
            transaction.set_rollback(True)
    first, put_back, built = seen
    assert put_back == first
    assert [*map(len, built.values())] == [*map(len, first.values())]
