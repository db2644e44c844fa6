"""What the detector says of real choices, file by file: `docs/reference/leftout.md`.

python -m bench.leftout_files [--data FOLDER] [--out FILE]

Without `--out` the page is printed. It ends with 2 where a file cannot be read, with its line and
what is wrong there. The files and where they come from: the README beside them.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # as bench/leftout.py

from bench import leftout
from bench.fatigue_files import Faults, Line, lines
from homeby.welfare.rules.evidence import LESS_THAN_BEFORE, MOST_OF_A_FACT, Channel, Facts

JURY = ("trial_id", "year", "black_eligible", "black_struck", "white_eligible", "white_struck")
RANKS = ("week", "rater", "ratee", "rank")
CHOICES = ("relation", "rater", "ratee", "strength")
ATTENDED = ("event", "woman", "attended")
#: A group is struck more often than this many times the fair odds, or by these.
STRUCK_TOLERANCE, STRUCK_ODDS = 1.25, (1.6, 2.5, 4.0, 8.0)
LIKED_LEAST, WEEKS_TOGETHER, SHOWN = 4, 3, 3
NEGATIVE = ("SAMPDLK", "SAMPDES", "SAMPNIN", "SAMNPR")
POSITIVE = ("SAMPLK1", "SAMPLK2", "SAMPLK3", "SAMPES", "SAMPIN", "SAMPPR")
EXPELLED = frozenset({2, 3, 17, 18})
#: One wrong name in so many houses, whoever of them it is.
ONE_IN = 10

Told = tuple[bool, float]
Numbers = np.ndarray


@dataclass(frozen=True)
class Part:
    """What is said of one file: its heading, what was asked, and what came out."""

    title: str
    asked: str
    rows: tuple[str, ...]
    says: str


def ratios(told: Told) -> Numbers:
    """What one fact multiplies each strength of the first question by, on one channel."""
    found = LESS_THAN_BEFORE.evidence([Facts.of(Channel.PICKED, [told])])[0]
    place = LESS_THAN_BEFORE.channels.index(frozenset({Channel.PICKED}))
    size = len(LESS_THAN_BEFORE.strengths)
    mine: Numbers = found[place * size : (place + 1) * size]
    return mine


def multiplied(decisions: Iterable[Sequence[Told]]) -> float:
    """The evidence of decisions one after another from nothing on; each is the mean of its facts,
    and the strengths are mixed."""
    product = np.ones(len(LESS_THAN_BEFORE.strengths))
    for facts in decisions:
        product = product * np.mean([ratios(one) for one in facts], axis=0)
    return float(product.mean())


def jury(rows: Sequence[Line]) -> Part:
    """The strikes of a prosecution against a group, trial by trial."""
    logs = np.zeros(len(STRUCK_ODDS))
    trials, first = 0, dict[float, tuple[int, str]]()
    for row in rows:
        black, struck, white, others = (int(row.cells[name]) for name in JURY[2:])
        found = struck_ratios(black, struck, white, struck + others)
        if found is None:
            continue
        trials += 1
        logs = logs + np.log(found)
        e = _mixed(logs)
        for bar in (20.0, 1e3, 1e6):
            if e >= math.log(bar):
                first.setdefault(bar, (trials, row.cells["year"]))
    told = [
        f"e = {bar:,.0f} at informative trial {number} of {trials}, in {year}"
        for bar, (number, year) in first.items()
    ]
    told.append(f"at the end: 10^{_mixed(logs) / math.log(10):.0f}")
    return Part(
        "Jury strikes (225 trials)",
        "Is a group struck more often than 1.25 times the fair odds? Each trial is one lottery: "
        "b of s strikes fell on Black jurors (Fisher's noncentral hypergeometric law).",
        tuple(told),
        "A real chooser, and a leaning that is known: found at once.",
    )


def struck_ratios(group: int, hit: int, others: int, strikes: int) -> Numbers | None:
    """How much likelier the strikes of a trial are under each odds than at the tolerance, at most
    what any fact may say; None where there was no choice."""
    least, most = max(0, strikes - others), min(group, strikes)
    if least >= most:
        return None
    chances = [_struck(group, hit, others, strikes, odds) for odds in STRUCK_ODDS]
    at_tolerance = _struck(group, hit, others, strikes, STRUCK_TOLERANCE)
    return np.minimum(MOST_OF_A_FACT, np.array(chances) / at_tolerance)


def _struck(group: int, hit: int, others: int, strikes: int, odds: float) -> float:
    def weight(count: int) -> float:
        return math.comb(group, count) * math.comb(others, strikes - count) * odds**count

    least, most = max(0, strikes - others), min(group, strikes)
    return weight(hit) / math.fsum(weight(count) for count in range(least, most + 1))


def _mixed(logs: Numbers) -> float:
    top = float(logs.max())
    return top + math.log(float(np.exp(logs - top).mean()))


def fraternity(rows: Sequence[Line]) -> Part:
    """Men who rank each other, week by week."""
    ranks = {
        (int(one.cells["week"]), one.cells["rater"], one.cells["ratee"]): int(one.cells["rank"])
        for one in rows
    }
    weeks = sorted({week for week, _rater, _ratee in ranks})
    men = sorted({ratee for _week, _rater, ratee in ranks}, key=int)
    fair = 1.0 - LIKED_LEAST / (len(men) - 1)
    told = []
    for name, several in (("first", weeks[:WEEKS_TOGETHER]), ("last", weeks[-WEEKS_TOGETHER:])):
        found = {
            man: multiplied(
                [(ranks[week, rater, man] <= len(men) - 1 - LIKED_LEAST, fair) for week in several]
                for rater in men
                if rater != man
            )
            for man in men
        }
        told.append(f"{name} three weeks: {_top(found, 'man')}")
    return Part(
        "Newcomb's fraternity (17 men, 15 weeks)",
        f"Is a man among the last {LIKED_LEAST} of another more often than lots would put him? "
        "The three weeks of one rater are one decision.",
        (*told, f"the bar for the whole house at one wrong in {ONE_IN}: {ONE_IN * len(men)}"),
        "At the end two men are far above the bar and a third is near it; at the beginning nobody "
        "is. Not being among somebody's first says less than being among the last.",
    )


def _top(found: Mapping[str, float], word: str) -> str:
    order = sorted(found.items(), key=lambda one: -one[1])[:SHOWN]
    return ", ".join(f"{word} {name} (e = {e:.3g})" for name, e in order)


def novices(rows: Sequence[Line]) -> Part:
    """Novices who name each other."""
    named: dict[tuple[str, str], set[str]] = {}
    for one in rows:
        named.setdefault((one.cells["relation"], one.cells["rater"]), set()).add(one.cells["ratee"])
    everybody = sorted({who for _relation, who in named} | set().union(*named.values()))
    told = []
    for name, relations, is_good in (("against", NEGATIVE, False), ("for", POSITIVE, True)):
        found = {
            who: multiplied(_namings(named, relations, who, everybody, is_good=is_good))
            for who in everybody
        }
        told.append(f"named {name} them: {_top(found, '')}".replace("  ", " "))
    gone = ", ".join(one for one in everybody if int(one.rpartition("_")[2]) in EXPELLED)
    return Part(
        "Sampson's novices (18)",
        "Is a novice named on what speaks against him more often than lots would, or on what "
        "speaks for him less often? All that one rater says is one decision.",
        (
            *told,
            f"the bar for the whole house at one wrong in {ONE_IN}: {ONE_IN * len(everybody)}",
            f"expelled soon after: {gone}",
        ),
        "Nobody is above the bar, so nothing would be said. What speaks for somebody says nothing "
        "at all: those at the edge choose each other.",
    )


def _namings(
    named: Mapping[tuple[str, str], set[str]],
    relations: Sequence[str],
    who: str,
    everybody: Sequence[str],
    *,
    is_good: bool,
) -> list[list[Told]]:
    """What each of the others said of one: on each relation, whether it went well for him."""
    found = []
    for rater in everybody:
        told = []
        for relation in relations:
            several = named.get((relation, rater), set())
            if rater != who and several:
                share = len(several) / (len(everybody) - 1)
                told.append((who in several, share) if is_good else (who not in several, 1 - share))
        if told:
            found.append(told)
    return found


def women(rows: Sequence[Line]) -> Part:
    """Women who came to events, or did not."""
    events: dict[str, dict[str, bool]] = {}
    for one in rows:
        events.setdefault(one.cells["event"], {})[one.cells["woman"]] = one.cells["attended"] == "1"
    names = sorted({who for there in events.values() for who in there})
    most = max(
        multiplied([(there[who], sum(there.values()) / len(there))] for there in events.values())
        for who in names
    )
    return Part(
        "Davis's women (18, 14 events)",
        "Does one of them come less often than lots would bring her?",
        (f"the most of anybody: e = {most:.2f}",),
        "Fourteen events of free attendance show nothing, and nothing is said. So it should be.",
    )


def states(rows: Sequence[leftout.Row]) -> Part:
    """The reference rows."""
    found = leftout.compare(rows)
    signals = sum(row.signal for row in rows)
    return Part(
        "Reference states (made for this project)",
        "Do the states of both questions come out as they stand there?",
        (
            f"{found.rows:,} rows: largest relative difference below 1e-9: "
            f"{'yes' if found.largest_relative <= leftout.MUST else 'no'}",
            f"signals: {signals}; lines where one says so and the other does not: "
            f"{len(found.signals_that_differ)}",
        ),
        "They do.",
    )


_READ: tuple[tuple[str, tuple[str, ...], Callable[[Sequence[Line]], Part]], ...] = (
    ("jury_state_strikes_by_trial.csv", JURY, jury),
    ("newcomb_fraternity_ranks.csv", RANKS, fraternity),
    ("sampson_choices.csv", CHOICES, novices),
    ("davis_southern_women.csv", ATTENDED, women),
)


def parts(folder: Path, faults: Faults) -> list[Part]:
    """What is said of each file of a folder; each fault becomes a sentence with its line."""
    found = []
    for name, columns, says in _READ:
        rows = lines(folder / name, columns, faults)
        if not rows:
            continue
        try:
            found.append(says(rows))
        except (ValueError, KeyError, ZeroDivisionError) as wrong:
            faults.add(name, f"a cell is missing, or is no number that can be there: {wrong}.")
    reference = leftout.read_reference(folder / "reference_states.csv", faults)
    return [*found, states(reference)] if reference else found


_HEAD = """\
# What the detector says of real choices

Written by `python -m bench.leftout_files --out docs/reference/leftout.md` from public files, and
compared with it by the tests where these are there. None is of an organisation like ours, and no
public data holds what times and invitations need: those rest on simulation (`python -m
bench.leftout`). Each file tests one claim. *e* is how much likelier what happened is if somebody is
left out than if lots were drawn with a fifth of tolerance: by chance it reaches e at most once in
e. It stands here of books alone; no page of a station shows one. The seasons of basketball of the
paper are not stored here (they have no licence), and are not looked at again.
"""


def page(found: Sequence[Part]) -> str:
    """The page."""
    told = [_HEAD]
    for one in found:
        told += [f"## {one.title}", one.asked, ""]
        told += [f"- {row}" for row in one.rows]
        told += ["", one.says, ""]
    return "\n".join(told)


def main() -> int:
    """Print the page, or write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder of the files")
    parser.add_argument("--out", type=Path, help="write the page there")
    given = parser.parse_args()
    records = Path(os.environ.get("HOMEBY_DATA", "../shared/data"))
    faults = Faults()
    found = parts(given.data or records / "leftout", faults)
    if faults.found:
        print(*faults, sep="\n", file=sys.stderr)
        return 2
    if given.out is None:
        print(page(found), end="")
    else:
        given.out.write_text(page(found), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
