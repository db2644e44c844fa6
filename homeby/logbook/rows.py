"""Writing rows by statements made once for each table and set of columns.

Same values, same constraints and same errors as Django's `save`, at a small part of its cost: a tap
writes some ten rows, a burst of alarms ten thousand, and their statements never differ. Many rows
of a table are copied in by PostgreSQL, or changed by one statement: else it would parse and plan a
statement for each. Its constraints and triggers judge copied rows as any others.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

_Field = Any  # a concrete model field; its own type knows no `column` for every kind
_Ways = dict[type, Callable[[Any], Any] | None]
_NO_WAY: Callable[[Any], Any] = repr  # stands for "by the field itself"


@cache
def _fields(model: type[models.Model], names: tuple[str, ...] | None) -> list[_Field]:
    """The fields of these attribute names, or all but an automatic key."""
    found: list[_Field] = list(model._meta.concrete_fields)
    if names is None:
        return [one for one in found if not isinstance(one, models.AutoField)]
    by_name = {one.attname: one for one in found} | {one.name: one for one in found}
    return [by_name[name] for name in names]


def _key(model: type[models.Model]) -> _Field:
    key = model._meta.pk
    assert key is not None, "every table has a key"
    return key


def _is_postgresql() -> bool:
    return connection.vendor == "postgresql"


# --- statements ----------------------------------------------------------------------------------


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Sequence[_Field]) -> str:
    return ", ".join(connection.ops.quote_name(one.column) for one in fields)


@cache
def _insert_statement(model: type[models.Model]) -> str:
    fields = _fields(model, None)
    places = ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {_table(model)} ({_columns(fields)}) VALUES ({places})"  # noqa: S608


@cache
def _update_statement(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote = connection.ops.quote_name
    sets = ", ".join(f"{quote(one.column)} = %s" for one in _fields(model, names))
    key = quote(_key(model).column)
    return f"UPDATE {_table(model)} SET {sets} WHERE {key} = %s"  # noqa: S608 - our names


@cache
def _update_many_statement(model: type[models.Model], names: tuple[str, ...], same: int) -> str:
    """Change many rows: the first `same` columns get one value for all, the others one each. Types
    are named without a length: a cast to `varchar(9)` would cut what the column refuses."""
    quote = connection.ops.quote_name
    fields, key = _fields(model, names), _key(model)
    own = [*fields[same:], key]
    sets = [f"{quote(one.column)} = %s" for one in fields[:same]]
    sets += [f"{quote(one.column)} = new.{quote(one.column)}" for one in fields[same:]]
    arrays = [f"%s::{one.rel_db_type(connection).partition('(')[0]}[]" for one in own]
    return (
        f"UPDATE {_table(model)} SET {', '.join(sets)} "  # noqa: S608 - our names
        f"FROM unnest({', '.join(arrays)}) AS new ({_columns(own)}) "
        f"WHERE {_table(model)}.{quote(key.column)} = new.{quote(key.column)}"
    )


# --- values --------------------------------------------------------------------------------------


@cache
def _writers(
    model: type[models.Model], names: tuple[str, ...] | None
) -> list[tuple[str, _Ways, Callable[..., Any]]]:
    """For each field its attribute and how its values are written. A value of the very type that
    the column holds goes a short way; any other is the field's to turn, or to refuse."""
    return [(one.attname, _short_ways(one), one.get_db_prep_save) for one in _fields(model, names)]


def _short_ways(field: _Field) -> _Ways:
    """How values of a type are turned; None: they go as they are."""
    ways: _Ways = {}
    sqlite = connection.vendor == "sqlite"
    if not isinstance(field, models.JSONField):  # there None may be JSON's own
        ways[type(None)] = None
    if isinstance(field, models.CharField | models.TextField):
        ways[str] = None
    elif isinstance(field, models.UUIDField | models.ForeignKey):
        ways[uuid.UUID] = _hex if sqlite else None
    elif isinstance(field, models.DateTimeField):
        ways[dt.datetime] = _text_in_utc if sqlite else _aware
    elif isinstance(field, models.BooleanField):
        ways[bool] = None
    elif isinstance(field, models.BinaryField):
        ways[bytes] = None
    elif isinstance(field, models.IntegerField):
        ways[int] = None
    return ways


def _hex(key: uuid.UUID) -> str:
    return key.hex


def _aware(at: dt.datetime) -> dt.datetime:
    assert at.tzinfo is not None, "an instant must be aware"
    return at


@lru_cache(maxsize=1024)  # the moments of a tap stand in all that it changes
def _text_in_utc(at: dt.datetime) -> str:
    assert at.tzinfo is not None, "an instant must be aware"
    in_utc = at if at.tzinfo is dt.UTC else at.astimezone(dt.UTC)
    return in_utc.isoformat(" ")[: -len("+00:00")]


def _held(row: models.Model, attname: str) -> Any:
    """What a row holds, without the way through its descriptors; a column that it did not fetch is
    fetched."""
    held = row.__dict__
    return held[attname] if attname in held else getattr(row, attname)


def _value(value: Any, ways: _Ways, by_field: Callable[..., Any]) -> Any:
    way = ways.get(type(value), _NO_WAY)
    if way is _NO_WAY and str in ways and isinstance(value, str):
        # A word of an enumeration goes as plain text: an array holds one type.
        way = ways[type(value)] = str.__str__
    if way is _NO_WAY:
        return by_field(value, connections[DEFAULT_DB_ALIAS])
    return value if way is None else way(value)


def _values(row: models.Model, names: tuple[str, ...] | None) -> list[Any]:
    return [
        _value(_held(row, attname), ways, by_field)
        for attname, ways, by_field in _writers(type(row), names)
    ]


def _columns_of(rows: Sequence[models.Model], names: tuple[str, ...] | None) -> list[list[Any]]:
    """The values of rows of one table, column by column: a column mostly holds values of one type,
    and what is done to them is looked up once."""
    return [
        _column([_held(row, attname) for row in rows], ways, by_field)
        for attname, ways, by_field in _writers(type(rows[0]), names)
    ]


def _column(values: list[Any], ways: _Ways, by_field: Callable[..., Any]) -> list[Any]:
    found = {ways.get(kind, _NO_WAY) for kind in set(map(type, values))}
    if found == {None}:
        return values
    if len(found) == 1 and _NO_WAY not in found:
        (way,) = found
        assert way is not None, "what needs no way has gone"
        return list(map(way, values))
    return [_value(one, ways, by_field) for one in values]


def _lines(rows: Sequence[models.Model], names: tuple[str, ...] | None) -> list[Sequence[Any]]:
    """The values of each of these rows of one table."""
    if len(rows) == 1:
        return [_values(rows[0], names)]
    return list(zip(*_columns_of(rows, names), strict=True))


def _array(column: list[Any]) -> Any:
    """A column as an array of PostgreSQL, which is told of its type. Ids and instants are written
    at once, for the driver asks of each value anew how it is to be written."""
    kinds = set(map(type, column))
    if kinds == {uuid.UUID}:
        return "{" + ",".join([one.hex for one in column]) + "}"
    if kinds == {dt.datetime}:
        return "{" + ",".join([one.isoformat() for one in column]) + "}"
    return column


# --- writing -------------------------------------------------------------------------------------


def _copy(cursor: Any, model: type[models.Model], fields: list[_Field], values: Any) -> None:
    """Many rows into a table of PostgreSQL at once."""
    statement = f"COPY {_table(model)} ({_columns(fields)}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in values:
            copy.write_row(row)


def _are_written(rows: Sequence[models.Model]) -> None:
    alias = connection.alias
    for row in rows:
        row._state.adding, row._state.db = False, alias


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows of one table. Raises IntegrityError as the database does."""
    if not rows:
        return
    model = type(rows[0])
    values = _lines(rows, None)
    with connection.cursor() as cursor:
        if len(rows) > 1 and _is_postgresql():
            _copy(cursor, model, _fields(model, None), values)
        else:
            cursor.executemany(_insert_statement(model), values)
    _are_written(rows)


def insert_numbered(rows: Sequence[models.Model]) -> None:
    """Insert rows whose automatic key the database gives, in their order, and set it."""
    if not rows:
        return
    model, key = type(rows[0]), _key(type(rows[0]))
    values = _lines(rows, None)
    with connection.cursor() as cursor:
        if len(rows) == 1:
            returning = connection.ops.quote_name(key.column)
            cursor.execute(f"{_insert_statement(model)} RETURNING {returning}", values[0])
            numbers = [cursor.fetchone()[0]]
        elif _is_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [model._meta.db_table, key.column, len(rows)],
            )
            numbers = [found[0] for found in cursor.fetchall()]
            whole = ([number, *row] for number, row in zip(numbers, values, strict=True))
            _copy(cursor, model, [key, *_fields(model, None)], whole)
        else:
            cursor.executemany(_insert_statement(model), values)
            cursor.execute("SELECT last_insert_rowid()")
            last = cursor.fetchone()[0]  # nobody else writes meanwhile: they follow one another
            numbers = list(range(last - len(rows) + 1, last + 1))
    for row, found in zip(rows, numbers, strict=True):
        setattr(row, key.attname, found)
    _are_written(rows)


def update(rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    """Update the same columns of rows of one table. A row that is not there is an error of ours."""
    if not rows:
        return
    model = type(rows[0])
    rows = list({row.pk: row for row in rows}.values())  # changed twice: its last values count
    key = (_key(model).attname,)
    with connection.cursor() as cursor:
        if len(rows) > 1 and _is_postgresql():
            _update_many(cursor, rows, names)
        else:
            cursor.executemany(_update_statement(model, names), _lines(rows, names + key))
        gone = len(rows) - cursor.rowcount
        assert not gone, f"{gone} of {model._meta.label} are not there to be changed"


def _update_many(cursor: Any, rows: Sequence[models.Model], names: tuple[str, ...]) -> None:
    model = type(rows[0])
    by_name = dict(zip(names, _columns_of(rows, names), strict=True))
    shared = {name for name, column in by_name.items() if column.count(column[0]) == len(column)}
    names = tuple(sorted(names, key=lambda name: name not in shared))
    same, own = names[: len(shared)], names[len(shared) :]
    statement = _update_many_statement(model, names, len(shared))
    keys = _array([row.pk for row in rows])
    values = [*(by_name[name][0] for name in same), *(_array(by_name[name]) for name in own), keys]
    cursor.execute(statement, values)
