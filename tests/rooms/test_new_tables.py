"""A first start renders each new table alone, and comes to the tables that Django comes to."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps.registry import Apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from homeby.database import new_tables


def _rendered(apps: Apps) -> dict[str, Any]:
    """Of each model its columns, what points to it, and what it demands."""
    return {
        model._meta.label: (
            sorted(
                (field.name, type(field).__name__, str(field.related_model))
                for field in model._meta.get_fields(include_hidden=True)
            ),
            [one.deconstruct() for one in (*model._meta.constraints, *model._meta.indexes)],
        )
        for model in apps.get_models(include_auto_created=True)
    }


@pytest.mark.once  # no table is touched
def test_the_models_after_all_steps_are_those_that_django_renders_at_once() -> None:
    loader = MigrationLoader(None)
    state, rounds = ProjectState(real_apps=loader.unmigrated_apps), 0
    assert state.apps is not None, "rendered from here on, as while a database is migrated"
    with new_tables.added_alone():
        for key in loader.graph._generate_plan(loader.graph.leaf_nodes(), at_end=True):
            state = loader.graph.nodes[key].mutate_state(state, preserve=False)
            rounds += 1
    assert rounds > 50
    assert "apps" in state.__dict__
    whole = ProjectState(models=state.models, real_apps=state.real_apps).apps
    assert _rendered(state.apps) == _rendered(whole)


def test_outside_of_a_start_django_renders_as_ever() -> None:
    theirs = ProjectState.add_model
    with new_tables.added_alone():
        assert ProjectState.add_model is not theirs
    assert ProjectState.add_model is theirs
