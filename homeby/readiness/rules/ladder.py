"""The ladder to a qualification as a picture: what comes first, below what it leads to. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from homeby.readiness.rules.qualifications import Qualifications

#: Sizes of the picture, in its own units; a box is as wide as two lines of a name.
BOX_WIDTH, BOX_HEIGHT, GAP_X, GAP_Y, MARGIN = 168, 66, 14, 44, 6
#: A line of a name has so many letters at most.
LETTERS = 20
#: More boxes than this are no picture any more.
BOXES_MAX = 80


@dataclass(frozen=True, kw_only=True)
class Box:
    """A qualification in the picture: its corner, and its name in at most two lines."""

    key: str
    x: int
    y: int
    lines: tuple[str, ...]

    @property
    def middle(self) -> int:
        """Where lines meet it, from the left."""
        return self.x + BOX_WIDTH // 2


@dataclass(frozen=True, kw_only=True)
class Edge:
    """From what comes first up to what needs it; `one_of_several`: another would do as well."""

    from_x: int
    from_y: int
    to_x: int
    to_y: int
    one_of_several: bool


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The whole picture, the goal on top."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]


def ladder(key: str, known: Qualifications) -> Ladder:
    """The picture of everything that must come before a qualification. What is needed by several
    stands once, below the lowest of them."""
    depth = _depths(key, known)
    levels: dict[int, list[str]] = {}
    for one, level in depth.items():
        levels.setdefault(level, []).append(one)
    widest = max(len(level) for level in levels.values())
    width = 2 * MARGIN + widest * BOX_WIDTH + (widest - 1) * GAP_X
    boxes = {}
    for level, keys in levels.items():
        row = len(keys) * BOX_WIDTH + (len(keys) - 1) * GAP_X
        for place, one in enumerate(sorted(keys)):
            boxes[one] = Box(
                key=one,
                x=(width - row) // 2 + place * (BOX_WIDTH + GAP_X),
                y=MARGIN + level * (BOX_HEIGHT + GAP_Y),
                lines=_lines(known[one].name),
            )
    height = 2 * MARGIN + len(levels) * (BOX_HEIGHT + GAP_Y) - GAP_Y
    ordered = sorted(boxes.values(), key=lambda box: (box.y, box.x))
    return Ladder(
        width=width, height=height, boxes=tuple(ordered), edges=tuple(_edges(boxes, known))
    )


def _needed(key: str, known: Qualifications) -> Mapping[str, bool]:
    """What a qualification needs, and whether another would do as well."""
    needs = known[key].needs
    several = {one: True for group in needs.one_of for one in group if one in known}
    return {**several, **{one: False for one in needs.all_of if one in known}}


def _depths(key: str, known: Qualifications) -> dict[str, int]:
    """How far below the goal each stands: further than whatever needs it. Circles, which no
    catalogue that was read has, end it."""
    depth = {key: 0}
    edge = [key]
    for _step in range(BOXES_MAX):
        following: dict[str, None] = {}
        for one in edge:
            for needed in _needed(one, known):
                fits = needed in depth or len(depth) < BOXES_MAX
                if needed != key and fits and depth.get(needed, -1) <= depth[one]:
                    depth[needed] = depth[one] + 1
                    following[needed] = None
        if not following:
            break
        edge = list(following)
    used = {level: place for place, level in enumerate(sorted(set(depth.values())))}
    return {one: used[level] for one, level in depth.items()}


def _edges(boxes: Mapping[str, Box], known: Qualifications) -> list[Edge]:
    return [
        Edge(
            from_x=boxes[needed].middle,
            from_y=boxes[needed].y,
            to_x=boxes[key].middle,
            to_y=boxes[key].y + BOX_HEIGHT,
            one_of_several=several,
        )
        for key in boxes
        for needed, several in _needed(key, known).items()
        if needed in boxes and boxes[needed].y > boxes[key].y
    ]


def _lines(name: str) -> tuple[str, ...]:
    """A name in at most two lines; what does not fit is cut, and stands in the list below."""
    first, rest = "", name
    for word in name.split():
        longer = f"{first} {word}".strip()
        if len(longer) > LETTERS and first:
            break
        first = longer
    rest = name[len(first) :].strip()
    found = [first[:LETTERS], rest if len(rest) <= LETTERS else rest[: LETTERS - 1] + "…"]
    return tuple(line for line in found if line)
