"""The clock is read at the door, rows are written in actions, commands print."""

from __future__ import annotations

import pytest

from tests.house import calls
from tests.house.tree import Source, nothing, sources


def test_only_the_clock_reads_the_time() -> None:
    nothing([line for source in sources("homeby") for line in calls.clock_readings(source)])


def test_only_a_door_asks_the_clock() -> None:
    nothing([line for source in sources("homeby") for line in calls.clock_imports(source)])


def test_rows_are_written_in_actions_through_the_book() -> None:
    nothing(calls.wrong_writes(sources("homeby"), calls.allowed_writes()))


def test_only_commands_print() -> None:
    nothing([line for source in sources("homeby") for line in calls.prints(source)])


def sample(text: str, path: str = "homeby/watch/queries.py") -> Source:
    return Source(path=path, text=text)


@pytest.mark.parametrize(
    "text",
    [
        "import datetime as dt\nx = dt.datetime.now(dt.UTC)",
        "from datetime import datetime\nx = datetime.utcnow()",
        "import datetime\nx = datetime.date.today()",
        "import time\ntime.sleep(1)",
        "from time import time as t\nx = t()",
        "from django.utils import timezone\nx = f(default=timezone.now)",
        "from django.utils.timezone import now\nx = now()",
        "from django.db.models.functions import Now\nx = Now()",
        "from django.db import models\nx = models.DateTimeField(auto_now_add=True)",
    ],
)
def test_a_second_clock_is_noticed(text: str) -> None:
    assert len(calls.clock_readings(sample(text))) == 1
    assert calls.clock_readings(sample(text, path="homeby/clock.py")) == []


@pytest.mark.parametrize(
    "text",
    [
        "import datetime as dt\nx = dt.datetime.combine(d, t)",
        "from homeby import clock\nx = clock.now()",
        "def f(now):\n    return now",
        "import time\nx = time.monotonic()",
    ],
)
def test_what_reads_no_second_clock_passes(text: str) -> None:
    assert calls.clock_readings(sample(text)) == []


@pytest.mark.parametrize(
    ("path", "bad"),
    [
        ("homeby/watch/actions.py", True),
        ("homeby/comms/actions/tell.py", True),
        ("homeby/web/gate/views.py", False),
        ("homeby/station/supervisor.py", False),
        ("homeby/cli.py", False),
        ("homeby/watch/management/commands/watchkeeper.py", False),
    ],
)
def test_asking_the_clock_behind_the_door_is_noticed(path: str, bad: bool) -> None:
    for text in ("from homeby import clock", "from homeby.clock import now", "import homeby.clock"):
        if text == "import homeby.clock":
            continue  # binds only `homeby`; the import contracts see it
        assert len(calls.clock_imports(sample(text, path=path))) == int(bad)


@pytest.mark.parametrize(
    "text",
    [
        "row.save()",
        "row.save(update_fields=['state'])",
        "Row.objects.create(name='x')",
        "Row.objects.bulk_create(rows)",
        "Row.objects.filter(pk=1).update(state='OUT')",
        "row.delete()",
        "Row.objects.get_or_create(name='x')",
        "await Row.objects.acreate(name='x')",
        "cursor.execute('UPDATE watch_alarm SET phase = 1')",
        "cursor.execute(f'delete from {table}')",
    ],
)
def test_a_write_in_the_wrong_place_is_noticed(text: str) -> None:
    for path in ("homeby/watch/queries.py", "homeby/web/gate/views.py", "homeby/watch/actions.py"):
        text_in_function = f"async def f(row, rows, cursor, table):\n    {text}\n"
        assert len(calls.wrong_writes([sample(text_in_function, path=path)], {})) == 1
    for path in ("homeby/logbook/actions.py", "homeby/logbook/actions/book.py"):
        assert calls.wrong_writes([sample(text_in_function, path=path)], {}) == []


@pytest.mark.parametrize(
    "text",
    [
        "digest.update(b'x')",
        "values.update({'a': 1})",
        "cache.delete('key')",
        "cursor.execute('SELECT 1')",
        "page.change(row, state='OUT')",
        "row.saved",
    ],
)
def test_what_writes_no_row_passes(text: str) -> None:
    assert calls.wrong_writes([sample(text)], {}) == []


def test_an_exception_needs_a_use_and_a_reason() -> None:
    source = sample("def lease(rows):\n    rows.update(lease=1)\n", path="homeby/comms/actions.py")
    place = "homeby/comms/actions.py::lease"
    assert calls.wrong_writes([source], {place: "a lease is no truth of its own"}) == []
    assert len(calls.wrong_writes([source], {place: ""})) == 1
    assert len(calls.wrong_writes([], {place: "a lease is no truth of its own"})) == 1


def test_a_print_is_noticed() -> None:
    assert len(calls.prints(sample("print('hello')"))) == 1
    assert calls.prints(sample("print('hello')", path="homeby/cli.py")) == []
    assert calls.prints(sample("print('hello')", path="homeby/station/doctor.py")) == []
