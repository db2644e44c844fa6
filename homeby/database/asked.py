"""Questions that the watch asks again and again: Django makes their SQL once.

Asking by a queryset costs five to ten times what the database needs for the answer, and the watch
does little else. A question here is that queryset, made once with stand-ins: the present moment
(`NOW`, also with something added to it), up to two `OTHER` moments and the keys of a list are put
in at each asking. What comes back is what the queryset would give: rows of its model, or tuples.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db import connection, connections, models
from django.db.models.base import ModelState
from django.db.models.query import ModelIterable, get_related_populators

#: Stands for the present moment in the queryset of a question; the others for two more.
NOW = dt.datetime(1900, 1, 1, tzinfo=dt.UTC)
OTHER = (dt.datetime(1902, 1, 1, tzinfo=dt.UTC), dt.datetime(1904, 1, 1, tzinfo=dt.UTC))
_AROUND = dt.timedelta(days=300)
Moments = tuple[dt.datetime | None, ...]
KEYS_MOST = 1024


@dataclass(frozen=True)
class _AtMoment:
    """Where one of the moments comes (the present is the first), and what is added to it."""

    place: int
    ahead: dt.timedelta


@dataclass(frozen=True)
class _AtKey:
    """Where a key of the list comes; `as_hex` where the database keeps ids as text."""

    place: int
    as_hex: bool


@dataclass(frozen=True)
class _Statement:
    """The SQL of a question, and how its rows are read."""

    sql: str
    params: tuple[Any, ...]
    compiler: Any
    of_objects: bool
    converters: tuple[tuple[int, Any, Any, Any], ...]

    @classmethod
    def of(cls, queryset: models.QuerySet[Any, Any], keys: Sequence[Any]) -> _Statement:
        """Let Django make it."""
        compiler = queryset.query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        places = {key: _AtKey(place, as_hex=False) for place, key in enumerate(keys)}
        places |= {
            key.hex: _AtKey(place, as_hex=True)
            for place, key in enumerate(keys)
            if isinstance(key, uuid.UUID)
        }
        shown = [one[0] for one in compiler.select]
        found = compiler.get_converters(shown).items()
        read = tuple((place, _quick(how), how, shown_as) for place, (how, shown_as) in found)
        return cls(
            sql=_with_texts(sql, compiler, [one[0] for one in read if one[1] is _as_instant]),
            params=tuple(_stand_in(value, places) for value in params),
            compiler=compiler,
            of_objects=issubclass(queryset._iterable_class, ModelIterable),
            converters=read,
        )

    def rows(self, moments: Moments, keys: Sequence[Any]) -> list[tuple[Any, ...]]:
        """What the database answers, column by column."""
        with connection.cursor() as cursor:
            self.send(cursor, moments, keys)
            return self.receive(cursor)

    def send(self, cursor: Any, moments: Moments, keys: Sequence[Any]) -> None:
        """Ask; the answer comes by the cursor."""
        cursor.execute(self.sql, [_put_in(value, moments, keys) for value in self.params])

    def receive(self, cursor: Any) -> list[tuple[Any, ...]]:
        """The answer that a cursor brings."""
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return self._read(found) if self.converters else found

    def _read(self, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        if not found:
            return []
        columns: list[Sequence[Any]] = list(zip(*found, strict=True))
        by = connections[connection.alias]  # not the stand-in, which looks it up each time
        for place, quick, how, shown_as in self.converters:
            if quick is not None:
                columns[place] = list(map(quick, columns[place]))
                continue
            for convert in how:
                columns[place] = [convert(value, shown_as, by) for value in columns[place]]
        return list(zip(*columns, strict=True))

    def objects(self, rows: list[tuple[Any, ...]]) -> list[Any]:
        """The rows as rows of the model; as they are where the question names its columns."""
        if not self.of_objects:
            return [row[: self.compiler.col_count] for row in rows]
        info, select = self.compiler.klass_info, self.compiler.select
        first, last = info["select_fields"][0], info["select_fields"][-1] + 1
        names = [one[0].target.attname for one in select[first:last]]
        related = get_related_populators(info, select, connection.alias)  # type: ignore[call-arg]
        found, alias = [], connection.alias
        for row in rows:
            one = _made(info["model"], names, row[first:last], alias)
            for populator in related:
                populator.populate(row, one)
            found.append(one)
        return found


@dataclass(frozen=True)
class Question:
    """A question with its keys, ready to be asked."""

    statement: _Statement
    moments: Moments
    keys: Sequence[Any]

    def rows(self) -> list[Any]:
        """What the queryset would give."""
        return self.statement.objects(self.statement.rows(self.moments, self.keys))


def together(questions: Sequence[Question]) -> list[list[Any]]:
    """What each of these questions gives. PostgreSQL is sent all of them, and then gives all its
    answers: one way there and back instead of one for each. It takes them in their order."""
    if connection.vendor != "postgresql":
        return [
            one.statement.objects(one.statement.rows(one.moments, one.keys)) for one in questions
        ]
    with contextlib.ExitStack() as stack:
        stack.enter_context(connection.wrap_database_errors)
        cursors = [stack.enter_context(connection.cursor()) for _one in questions]
        with connection.connection.pipeline():
            for one, cursor in zip(questions, cursors, strict=True):
                one.statement.send(cursor, one.moments, one.keys)
        return [
            one.statement.objects(one.statement.receive(cursor))
            for one, cursor in zip(questions, cursors, strict=True)
        ]


@dataclass
class Asked:
    """A question by the queryset that `make` gives, made at the first asking."""

    make: Callable[[], models.QuerySet[Any, Any]]
    _made: dict[int, _Statement] = field(default_factory=dict)

    def _statement(self) -> _Statement:
        if 0 not in self._made:
            self._made[0] = _Statement.of(self.make(), ())
        return self._made[0]

    def question(self, *, now: dt.datetime | None = None) -> Question:
        """This question, to be asked together with others."""
        return Question(self._statement(), (now,), ())

    def any(self, *, now: dt.datetime | None = None) -> bool:
        """Whether there is a row; `now` is put where the queryset says `NOW`."""
        return bool(self._statement().rows((now,), ()))

    def rows(self, *, now: dt.datetime | None = None, others: Moments = ()) -> list[Any]:
        """What the queryset would give."""
        statement = self._statement()
        return statement.objects(statement.rows((now, *others), ()))

    def instant(self) -> dt.datetime | None:
        """The instant in the first row's only column; None where there is no row."""
        rows = self._statement().rows((), ())
        return _as_instant(rows[0][0]) if rows else None


@dataclass
class AskedOf:
    """A question about a list of ids (or of texts, if `of_texts`): its SQL is made once for each
    length, and a list is filled up to the next power of two by repeating its last key."""

    make: Callable[[Sequence[Any]], models.QuerySet[Any, Any]]
    of_texts: bool = False
    _made: dict[int, _Statement] = field(default_factory=dict)

    def rows(
        self, keys: Iterable[Any], *, now: dt.datetime | None = None, others: Moments = ()
    ) -> list[Any]:
        """What the queryset would give; nothing for no keys, without asking."""
        wanted = list(keys)
        if not wanted:
            return []
        if len(wanted) > KEYS_MOST:
            halves = wanted[:KEYS_MOST], wanted[KEYS_MOST:]
            return [one for half in halves for one in self.rows(half, now=now, others=others)]
        return self.question(wanted, now=now, others=others).rows()

    def question(
        self, keys: Sequence[Any], *, now: dt.datetime | None = None, others: Moments = ()
    ) -> Question:
        """This question about at least one and at most `KEYS_MOST` keys, to be asked together with
        others."""
        length = 1 << (len(keys) - 1).bit_length()
        if length not in self._made:
            stands = self._stands(length)
            self._made[length] = _Statement.of(self.make(stands), stands)
        filled = [*keys, *[keys[-1]] * (length - len(keys))]
        return Question(self._made[length], (now, *others), filled)

    def _stands(self, length: int) -> list[Any]:
        if self.of_texts:
            return [f"\x7fkey {place}" for place in range(length)]
        return [uuid.UUID(int=place + 1) for place in range(length)]


def _with_texts(sql: str, compiler: Any, places: Sequence[int]) -> str:
    """The statement, in which these columns come as texts that name their zone, UTC: SQLite keeps
    instants as text, which Python reads at once. As it is where it begins otherwise."""
    name, begin = compiler.connection.ops.quote_name, "SELECT "
    columns = [said + (f" AS {name(by)}" if by else "") for _one, (said, _), by in compiler.select]
    plain = begin + ", ".join(columns) + " FROM "
    if not sql.startswith(plain):
        return sql
    for place in places:
        said = compiler.select[place][1][0]
        columns[place] = columns[place].replace(said, f"({said} || '+00:00')", 1)
    return begin + ", ".join(columns) + " FROM " + sql[len(plain) :]


def _quick(how: Sequence[Any]) -> Any:
    """What reads a column of SQLite, which keeps ids and instants as it can, at once; None where
    each value is Django's to read."""
    return _QUICK.get(getattr(how[0], "__name__", "")) if len(how) == 1 else None


@lru_cache(maxsize=4096)
def _as_uuid(text: str | None) -> uuid.UUID | None:
    """An id that the database keeps as text. The same few come back from one question after the
    other: a mission, its leader, its party, what the watch knows of it."""
    return None if text is None else uuid.UUID(text)


def _as_instant(value: str | dt.datetime | None) -> dt.datetime | None:
    """An instant that the database keeps without a zone, in UTC, mostly as text."""
    if isinstance(value, str):
        value = dt.datetime.fromisoformat(value)
    return value if value is None or value.tzinfo else value.replace(tzinfo=dt.UTC)


_QUICK: Any = {"convert_uuidfield_value": _as_uuid, "convert_datetimefield_value": _as_instant}


def _made(
    model: type[models.Model], names: Sequence[str], values: Iterable[Any], alias: str
) -> models.Model:
    """What `from_db` gives, without asking each field of the model what it holds: no model of ours
    does more when it is made, and nobody listens (house rule: no signals)."""
    one = model.__new__(model)
    one._state = ModelState()
    one._state.adding, one._state.db = False, alias
    one.__dict__.update(zip(names, values, strict=True))
    return one


def _stand_in(value: Any, places: dict[Any, _AtKey]) -> Any:
    """A parameter as it was written, or where something is put in at each asking."""
    if isinstance(value, (str, uuid.UUID)) and value in places:
        return places[value]
    at = value
    if isinstance(value, str):
        try:
            at = dt.datetime.fromisoformat(value).replace(tzinfo=dt.UTC)
        except ValueError:
            return value
    if isinstance(at, dt.datetime):
        for place, stands in enumerate((NOW, *OTHER)):
            if abs(at - stands) < _AROUND:
                return _AtMoment(place, at - stands)
    return value


def _put_in(value: Any, moments: Moments, keys: Sequence[Any]) -> Any:
    if isinstance(value, _AtMoment):
        moment = moments[value.place]
        assert moment is not None, "the question speaks of this moment"
        return connection.ops.adapt_datetimefield_value(moment + value.ahead)
    if isinstance(value, _AtKey):
        return keys[value.place].hex if value.as_hex else keys[value.place]
    return value
