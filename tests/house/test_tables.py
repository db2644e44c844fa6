"""Every table has a visibility filter and its migration."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import models
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState

from tests.house.tree import nothing

Filters = Mapping[type[models.Model], Any]


def our_apps() -> list[str]:
    """The names of our applications, by their labels."""
    return [app.label for app in apps.get_app_configs() if app.name.startswith("homeby.")]


def without_filter(tables: Iterable[type[models.Model]], filters: Filters) -> list[str]:
    """A sentence for each table that nobody filters."""
    return [
        f"{table._meta.label}: add it to VISIBLE in its room's queries."
        for table in tables
        if not callable(filters.get(table))
    ]


def test_every_table_has_a_visibility_filter() -> None:
    problems = []
    for label in our_apps():
        app = apps.get_app_config(label)
        tables = [table for table in app.get_models() if not table._meta.proxy]
        if tables:
            queries = importlib.import_module(f"{app.name}.queries")
            problems += without_filter(tables, queries.VISIBLE)
    nothing(problems)


def test_a_table_without_a_filter_is_noticed() -> None:
    table = apps.get_model("logbook", "Entry")
    assert without_filter([table], {table: lambda viewer: None}) == []
    assert len(without_filter([table], {})) == 1
    assert len(without_filter([table], {table: None})) == 1


def missing_migrations(before: ProjectState, after: ProjectState) -> list[str]:
    """A sentence for each change of a table that no migration makes."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    detector = MigrationAutodetector(
        before, after, NonInteractiveMigrationQuestioner(specified_apps=set(our_apps()))
    )
    changes = detector.changes(graph=loader.graph)
    return [
        f"{label}: {operation.describe()}: no migration does this yet (makemigrations)."
        for label in our_apps()
        for migration in changes.get(label, [])
        for operation in migration.operations
    ]


def test_every_table_has_its_migration() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    nothing(missing_migrations(loader.project_state(), ProjectState.from_apps(apps)))


def test_no_migration_is_written_twice_from_the_same_place() -> None:
    """Two branches that each add a migration meet here, and not at somebody's station."""
    conflicts = MigrationLoader(None, ignore_no_migrations=True).detect_conflicts()
    nothing([f"{label}: two migrations follow the same one: {n}" for label, n in conflicts.items()])


def test_a_table_without_its_migration_is_noticed() -> None:
    state = ProjectState.from_apps(apps)
    changed = state.clone()
    changed.add_model(
        ModelState("logbook", "Sample", fields=[("id", models.BigAutoField(primary_key=True))])
    )
    assert missing_migrations(state, state.clone()) == []
    assert len(missing_migrations(state, changed)) == 1
