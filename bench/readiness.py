"""Whether both models of fatigue agree with reference rows, and how fast "who can go?" is.

python -m bench.readiness --fatigue FILE.csv --sleeps FILE.csv [--json] [--out FILE]
python -m bench.readiness --who-can-go [--people N] [--json] [--out FILE]
python -m bench.readiness --matrix [--people N] [--skills N] [--database NAME] [--json] [--out FILE]

The forms of the files, and how to read the figures, stand in bench/README.md. Ends with 1 when a
limit is missed, with 2 when a file has a fault; then nothing is compared.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import json
import random
import statistics
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also as `python bench/readiness.py`

from bench import fatigue_files
from bench.fatigue_files import COLUMNS, Faults, Reference
from homeby.readiness.rules.catalogue import Catalogue
from homeby.readiness.rules.currency import Standing, Validity
from homeby.readiness.rules.duties import Duty, RestFacts
from homeby.readiness.rules.fatigue import hour_of_day
from homeby.readiness.rules.packs import look_back
from homeby.readiness.rules.rest import both_directions
from homeby.readiness.rules.sleep import History, hours_between
from homeby.readiness.rules.three_process import ThreeProcessModel
from homeby.readiness.rules.unified import UnifiedModel
from homeby.readiness.rules.who_can_go import Asked, Candidate, passes_to_rest, who_can_go
from homeby.readiness.shipped import shipped_catalogue, shipped_packs

#: The largest difference that counts as equal (ROSTER.md 5, F1), and the aim.
MUST, AIM = 1e-8, 1e-10
#: Milliseconds for "who can go?" of 500 people (C4).
WHO_MUST_MS, WHO_AIM_MS = 150.0, 30.0
#: Milliseconds for the skill matrix of 5,000 people by 40 skills.
MATRIX_MUST_MS = 1000.0
ROUNDS = 20


class Models:
    """A history by both models."""

    def __init__(self, history: History) -> None:
        self.history = history
        self.three, self.unified = ThreeProcessModel(history), UnifiedModel(history)

    def row(self, at: dt.datetime) -> dict[str, float]:
        """What both models say at an instant, by the columns of a reference file."""
        hour, state = hour_of_day(at), self.history.state(at)
        three, unified = self.three.at(at, hour=hour), self.unified.at(at, hour=hour)
        return {
            "sim_hours": hours_between(self.history.starts_at, at),
            "awake": float(state.awake),
            "in_state_h": hours_between(state.since, at),
            "tpm_s": three.s,
            "tpm_c": three.c,
            "tpm_u": three.u,
            "tpm_w": three.w,
            "tpm_alertness": three.alertness,
            "tpm_kss": three.kss,
            "uni_s": unified.s,
            "uni_l": unified.debt,
            "uni_c": unified.c,
            "uni_w": unified.w,
            "uni_fatigue": unified.lapses,
        }


def compare(reference: list[Reference], histories: dict[str, Models]) -> list[dict[str, Any]]:
    """Our values for each row, with the column that differs most and by how much."""
    rows = []
    for one in reference:
        ours = histories[one.scenario].row(one.at)
        worst = max(ours, key=lambda name: abs(ours[name] - one.values[name]))
        rows.append(
            {
                "scenario": one.scenario,
                "utc": one.at.strftime("%Y-%m-%dT%H:%M:%S").removesuffix(":00"),
                **ours,
                "line": one.line,
                "column": worst,
                "difference": abs(ours[worst] - one.values[worst]),
            }
        )
    return rows


def fatigue(given: argparse.Namespace) -> int:
    """Print the largest difference to the reference rows, a line for each history."""
    faults = Faults()
    known = fatigue_files.read_histories(given.sleeps, faults)
    reference = [] if faults.found else fatigue_files.read_reference(given.fatigue, known, faults)
    if faults.found:
        print(*faults, sep="\n", file=sys.stderr)
        return 2
    rows = compare(reference, {name: Models(history) for name, (history, _end) in known.items()})
    worst = max(rows, key=lambda row: row["difference"])
    if given.out:
        with given.out.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*COLUMNS, "line", "column", "difference"])
            writer.writeheader()
            writer.writerows(rows)
    figure = {
        "figure": "fatigue: largest difference to the reference rows",
        "rows": len(rows),
        "value": worst["difference"],
        "must": MUST,
        "must_met": worst["difference"] <= MUST,
        "aim": AIM,
        "aim_met": worst["difference"] <= AIM,
        "where": {key: worst[key] for key in ("scenario", "utc", "line", "column")},
    }
    print(json.dumps(figure, indent=1) if given.json else _told(rows, figure))
    return 0 if figure["must_met"] else 1


def _told(rows: list[dict[str, Any]], figure: dict[str, Any]) -> str:
    told = []
    for name in dict.fromkeys(row["scenario"] for row in rows):
        mine = [row for row in rows if row["scenario"] == name]
        worst = max(mine, key=lambda row: row["difference"])
        told.append(
            f"{name}: {len(mine)} rows, at most {worst['difference']:.3g} "
            f"({worst['column']}, line {worst['line']})"
        )
    kept = "kept" if figure["must_met"] else "MISSED"
    told.append(
        f"largest difference of {len(rows)} rows: {figure['value']:.3g}; limit {MUST:g} {kept}"
    )
    return "\n".join(told)


def crowd(people: int, needs: tuple[str, ...], asked: Asked, known: Catalogue) -> list[Candidate]:
    """People of a seed: 40 qualifications each of the catalogue, some lapsed, some on duty."""
    chance = random.Random(6)
    keys, day = sorted(known.qualifications), asked.begins.date()
    found = []
    for _ in range(people):
        held = {*chance.sample(keys, 40), *(key for key in needs if chance.random() < 0.4)}
        validity = {
            key: Validity(
                standing=Standing.CURRENT, through=day + dt.timedelta(days=chance.randint(-60, 900))
            )
            for key in held
        }
        begins = asked.begins + dt.timedelta(hours=chance.randint(-60, 60))
        found.append(
            Candidate(
                person_id=uuid.UUID(int=chance.getrandbits(128)),
                validity=validity,
                busy=((begins, begins + dt.timedelta(hours=8)),),
                last_asked_at=asked.begins - dt.timedelta(days=chance.randint(1, 90)),
            )
        )
    return found


def worked(asked: Asked, outings: int) -> RestFacts:
    """So many outings and as many shifts of somebody, a day in four each, as far back as the pack
    asks; a shift is ahead."""
    spans, since = [], asked.begins - look_back(shipped_packs()["volunteers"])
    for number in range(outings):
        begins = asked.begins - dt.timedelta(days=4 * number + 1)
        spans += [(begins, 4), (begins + dt.timedelta(hours=104), 4)]
    duties = []
    for begins, lasts in spans:
        ends = begins + dt.timedelta(hours=lasts)
        over = ends if ends <= asked.begins else None
        if ends > since:
            duties.append(Duty(began_at=begins, released_at=over, expected_at=ends))
    return RestFacts(duties=tuple(duties), zone=asked.zone)


def judged(people: list[Candidate], facts: RestFacts, asked: Asked) -> list[Candidate]:
    """Everybody with what the rules of rest say of whoever passes to them, as the query does it."""
    pack, times = shipped_packs()["volunteers"], {"begins": asked.begins, "ends": asked.ends}
    return [
        replace(one, blocks=tuple(both_directions(facts, pack, **times, now=asked.begins)))
        if passes_to_rest(one.validity, one.busy, asked)
        else one
        for one in people
    ]


def who(given: argparse.Namespace) -> int:
    """Print how long the rules take for a crowd, those of rest too; pages add what they read."""
    known = shipped_catalogue()
    assert isinstance(known, Catalogue), known
    begins = dt.datetime(2026, 11, 27, 8, tzinfo=dt.UTC)
    needs = ("SRTL", "MEDR", "DRVR")
    asked = Asked(
        mission_id=uuid.UUID(int=6),
        needs=needs,
        begins=begins,
        ends=begins + dt.timedelta(hours=9),
        zone="Europe/Zurich",
    )
    people, taken = crowd(given.people or 500, needs, asked, known), []
    facts = worked(asked, given.outings)
    for _ in range(ROUNDS):
        started = time.perf_counter()
        answer = who_can_go(asked, judged(people, facts, asked), known.qualifications, now=begins)
        taken.append(1000 * (time.perf_counter() - started))
    figure = {
        "figure": f"who can go? the rules alone, {len(people)} people, {len(needs)} needs, "
        f"{given.outings} outings and shifts each: ms",
        "value": round(statistics.median(taken), 3),
        "spread": [round(min(taken), 3), round(max(taken), 3)],
        "must": WHO_MUST_MS,
        "must_met": statistics.median(taken) <= WHO_MUST_MS,
        "aim": WHO_AIM_MS,
        "aim_met": statistics.median(taken) <= WHO_AIM_MS,
        "funnels": [one.said(known.qualifications) for one in answer.funnels],
    }
    if given.out:
        given.out.write_text(json.dumps({"ms": taken, **figure}, indent=1), encoding="utf-8")
    print(json.dumps(figure, indent=1))
    return 0 if figure["must_met"] else 1


def stations(given: argparse.Namespace) -> int:
    """Print how long the pages take on a station of its own: the matrix of all these people, and
    "who can go?" of 500 of them, each as a question to the database and as a page."""
    from bench.stations import workers

    sizes = {
        "the matrix": (given.people or 5000, 0, MATRIX_MUST_MS),
        "who can go": (500, given.outings, WHO_MUST_MS),
    }
    found = []
    for name, (people, outings, must) in sizes.items():
        with workers(given.database, ("readiness",), folder=None) as (worker,):
            worker.ask("fill with skills", people=people, skills=given.skills, outings=outings)
            taken = worker.ask("look at skills", rounds=ROUNDS)
        for what, ms in taken.items():
            if name not in what:
                continue
            wall, ours = zip(*ms, strict=True)
            # On SQLite the database works in this process: then other work does not count.
            counts = ours if given.database == "sqlite" else wall
            value = statistics.median(counts)
            found.append({
                "figure": f"{what}, {people} people, {given.skills} skills, "
                f"{outings} outings and shifts each: ms",
                "database": given.database,
                "value": round(value, 1),
                "spread": [round(min(counts), 1), round(max(counts), 1)],
                "wall": round(statistics.median(wall), 1),
                "must": must,
                "must_met": value <= must,
            })  # fmt: skip
    if given.out:
        given.out.write_text(json.dumps(found, indent=1), encoding="utf-8")
    print(json.dumps(found, indent=1))
    return 0 if all(one["must_met"] for one in found) else 1


def main() -> int:
    """Compare, or measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fatigue", type=Path, metavar="FILE.csv", help="reference rows")
    parser.add_argument("--sleeps", type=Path, metavar="FILE.csv", help="their sleep histories")
    parser.add_argument("--who-can-go", action="store_true", help="measure that rule")
    parser.add_argument("--matrix", action="store_true", help="measure the pages of skills")
    parser.add_argument("--people", type=int, help="how many people (500; matrix: 5000)")
    parser.add_argument("--skills", type=int, default=40, help="how many skills (40)")
    parser.add_argument("--outings", type=int, default=30, help="outings and shifts of each (30)")
    parser.add_argument("--database", default="sqlite", choices=("sqlite", "postgresql"))
    parser.add_argument("--json", action="store_true", help="print JSON instead of sentences")
    parser.add_argument("--out", type=Path, help="write every computed row to this file")
    given = parser.parse_args()
    if given.matrix:
        return stations(given)
    if given.who_can_go:
        return who(given)
    if given.fatigue is None or given.sleeps is None:
        parser.error("give --fatigue and --sleeps together, or --who-can-go, or --matrix")
    return fatigue(given)


if __name__ == "__main__":
    sys.exit(main())
