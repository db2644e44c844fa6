"""Each column with free text, in a row that is somebody's, is taken out when she is erased, or
stands with its reason in `stays_when_erased.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping

from django.apps import apps
from django.db import models

from homeby.people.actions.retention import REMOVED
from homeby.people.models import Person
from homeby.readiness.actions.forgetting import GONE
from homeby.retention.persons import WORDS
from homeby.welfare.actions.forgetting import GONE as GONE_OF_WELFARE
from tests.house.test_tables import our_apps
from tests.house.tree import ROOT, nothing

TEXTS = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
STAYS = ROOT / "tests" / "house" / "stays_when_erased.toml"


def is_somebodys(table: type[models.Model]) -> bool:
    """Whether a row of this table points to a person, or names one."""
    fields = table._meta.concrete_fields
    return any(one.related_model is Person or one.name == "person_id" for one in fields)


def words(tables: list[type[models.Model]]) -> Iterator[str]:
    """`room.table.column` of each free text in a row of somebody's, or that hangs on such."""
    for table in tables:
        fields = table._meta.concrete_fields
        above = [one.related_model for one in fields if one.is_relation]
        hangs = any(isinstance(one, type) and is_somebodys(one) for one in above)
        if table is Person or not (hangs or is_somebodys(table)):
            continue
        for one in fields:
            if isinstance(one, TEXTS) and not one.choices:
                yield f"{table._meta.label_lower}.{one.attname}"


def unsaid(found: Iterator[str], taken: set[str], stays: Mapping[str, str]) -> list[str]:
    """A sentence for each column that nobody decided on, and for each reason that is no longer
    needed."""
    known = list(found)
    missing = [
        f"{one}: take it out in its room's actions/forgetting.py, or say in stays_when_erased.toml "
        "why it stays."
        for one in known
        if one not in taken and one not in stays
    ]
    idle = [f"{one}: stands in stays_when_erased.toml for nothing." for one in stays
            if one not in known or one in taken]  # fmt: skip
    return missing + idle


def taken_out(tables: list[type[models.Model]]) -> set[str]:
    """What erasing a person takes out: the lists of the rooms, and whole rows."""
    whole: list[type[models.Model]] = [*GONE, *GONE_OF_WELFARE, *REMOVED]
    gone = {one._meta.label_lower for one in whole}
    rows = {one for one in words(tables) if _table(one) in gone}
    return rows | {
        f"{one.table._meta.label_lower}.{column}" for one in WORDS for column in one.blank
    }


def _table(column: str) -> str:
    return column.rpartition(".")[0]


def _ours() -> list[type[models.Model]]:
    return [table for label in our_apps() for table in apps.get_app_config(label).get_models()]


def test_every_word_of_a_person_is_erased_with_her_or_says_why_not() -> None:
    stays = tomllib.loads(STAYS.read_text(encoding="utf-8"))
    reasons = {
        f"{room}.{name}": why for room, names in stays.items() for name, why in names.items()
    }
    nothing(unsaid(words(_ours()), taken_out(_ours()), reasons))


def test_a_word_that_nobody_decided_on_is_noticed() -> None:
    found = ["readiness.dutyperson.note"]
    assert unsaid(iter(found), set(found), {}) == []
    assert unsaid(iter(found), set(), {found[0]: "why"}) == []
    assert len(unsaid(iter(found), set(), {})) == 1
    assert len(unsaid(iter([]), set(), {found[0]: "why"})) == 1
