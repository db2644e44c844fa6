"""What Homeby would have noticed, and when: from the records of the story, replayed through the
real actions. The tests replay it again, and hold it against what is kept here."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from homeby import settings
from homeby.web.door import Door, page
from homeby.web.noticed import words
from homeby.web.noticed.picture import picture
from homeby.web.words import isolated, word
from homeby.welfare.rules.concerns import ConcernKind

#: Written by `python -m tests.told_again`.
FILE = Path(__file__).with_name("told_again.json")


@functools.cache
def story() -> dict[str, Any]:
    """The records of the story, as they were replayed."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return found


@page()
def noticed(door: Door) -> HttpResponse:
    """The weeks of the story: what was done, and who was told what. Of a demonstration alone."""
    if not settings.current().demonstration:
        raise Http404
    told = story()
    before = [one for one in told["weeks"] if one["week"] < 1]
    weeks = [one for one in told["weeks"] if one["week"] >= 1]
    marks = [one["week"] for one in weeks if _noticed(one)]
    context = {
        "before": [line for one in before for line in _told(one)],
        "weeks": [
            {
                "number": one["week"],
                "happened": [word(words.HAPPENED, each) for each in one["happened"]],
                "told": _told(one),
                "is_noticed": one["week"] in marks,
            }
            for one in weeks
        ],
        "quiet": _first(weeks, ConcernKind.CONTACT),
        "signal": _first(weeks, ConcernKind.SIGNAL),
        "missed": next(one["week"] for one in weeks if "MISSED_SHIFT" in one["happened"]),
        "silent": _silent(before, weeks),
        "last": told["chances"][-1],
        "picture": picture(told["chances"], marks),
    }
    return render(door.request, "noticed/noticed.html", context)


def _noticed(week: dict[str, Any]) -> bool:
    """Whether the welfare officer was told something new."""
    return any(one["where"] in ("DESK", "CHECK") for one in week["told"])


def _first(weeks: list[dict[str, Any]], kind: ConcernKind) -> int:
    """In which week such a concern first lay on the desk."""
    for one in weeks:
        if any(said.get("concern") == kind for told in one["told"] for said in told["said"]):
            return int(one["week"])
    raise LookupError(kind)


def _told(week: dict[str, Any]) -> list[dict[str, Any]]:
    """What was read in a week: by all who read the same in the same place, each place once."""
    readers: dict[tuple[str, ...], list[str]] = {}
    for one in week["told"]:
        said = [words.sentence(each) for each in one["said"]]
        where = word(words.WHERE, one["where"])
        readers.setdefault((where, *said), []).append(isolated(one["to"]))
    found: dict[tuple[str, str], list[str]] = {}
    for (where, *said), names in readers.items():
        found.setdefault((", ".join(names), where), []).extend(said)
    return [{"to": to, "where": where, "said": said} for (to, where), said in found.items()]


def _silent(before: list[dict[str, Any]], weeks: list[dict[str, Any]]) -> str:
    """Who was told that Homeby looks, and nothing in all these weeks."""
    heard = {one["to"] for week in weeks for one in week["told"]}
    everybody = {one["to"] for week in before for one in week["told"]}
    return ", ".join(isolated(one) for one in sorted(everybody - heard))
