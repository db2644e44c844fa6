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

from homeby.logbook.models import StateRow
from tests.house.tree import ROOT, nothing

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


def test_step_by_step_the_tables_become_those_that_a_new_station_begins_with() -> None:
    """What one step founds anew, and what all the steps that it replaces leave, are one; that the
    databases agree, tests/rooms/test_upgrade.py holds."""
    loader = MigrationLoader(None, ignore_no_migrations=True, replace_migrations=False)
    founding = {key for key, one in loader.disk_migrations.items() if one.replaces}
    assert founding
    steps = [key for key in loader.graph.nodes if key not in founding]
    nothing(missing_migrations(loader.project_state(steps), ProjectState.from_apps(apps)))


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


#: Tables that are no working truth and stand in no entry, each with its reason.
NO_STATE_ROWS = {
    "logbook.Auditor": "a sign of life; each change of its verdict is an entry",
    "logbook.Entry": "the history itself",
    "logbook.EntryBody": "the history itself",
    "logbook.KeptCheckpoint": "hashes over the entries; the replay compares them",
    "logbook.LookLeaf": "hashes over the looks; entries tell their root, the replay compares it",
    "logbook.Read": "a history of its own: a look changes nothing that could be rebuilt",
    "people.LogInTry": "a log-in that was tried changes nothing, and goes with its time",
    "people.LogInLink": "a secret of one hour must not stand in a logbook",
    "watch.AlarmNumber": "a counter; the number stands in the alarm's entry",
    "watch.PartnerInvitation": "a secret of ten minutes must not stand in a logbook",
    "watch.PartnerMark": "each minute of a partner that is well is no history",
    "watch.Watchkeeper": "a sign of life every few seconds is no history",
    "welfare.SearchLook": "up to where the records were read",
    "welfare.TakenIn": "follows from the records alone, and is made again from them",
    "welfare.TeamBase": "followed from records that are erased by now",
    "welfare.TeamState": "follows from the records alone, and is made again from them",
}


def outside_the_logbook(tables: Iterable[type[models.Model]]) -> set[str]:
    """The tables whose rows the logbook does not keep."""
    return {table._meta.label for table in tables if not issubclass(table, StateRow)}


def test_every_table_is_kept_by_the_logbook_or_says_why_not() -> None:
    tables = [table for label in our_apps() for table in apps.get_app_config(label).get_models()]
    assert outside_the_logbook(tables) == set(NO_STATE_ROWS)


def test_what_the_logbook_leaves_out_of_a_row_is_listed_in_the_architecture() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    names = {table.rpartition(".")[2] for table in NO_STATE_ROWS} - {"Entry", "EntryBody"}
    for label in our_apps():
        for table in apps.get_app_config(label).get_models():
            excluded: frozenset[str] = getattr(table, "logbook_excluded", frozenset())
            names |= {f"{table.__name__}.{column}" for column in excluded}
    assert [name for name in sorted(names) if f"`{name}`" not in page] == []
