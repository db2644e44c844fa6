"""Her chances beside an even share, summed week by week, as a picture; the sentence above it says
the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

WIDTH, HEIGHT, LEFT, RIGHT, TOP, FOOT = 600, 300, 44, 14, 16, 44
STEP = 10


def picture(chances: Sequence[dict[str, Any]], marks: Iterable[int]) -> dict[str, Any]:
    """What `noticed/_picture.html` draws. `chances`: sums up to each week; `marks`: the weeks in
    which something was noticed."""
    weeks = len(chances)
    most: float = max(max(one["even"], one["well"]) for one in chances)

    def x(week: float) -> float:
        return round(LEFT + week / weeks * (WIDTH - LEFT - RIGHT), 1)

    def y(count: float) -> float:
        return round(HEIGHT - FOOT - count / most * (HEIGHT - FOOT - TOP), 1)

    def line(name: str) -> str:
        points = [(0, 0.0), *((one["week"], one[name]) for one in chances)]
        return " ".join(f"{x(week)},{y(count)}" for week, count in points)

    return {
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "foot": HEIGHT - FOOT,
        "top": TOP,
        "even": line("even"),
        "well": line("well"),
        "levels": [{"y": y(n), "count": n} for n in range(0, int(most) + 1, STEP)],
        "weeks": [{"x": x(n), "week": n} for n in range(5, weeks + 1, 5)],
        "marks": [{"x": x(n)} for n in marks if n <= weeks],
        "text_y": HEIGHT - FOOT + 28,
    }
