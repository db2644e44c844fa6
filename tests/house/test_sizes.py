"""Nothing grows beyond its limit, and what is over it only shrinks."""

from __future__ import annotations

import pytest

from tests.house import sizes
from tests.house.tree import Source, nothing


def test_nothing_is_too_big() -> None:
    nothing(sizes.too_big(sizes.measured(), sizes.listed()))


def test_no_listed_size_is_higher_than_need_be() -> None:
    nothing(sizes.slack(sizes.measured(), sizes.listed()))


def a_function_of(lines: int) -> str:
    return "def f(request):\n    '''What it is.'''\n" + "    x = 1\n" * (lines - 2)


@pytest.mark.parametrize(
    ("path", "text", "bad"),
    [
        ("homeby/watch/rules.py", a_function_of(60), False),
        ("homeby/watch/rules.py", a_function_of(61), True),
        ("homeby/web/gate/views.py", a_function_of(22), False),
        ("homeby/web/gate/views.py", a_function_of(23), True),
        ("homeby/watch/rules.py", "x = 1\n" * 400, False),
        ("homeby/watch/rules.py", "x = 1\n" * 401, True),
        ("tests/rules/test_x.py", "x = 1\n" * 300, False),
        ("tests/rules/test_x.py", "x = 1\n" * 301, True),
        ("homeby/watch/rules.py", f"x = '{'y' * 94}'\n", False),
        ("homeby/watch/rules.py", f"x = '{'y' * 95}'\n", True),
    ],
)
def test_each_limit_is_noticed(path: str, text: str, bad: bool) -> None:
    found = sizes.too_big(sizes.measure_python(Source(path=path, text=text)), {})
    assert len(found) == int(bad)


def test_methods_and_inner_functions_are_measured_too() -> None:
    inner = "\n".join(
        f"        {line}" if line else "" for line in a_function_of(61).split("\n")
    ).replace("request", "self")
    text = "class A:\n    def outer(self):\n" + inner
    found = sizes.measure_python(Source(path="homeby/x.py", text=text))["function"]
    assert found["homeby/x.py::A.outer.f"] == 61


def test_a_listed_size_may_shrink_and_never_grow() -> None:
    listed = {"file": {"a.py": 500, "b.py": 450}}
    assert sizes.too_big({"file": {"a.py": 500}}, listed) == []
    assert sizes.too_big({"file": {"a.py": 501}}, listed) != []
    assert sizes.slack({"file": {"a.py": 499, "b.py": 450}}, listed) != []
    lowered = sizes.lowered({"file": {"a.py": 499, "b.py": 380}}, listed)
    assert lowered == {"file": {"a.py": 499}}
    assert '"a.py" = 499' in sizes.written(lowered)
