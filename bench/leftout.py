"""Whether the detector agrees with reference rows, and what its promise costs.

python -m bench.leftout [--reference FILE.csv] [--stories N] [--years N] [--json]

What is measured, and how to read it, stands in bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/leftout.py`

from bench.fatigue_files import Faults, Line, lines
from bench.leftout_leaders import A_YEAR, LEADERS, led
from bench.leftout_targets import targets
from bench.leftout_worlds import STEPS, STORY, WAYS, Life, Way
from homeby.welfare.rules.activities import ClosedActivity, decisions
from homeby.welfare.rules.chances import Share
from homeby.welfare.rules.evidence import QUESTIONS, Channel, Facts
from homeby.welfare.rules.left_out import Team
from homeby.welfare.rules.what_it_takes import missed_in_a_row

COLUMNS = ("activity", "question", "dt_years", "facts", "state_before_reset", "signal")
#: The reference rows were made with this promise; each question has half of it.
PROMISE = 1 / 500
MUST = 1e-9
PROMISES = (1 / 100, 1 / 500)
CHANCES = [Fraction(*one) for one in
           ((1, 5), (1, 4), (1, 3), (1, 2), (3, 5), (2, 3), (3, 4), (9, 10))]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Row:
    """A reference row: an activity of one member, and what it must lead to."""

    line: int
    question: int
    years: float
    facts: tuple[Facts, ...]
    reached: float
    signal: bool


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far we are from reference rows: the largest relative difference and its line, and the
    lines where one says that there is a signal and the other does not."""

    rows: int
    largest_relative: float
    line: int
    signals_that_differ: tuple[int, ...]


def reference_of(folder: Path) -> Path:
    """The reference rows among the real records."""
    return folder / "leftout" / "reference_states.csv"


def read_reference(path: Path, faults: Faults) -> list[Row]:
    """The rows of a file, in its order; each fault becomes a sentence with its line."""
    found = [_row(path, line, faults) for line in lines(path, COLUMNS, faults)]
    return [one for one in found if one is not None]


def _row(path: Path, line: Line, faults: Faults) -> Row | None:
    place, cells = f"{path.name}, line {line.number}", line.cells
    try:
        question, signal = int(cells["question"]), int(cells["signal"])
        years, reached = float(cells["dt_years"]), float(cells["state_before_reset"])
        facts = tuple(_fact(word) for word in cells["facts"].split())
    except ValueError as wrong:
        faults.add(place, f"this cannot be read: {wrong}.")
        return None
    if question not in (1, 2) or signal not in (0, 1):
        faults.add(place, "question is 1 or 2, signal is 0 or 1.")
        return None
    if not (math.isfinite(years) and years >= 0 and math.isfinite(reached) and reached >= 0):
        faults.add(place, "dt_years and state_before_reset are numbers from 0 on.")
        return None
    return Row(
        line=line.number,
        question=question,
        years=years,
        facts=facts,
        reached=reached,
        signal=signal == 1,
    )


def _fact(word: str) -> Facts:
    """A fact as it is written, `channel:x:p`. Raises ValueError."""
    parts = word.split(":")
    if len(parts) != 3 or parts[0] not in set(Channel) or parts[1] not in ("0", "1"):
        raise ValueError(f"“{word[:40]}” is no fact such as M:1:0.5")
    chance = float(parts[2])
    if not 0.0 <= chance <= 1.0:
        raise ValueError(f"the chance of “{word[:40]}” is not between 0 and 1")
    return Facts.of(Channel(parts[0]), [(parts[1] == "1", chance)])


def compare(rows: Sequence[Row]) -> Agreement:
    """Let the detector live through the activities of each question."""
    worst, at, differ = 0.0, 0, []
    for number, question in enumerate(QUESTIONS, start=1):
        state = question.at_rest(1)
        for row in (one for one in rows if one.question == number):
            evidence = question.evidence(row.facts) if row.facts else np.ones_like(state)
            years = np.array([row.years])
            state, reached, signal = question.after(
                state, evidence, years=years, promise=PROMISE / len(QUESTIONS)
            )
            apart = abs(float(reached[0]) - row.reached)
            relative = apart / row.reached if row.reached else apart
            if relative > worst or math.isnan(relative):
                worst, at = relative, row.line
            if bool(signal[0]) is not row.signal:
                differ.append(row.line)
    return Agreement(
        rows=len(rows), largest_relative=worst, line=at, signals_that_differ=tuple(differ)
    )


def missed() -> list[dict[str, Any]]:
    """Missions missed in a row until somebody is told, by fair chance."""
    table = []
    for chance in CHANCES:
        even = Share(well=100 * float(chance), fair=100 * float(chance), count=100.0)
        row: dict[str, Any] = {"chance": str(chance)}
        for name, past in (("even past", even), ("new member", Share())):
            row[name] = [
                missed_in_a_row(float(chance), promise=promise, past=past) for promise in PROMISES
            ]
        table.append(row)
    return table


#: Weeks of an even hand before the story begins, and how long it is followed.
FAIR_WEEKS, FOLLOWED_WEEKS = 104, 104
TEAM_SIZES = (3, 8)
STORY_MUSTS = {3: 15.0, 8: 14.0}


def told_again(stories: int) -> list[dict[str, Any]]:
    """Somebody is left out, in each way again and again by lot: in which week of it anybody would
    be told (`LEFTOUT.md` 8, target 4), by the rules alone. Two fair years come first."""
    found = []
    for name, way in WAYS.items():
        for size in TEAM_SIZES:
            weeks = sorted(_week_of_story(size, seed, way) for seed in range(stories))
            within = sum(one <= 26 for one in weeks) / stories
            row: dict[str, Any] = {"way": name, "people": size, "stories": stories}
            row |= {"median": statistics.median(weeks), "within 26 weeks": within}
            row |= {"nine of ten": weeks[math.ceil(0.9 * stories) - 1]}
            found.append(row | {"must": STORY_MUSTS[size] if name == STORY else None})
    return found


def _week_of_story(size: int, seed: int, way: Way) -> float:
    life = Life(people=size, lot=random.Random(seed), turns=FAIR_WEEKS, way=way)
    team, told = Team(promise=PROMISES[0]), life.lived(FAIR_WEEKS + FOLLOWED_WEEKS)
    begins = told[2 * FAIR_WEEKS].begins
    for decided in decisions(told):
        for one in team.take(decided):
            if one.who == life.names[0] and one.at >= begins:
                return (one.at - begins).days / 7
    return math.inf


def fair_years(years: int) -> list[dict[str, Any]]:
    """Teams in ordinary life, led by an even hand, and teams under leaders who are fair and draw no
    lots: how many signals there are in 500 years of one member (target 3), and how fast records
    become states (target 6)."""
    found = []
    for size in TEAM_SIZES:
        lives = (
            Life(people=size, lot=random.Random(10_000 + seed)).lived(520)
            for seed in range(math.ceil(years / (10 * size)))
        )
        found.append({"leader": "ordinary life", "people": size} | _judged(lives, size, must=0.2))
    for leader in LEADERS:
        for size in (4, 8):
            lives = (
                led(leader, people=size, years=10, seed=seed)
                for seed in range(math.ceil(years / (10 * size)))
            )
            must = 0.2 if leader == "an even hand" else 1.0
            found.append({"leader": leader, "people": size} | _judged(lives, size, must=must))
    return found


def most_by_chance(signals: int) -> float:
    """How many signals there may be in the mean where so many were seen, by 95% (one-sided, of a
    Poisson count)."""
    low, high = float(signals), 3.0 + 3.0 * (signals + 1)
    for _step in range(60):
        mean = (low + high) / 2
        seen = math.fsum(
            math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(signals + 1)
        )
        low, high = (mean, high) if seen > 0.05 else (low, mean)
    return high


def _judged(lives: Iterable[Sequence[ClosedActivity]], size: int, *, must: float) -> dict[str, Any]:
    signals = activities = 0
    took = 0.0
    for told in lives:
        begun = time.process_time()
        team = Team(promise=PROMISE)
        signals += sum(len(team.take(decided)) for decided in decisions(told))
        took += time.process_time() - begun
        activities += len(told)
    lived = activities * size / A_YEAR
    return {
        "member-years": lived,
        "signals": signals,
        "signals in 500": 500 * signals / lived,
        "at most, 95%": 500 * most_by_chance(signals) / lived,
        "must": must,
        "member-activities a second": round(activities * size / took),
        "500 members, ten years: seconds": 500 * 10 * A_YEAR * took / (activities * size),
    }


def main() -> int:
    """Print the figures; 1 where the rows differ by more than they may, or a target is missed that
    is exact or quickly measured; 2 where a file cannot be read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")
    parser.add_argument("--reference", type=Path, help="rows of the form of reference_states.csv")
    parser.add_argument("--stories", type=int, default=0, help="tell the story so often, by lot")
    parser.add_argument("--years", type=int, default=0, help="live so many fair member-years")
    given = parser.parse_args()
    path = given.reference or reference_of(Path(os.environ.get("HOMEBY_DATA", "../shared/data")))
    faults = Faults()
    rows = read_reference(path, faults)
    if faults.found:
        print(*faults, sep="\n", file=sys.stderr)
        return 2
    found = compare(rows)
    met = found.largest_relative <= MUST and not found.signals_that_differ
    figures: dict[str, Any] = {
        "figure": "left out: largest relative difference to the reference rows",
        "rows": found.rows,
        "value": found.largest_relative,
        "line": found.line,
        "signals that differ, by line": list(found.signals_that_differ),
        "must": MUST,
        "must_met": met,
        "targets": [vars(one) for one in targets()],
        "missions missed in a row": missed(),
        "the story": told_again(given.stories) if given.stories > 0 else [],
        "an even hand": fair_years(given.years) if given.years > 0 else [],
    }
    print(json.dumps(figures, indent=1) if given.json else _told(figures))
    return 0 if met and all(one["met"] for one in figures["targets"]) else 1


def _told(figures: dict[str, Any]) -> str:
    kept = "kept" if figures["must_met"] else "MISSED"
    told = [
        f"{figures['rows']} rows: largest relative difference {figures['value']:.3g} "
        f"(line {figures['line']}); limit {MUST:g} {kept}",
        f"signals that differ: {figures['signals that differ, by line'] or 'none'}",
        *(
            f"target {one['number']}: {one['what']}: {one['value']:,.6g}; must {one['must']} "
            f"{'kept' if one['met'] else 'MISSED'}"
            for one in figures["targets"]
        ),
        "missions missed in a row until somebody is told, at 1/100 and at 1/500 a member-year:",
    ]
    for row in figures["missions missed in a row"]:
        even, new = row["even past"], row["new member"]
        told.append(
            f"  fair chance {row['chance']:>4}: {even[0]} and {even[1]}; "
            f"a new member {new[0]} and {new[1]}"
        )
    for row in figures["the story"]:
        must = f" (must {row['must']:.0f})" if row["must"] else ""
        told.append(
            f"{row['way']}, {row['people']} people, {row['stories']} times: told in week "
            f"{row['median']:.0f}{must}, nine of ten by {row['nine of ten']:.0f}; within 26 weeks "
            f"{row['within 26 weeks']:.0%}; its steps in weeks {STEPS}"
        )
    for row in figures["an even hand"]:
        told.append(
            f"{row['leader']}, {row['people']} people, {row['member-years']:.0f} member-years: "
            f"{row['signals in 500']:.2f} signals in 500, by 95% at most "
            f"{row['at most, 95%']:.2f} (must {row['must']}); "
            f"{row['member-activities a second']:,} member-activities a second, "
            f"500 members over ten years {row['500 members, ten years: seconds']:.0f} s (must 60)"
        )
    return "\n".join(told)


if __name__ == "__main__":
    raise SystemExit(main())
