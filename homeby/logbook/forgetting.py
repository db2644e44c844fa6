"""Erasing many bodies at once: by a rule of retention, or for one person who asked.

A body is erased together with its salt; its leaf stays, so the checkpoint stays what it was. One
entry a batch says which bodies, and which columns they had set, without a value. What of the rows
they touched is no text (ids, times, numbers, choices) is stated anew in that entry, so that
`homeby verify` compares it from then on; texts are unknown to it until they are set again
(docs/decisions/0019).
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
import re
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.functions import Coalesce

from homeby.logbook import rules
from homeby.logbook.actions import Page, empty, image, tracked_columns, writing
from homeby.logbook.models import Entry, EntryBody, StateRow

BATCH = 50
LOOKED_AT_ONCE = 500
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: About nobody: bodies of canaries, drills and tests hold nothing of a person.
_ABOUT_NOBODY = ('"CANARY"', '"EXERCISE"', '"TEST"')


@dataclass(frozen=True, kw_only=True)
class Forgetting:
    """What is forgotten. `blank`: by table and column, what stands there afterwards. An entry whose
    body set one of these columns is erased; with `every_body`, each whose kind is so declared.
    `aged`: by table, by which instant a row is old, of several by the first that is set; its
    columns are blanked though its body may have been erased by another rule before, and not while
    that instant is young. `ending`: tables of which a row without that instant is not over, and
    keeps its words. `is_care`: it is told by an entry that no office reads, for that there was
    something would tell of somebody; bodies of sealed words are erased, too."""

    name: str
    blank: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    aged: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ending: Collection[str] = ()
    every_body: bool = False
    is_care: bool = False

    @property
    def kind(self) -> str:
        """The kind of the entry that tells of it."""
        return rules.CARE_ERASED if self.is_care else rules.ENTRIES_ERASED

    @property
    def erases(self) -> frozenset[rules.Erasure]:
        """Of which kinds of entries it erases bodies."""
        sealed = {rules.Erasure.SHRED_KEY} if self.is_care else set()
        return frozenset({rules.Erasure.ERASE_BODY, *sealed})


@dataclass(frozen=True, kw_only=True)
class Reach:
    """Which entries are looked at: recorded before an instant; about one person, or (`mentions`)
    with her id in their bodies, or (`rows`) that set what is forgotten in one of these rows,
    whomever they are about. Where it is a person's, only her own rows are blanked."""

    before: dt.datetime | None = None
    person_id: uuid.UUID | None = None
    mentions: bool = False
    rows: Collection[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Words:
    """Words in a table that are a person's: by which lookup a row is hers, and what stands there
    once she is erased."""

    table: type[StateRow]
    blank: Mapping[str, Any]
    of: str = "person_id"

    def of_hers(self, person_id: uuid.UUID) -> models.QuerySet[Any]:
        """The rows that are hers, by a lookup that may pass through other tables."""
        rows = self.table._default_manager
        return rows.filter(pk__in=rows.filter(**{self.of: person_id}).values("pk")).order_by("pk")


def blank_words(page: Page, words: Collection[Words], person_id: uuid.UUID) -> None:
    """Blank, as part of an entry, all of these words that are hers."""
    for one in words:
        filled = one.of_hers(person_id).exclude(**one.blank)
        for row in filled.select_for_update(of=("self",)):
            page.change(row, **one.blank)


def remove_rows(page: Page, tables: Mapping[type[StateRow], str], person_id: uuid.UUID) -> None:
    """Remove, as part of an entry, her rows of these tables, each by the lookup that says whose a
    row is, in this order."""
    for table, of in tables.items():
        rows = table._default_manager.filter(**{of: person_id}).order_by("pk")
        for row in rows.select_for_update(of=("self",)):
            page.remove(row)


def forget_words(
    words: Collection[Words],
    person_id: uuid.UUID,
    *,
    spared: Spared,
    by: uuid.UUID | None,
    now: dt.datetime,
) -> None:
    """Erase each body that ever set such words in a row of hers, whomever its entry is about. The
    rows are blank by then."""
    for label in sorted({one.table._meta.label_lower for one in words}):
        own = [one for one in words if one.table._meta.label_lower == label]
        blank = {name: value for one in own for name, value in one.blank.items()}
        rows = {str(row.pk) for one in own for row in one.of_hers(person_id).only("pk")}
        if rows:
            rule = Forgetting(name="PERSON", blank={label: blank})
            reach = Reach(person_id=person_id, rows=rows)
            forget(rule, reach, spared=spared, by=by, now=now)


Spared = Callable[[], set[str]]


def count(rule: Forgetting, reach: Reach, *, spared: Spared) -> int:
    """How many bodies would be erased now."""
    return sum(1 for _one in _due(rule, reach, spared()))


def _no_rest() -> None:
    """Somebody waits for it: on to the next batch at once."""


def forget(
    rule: Forgetting,
    reach: Reach,
    *,
    spared: Spared,
    by: uuid.UUID | None,
    now: dt.datetime,
    rest: Callable[[], None] = _no_rest,
) -> int:
    """Erase what is due, batch by batch, each a commit of its own; gives how many bodies. `spared`
    gives the ids (missions, alarms, messages …) that are still in use: no body that names one is
    erased. It is asked anew in each batch. What is due is looked for before a batch begins to
    write, so that nobody waits for the search; `rest` is called between two commits."""
    done = 0
    due = _due(rule, reach, spared())
    while found := [number for number, _rows in itertools.islice(due, BATCH)]:
        with writing(now=now, by=by, device="retention") as book:
            bodies = dict(_due(rule, reach, spared(), among=found))  # what is in use by now stays
            if bodies:
                page = book.entry(rule.kind, subject="entries", person=reach.person_id)
                _erase_in(page, bodies, rule, reach)
        done += len(bodies)
        rest()
    if reach.before is not None:
        for label in rule.aged:
            _blank_aged(rule, label, reach.before, spared, by=by, now=now, rest=rest)
    return done


def _dated(rule: Forgetting, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
    """These rows with the instant by which each is old, as `aged_at`."""
    several = rule.aged[rows.model._meta.label_lower]
    instant = Coalesce(*several) if len(several) > 1 else models.F(several[0])
    found: models.QuerySet[Any] = rows.alias(aged_at=instant)
    return found


def _blank_aged(  # noqa: PLR0913 - which rows, by whom, and who else is waiting
    rule: Forgetting,
    label: str,
    before: dt.datetime,
    spared: Spared,
    *,
    by: uuid.UUID | None,
    now: dt.datetime,
    rest: Callable[[], None],
) -> None:
    blank, table = rule.blank[label], apps.get_model(label)
    rows = _dated(rule, table._default_manager.exclude(**blank)).filter(aged_at__lt=before)
    rows = rows.order_by("pk")
    after = None
    while True:
        ahead = rows if after is None else rows.filter(pk__gt=after)
        keys = list(ahead.values_list("pk", flat=True)[:LOOKED_AT_ONCE])
        if not keys:
            return
        after = keys[-1]
        with writing(now=now, by=by, device="retention") as book:
            portion = list(rows.filter(pk__in=keys).select_for_update(of=("self",)))
            kept = spared()
            due = [row for row in portion if _is_due(row, kept)]
            if due:
                page = book.entry(rule.kind, subject="entries")
                page.state(rule=rule.name, bodies={}, columns=[])
                for row in due:
                    _blank(page, row, blank)
        rest()


def _is_due(row: models.Model, spared: set[str]) -> bool:
    """Whether nothing in use is this row, or what it points to, also by a text (`mission:<id>`)."""
    values = [getattr(row, one.attname) for one in row._meta.concrete_fields]
    is_about_nobody = f'"{getattr(row, "kind", "")}"' in _ABOUT_NOBODY
    return not is_about_nobody and spared.isdisjoint(_ID.findall(str(values)))


def _blank(page: Page, row: StateRow, blank: Mapping[str, Any]) -> None:
    """With all of the row that is no text: a reader of the logbook alone (the auditor) sees from it
    that the row is settled, though earlier words about it are gone."""
    stays = {name: getattr(row, name) for name in no_text(type(row)) if name not in ("id", *blank)}
    page.change(row, **blank, **stays)


Bodies = dict[int, list[list[Any]]]


def _due(
    rule: Forgetting, reach: Reach, spared: set[str], *, among: Collection[int] | None = None
) -> Iterator[tuple[int, list[list[Any]]]]:
    """Number and rows of each body that is due, in order; read in portions."""
    found, after = _within(rule, reach), 0
    if among is not None:
        found = found.filter(pk__in=among)
    while portion := list(
        found.filter(pk__gt=after).order_by("pk").values_list("pk", "body")[:LOOKED_AT_ONCE]
    ):
        for number, text in portion:
            if (rows := _judged(rule, reach, str(text), spared)) is not None:
                yield number, rows
        after = portion[-1][0]


def _within(rule: Forgetting, reach: Reach) -> models.QuerySet[EntryBody]:
    kinds = [one.name for one in rules.KINDS.values() if one.erase in rule.erases]
    found = EntryBody.objects.filter(body__isnull=False, entry__kind__in=kinds)
    if reach.before is not None:
        found = found.filter(entry__recorded_at__lt=reach.before)
    if reach.rows is not None:
        pass  # any entry may have set them; which did is seen in its body
    elif reach.person_id is not None and reach.mentions:
        found = found.filter(body__contains=str(reach.person_id))
    elif reach.person_id is not None:
        found = found.filter(entry__person_id=reach.person_id)
    if rule.every_body:
        return found
    wanted = models.Q()
    for label in rule.blank:
        wanted |= models.Q(body__contains=f'"{label}"')
    return found.filter(wanted)


def _judged(rule: Forgetting, reach: Reach, text: str, spared: set[str]) -> list[list[Any]] | None:
    """The rows of a body that is due; None of one that is not."""
    if any(word in text for word in _ABOUT_NOBODY) or not spared.isdisjoint(_ID.findall(text)):
        return None
    rows: list[list[Any]] = json.loads(text)["rows"]
    sets = any(
        set(rule.blank.get(table, ())) & values.keys()
        for _change, table, key, values in rows
        if reach.rows is None or key in reach.rows
    )
    return rows if sets or rule.every_body else None


def _erase_in(page: Page, bodies: Bodies, rule: Forgetting, reach: Reach) -> None:
    """Erase these bodies as part of an entry: say what they had set, state anew what is no text,
    and blank what the rule names."""
    columns: list[list[str]] = []
    told: dict[str, list[list[Any]]] = {}
    touched: dict[str, set[str]] = {}
    for number, rows in bodies.items():
        told[str(number)] = []
        for change, table, key, values in rows:
            names = sorted(values)
            if names not in columns:
                columns.append(names)
            told[str(number)].append([change, table, key, columns.index(names)])
            touched.setdefault(table, set()).add(key)
    entries = Entry.objects.filter(pk__in=bodies)
    held = {str(entry.number): rules.columns_hash(entry) for entry in entries}
    page.state(rule=rule.name, bodies=told, columns=columns, held=held)
    for table, keys in sorted(touched.items()):
        rows = apps.get_model(table)._default_manager.filter(pk__in=keys)
        blank = rule.blank.get(table, {})
        _settle(page, rows, blank, only=reach.person_id, young=_young(rule, reach, table, rows))
    empty(page, bodies)


def _young(rule: Forgetting, reach: Reach, table: str, rows: models.QuerySet[Any]) -> set[Any]:
    """Which of these rows keep their words though an old entry touched them."""
    if reach.before is None or table not in rule.aged:
        return set()
    young = models.Q(aged_at__gte=reach.before)
    if table in rule.ending:
        young |= models.Q(aged_at__isnull=True)
    return set(_dated(rule, rows).filter(young).values_list("pk", flat=True))


def _settle(
    page: Page,
    rows: models.QuerySet[Any],
    blank: Mapping[str, Any],
    *,
    only: uuid.UUID | None,
    young: Collection[Any],
) -> None:
    restated = page.body.setdefault("restated", [])
    label, names = rows.model._meta.label_lower, no_text(rows.model)
    for row in rows.select_for_update().order_by("pk"):
        assert isinstance(row, StateRow), "only state rows stand in entries"
        is_hers = only is None or getattr(row, "person_id", None) == only
        is_due = is_hers and row.pk not in young
        if is_due and any(getattr(row, name) != value for name, value in blank.items()):
            _blank(page, row, blank)
        restated.append([label, str(row.pk), image(row, names)])


def no_text(table: type[models.Model]) -> list[str]:
    """The columns of a table that hold no free text: ids, times, numbers, truths, choices."""
    texts = (models.CharField, models.TextField, models.BinaryField, models.JSONField)
    kept = set(tracked_columns(table))
    return [
        one.attname
        for one in table._meta.concrete_fields
        if one.attname in kept and (one.choices or not isinstance(one, texts))
    ]
