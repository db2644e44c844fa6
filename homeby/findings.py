"""A finding: one thing that was looked at, how it is, and what to do about it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Level(enum.IntEnum):
    """How it is. RED: the station must not, or cannot, do its work so."""

    GREEN = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`what` was looked at, in a word or two; `sentence`: how it is; `what_to_do` may be empty."""

    level: Level
    what: str
    sentence: str
    what_to_do: str = ""

    def as_json(self) -> dict[str, str]:
        """The plain form for `--json`."""
        return {
            "level": self.level.name,
            "what": self.what,
            "sentence": self.sentence,
            "what_to_do": self.what_to_do,
        }

    def __str__(self) -> str:
        """Sentence and advice in one line."""
        return f"{self.sentence} {self.what_to_do}".strip()


def green(what: str, sentence: str) -> Finding:
    """It is as it should be."""
    return Finding(level=Level.GREEN, what=what, sentence=sentence)


def amber(what: str, sentence: str, what_to_do: str) -> Finding:
    """It works, and somebody should look."""
    return Finding(level=Level.AMBER, what=what, sentence=sentence, what_to_do=what_to_do)


def red(what: str, sentence: str, what_to_do: str) -> Finding:
    """It must be put right."""
    return Finding(level=Level.RED, what=what, sentence=sentence, what_to_do=what_to_do)


def worst(findings: Iterable[Finding]) -> Level:
    """The worst level among them; GREEN when there are none."""
    return max((finding.level for finding in findings), default=Level.GREEN)
