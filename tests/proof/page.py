"""docs/reference/proof.md, made of the stored results and of nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tests.proof import again
from tests.proof.tables import Rows, table

MADE = "<!-- Made by `make proof` of the files in docs/reference/proof; do not edit. -->\n\n"
INTRODUCTION = """\
# Proof

What the suites found when they were run, each with the day, the state of the sources and the class
of machine. Every figure stands in a file beside this page (`docs/reference/proof`), which the suite
itself wrote; `make proof` runs the suites and writes this page. What was not run says so. How each
works, and what it leaves out, is said at the top of its file in `tests`.

"""
TITLES = {
    "kills": ("Killed at random", 'make kill ARGS="--kills 5000"'),
    "simulator": ("One seed, one world", 'make simulate ARGS="--years 300 --small"'),
    "powercut": ("Power cuts", 'make powercut ARGS="--cuts 10000"'),
    "any_order": ("Entries in any order", 'make proof ARGS="--only any_order"'),
    "planted": ("Planted bugs", "make planted"),
    "zones": ("Zone-years", "pytest tests/rules/test_golden_zones.py"),
    "clocks": ("A clock that jumps while the watchkeeper runs", "make proof"),
    "core": ("The watch core", ""),
    "mutation": ("Mutations of the watch core", ""),
    "bench": ("Speed of the watch", 'make proof ARGS="--only bench"'),
    "gate": ("Speed of the gate and the board", 'make proof ARGS="--only gate"'),
}
Stored = Mapping[str, Any]


def page(stored: Mapping[str, Stored]) -> str:
    """The whole page; a suite without a stored result says "not run"."""
    parts = [MADE, INTRODUCTION, table(("Suite", "In one line"), _summary(stored))]
    for name, (title, command) in TITLES.items():
        parts.append(f"\n## {title}\n\n")
        if name not in stored:
            parts.append(f"Not run: `{command}`.\n" if command else "Not run.\n")
            continue
        parts += [_where(stored[name]), SECTIONS.get(name, _anything)(_result(stored[name]))]
    return "".join(parts)


def _summary(stored: Mapping[str, Stored]) -> Rows:
    for name, (title, _) in TITLES.items():
        if name not in stored:
            yield title, "not run"
        elif name in LINES:
            yield title, LINES[name](_result(stored[name]))
        else:
            yield title, str(stored[name].get("line", "see below"))


def _result(kept: Stored) -> Any:
    """What a suite found, in whatever form it keeps it."""
    about = ("date", "commit", "form", "machine", "line")
    return kept.get("result") or {name: kept[name] for name in kept if name not in about}


def _where(kept: Stored) -> str:
    """When, of what and where it was run."""
    machine = kept.get("machine") or {}
    said = f"Run on {kept.get('date', '?')} (UTC) with {kept.get('commit', '?')}"
    if kept.get("form"):
        said += f", {kept['form']} form"
    if isinstance(machine, Mapping):
        said += "".join(f"; {name} {value}" for name, value in machine.items())
    elif machine:
        said += f"; {machine}"
    return said + ".\n\n"


def _sum(runs: Iterable[Stored], name: str) -> int:
    return sum(int(run[name]) for run in runs)


def _kills_line(result: Stored) -> str:
    runs, calm = result["runs"], result["calm"]
    died = ("kills", "web_kills", "database_kills")
    kills = sum(_sum(runs, name) for name in died if name in runs[0])
    return (
        f"{kills} kills over {len({run['database'] for run in runs})} databases, "
        f"{_sum(runs, 'due')} alarms due, {_sum(runs, 'messages')} messages: "
        f"lost {_sum(runs, 'lost')}, false {_sum(runs, 'false')}; "
        f"repeats without faults {_sum(calm, 'repeats')}"
    )


KILL_ROWS = {
    "kills": "watchkeepers and gates killed",
    "web_kills": "web servers killed",
    "database_kills": "databases killed",
    "freezes": "frozen for longer than a lease, then let go on",
    "due": "alarms due",
    "signed_in": "signed in in time",
    "messages": "messages the provider took",
    "lost": "lost",
    "false": "false",
    "confirmed_and_gone": "confirmed sign-ins that are gone",
    "repeats": "repeats",
    "told_between_two_deaths": "alarms told between two deaths",
    "p50_seconds": "first told after it was due, p50, s",
    "p99_seconds": "p99, s",
    "logbook": "logbook and rows",
}


def _kills(result: Stored) -> str:
    runs = [*result["runs"], *result["calm"]]
    head = ("", *(f"{run['database']}{', no faults' if run['calm'] else ''}" for run in runs))
    asked = [
        ("watchkeepers", *(run["watchkeepers"] for run in runs)),
        ("their clocks apart, s", *(run["clocks_apart_seconds"] for run in runs)),
        ("tries that the provider fails", *(f"{100 * run['faulty_share']:g} %" for run in runs)),
    ]
    rows = [(title, *(run.get(name, "") for run in runs)) for name, title in KILL_ROWS.items()]
    planted = result["planted"]
    shown = "the accounts show it" if planted["shown"] else "THE ACCOUNTS SHOW NOTHING"
    found = [f"{name} {planted[name]}" for name in ("due", "lost", "logbook") if name in planted]
    bug = f"\nWith the planted bug `{planted['name']}` {shown}{': ' * bool(found)}"
    bug += ", ".join(found) + ".\n"
    return table(head, [*asked, *rows]) + bug


def _simulator_line(result: Stored) -> str:
    runs = result["runs"]
    years = sum(run["station_years"] for run in runs)
    return (
        f"{years:.2f} station-years, {sum(run['sums']['alarms'] for run in runs)} alarms: "
        f"lost {_sum(runs, 'lost')}, false {_sum(runs, 'false')}, "
        f"promises broken {sum(sum(run['broken'].values()) for run in runs)}{again.line(result)}"
    )


def _simulator(result: Stored) -> str:
    runs = result["runs"]
    rows: list[tuple[object, ...]] = [
        ("worlds", *(run["worlds"] for run in runs)),
        ("station-years", *(run["station_years"] for run in runs)),
    ]
    rows += [(name, *(run["sums"][name] for run in runs)) for name in runs[0]["sums"]]
    rows += [(name, *(run[name] for run in runs)) for name in ("lost", "false")]
    rows.append(("promises broken", *(_broken(run) for run in runs)))
    head = ("", *(f"{run['database']}, {run.get('stations', 'busy')} stations" for run in runs))
    planted = result["planted"]
    shown = planted["broken"] or "NOTHING"
    found = f"\nWith the planted bug `{planted['name']}` it finds: {shown}\n"
    return table(head, rows) + again.text(result) + found


def _broken(run: Stored) -> str:
    return ", ".join(f"{name}: {count}" for name, count in run["broken"].items()) or "none"


def _powercut_line(result: Stored) -> str:
    ours, usual = result["FULL"], result["NORMAL (planted)"]
    return (
        f"{ours['cuts']} cuts, {ours['losing']} lost a confirmed entry; with the usual advice "
        f"(planted) {usual['losing']} of {usual['cuts']} did"
    )


def _powercut(result: Stored) -> str:
    rows = [
        (mode, one["cuts"], one["confirmed"], one["losing"], one["lost"], one["damaged"])
        for mode, one in result.items()
    ]
    head = ("synchronous", "cuts", "entries confirmed", "cuts that lost some", "lost", "damaged")
    return table(head, rows)


def _planted_line(result: Stored) -> str:
    rows, listed = result["rows"], result["listed"]
    caught = sum(row["verdict"] == "caught" for row in rows.values())
    return (
        f"{caught} of {result['of']} caught; failures of other systems: "
        f"{sum(listed.values())} of {len(listed)}"
    )


def _planted(result: Stored) -> str:
    missed = [
        (name, row["verdict"]) for name, row in result["rows"].items() if row["verdict"] != "caught"
    ]
    told = [(what, "caught" if held else "not shown") for what, held in result["listed"].items()]
    text = table(("Failure of another system, planted here", ""), told)
    if left := result["of"] - len(result["rows"]):
        text += f"\n{left} of the patches were not tried yet.\n"
    if earlier := result.get("earlier", 0):
        text += f"\n{earlier} were last tried with an earlier state of the sources.\n"
    return text + ("\n" + table(("Not caught", ""), missed) if missed else "")


def _any_order_line(result: Stored) -> str:
    runs, wrong = result["runs"], sum(len(run["differences"]) for run in result["runs"])
    return (
        f"{_sum(runs, 'entries')} entries over {len(runs)} databases, in order, and shuffled and "
        f"doubled ({_sum(runs, 'sent_shuffled')} sent): {wrong} differences; the logbook "
        + ("DIFFERS" if any(any(run["logbooks"]) for run in runs) else "agrees")
    )


def _zones_line(result: Stored) -> str:
    return (
        f"{result['zone_years']} zone-years, {result['changes']} changes of the clocks: "
        f"{'all as in the golden table' if result['passed'] else 'NOT AS IN THE TABLE'}"
    )


def _clocks_line(result: Stored) -> str:
    jumps = result["jumps"]
    late = max(float(jump["late_seconds"]) for jump in jumps)
    return f"{len(jumps)} live jumps, no alarm more than {late:.2f} s late by the true clock"


def _bench_line(result: Stored) -> str:
    return f"{result['sizes']['open_many']:,} open, {_gate_line(result)}"


def _gate_line(result: Stored) -> str:
    judged = [one for one in result["figures"] if one.get("must") is not None]
    missed = [one["figure"] for one in judged if not one["must_met"]]
    said = f"MISSED: {'; '.join(dict.fromkeys(missed))}" if missed else "every must is met"
    return f"{len(judged)} figures with a must: {said}"


def _bench(result: Stored) -> str:
    return f"{_gate(result)}\nAfter an outage:\n\n{_anything({'rows': result['catch_up']})}"


def _gate(result: Stored) -> str:
    rows = [
        (
            one["figure"],
            one["database"],
            f"{one['value']:.4g}",
            _bound(one, "must"),
            _bound(one, "aim"),
            ", ".join(f"{name} {one[name]}" for name in one if name not in BENCH_COLUMNS),
        )
        for one in result["figures"]
    ]
    head = ("Figure", "Database", "Value", "Must", "Aim", "Beside it")
    return table(head, rows)


BENCH_COLUMNS = ("figure", "database", "value", "must", "aim", "must_met", "aim_met")


def _bound(one: Stored, name: str) -> str:
    if one.get(name) is None:
        return ""
    return f"{one[name]} ({'met' if one[f'{name}_met'] else 'missed'})"


def _anything(result: Any) -> str:
    """Figures of a suite that this page knows no more of: names and values, lists as tables."""
    if not isinstance(result, Mapping):
        result = {"rows": result}
    text = ""
    single = [(key, value) for key, value in result.items() if not isinstance(value, list | dict)]
    if single:
        text += table(("Figure", "Value"), single)
    for key, value in result.items():
        if isinstance(value, dict):
            text += f"\n{key}:\n\n" + table(("Figure", "Value"), value.items())
        elif value and isinstance(value, list) and isinstance(value[0], dict):
            head = tuple(dict.fromkeys(name for row in value for name in row))
            text += ("\n" if text else "") + table(
                head, [tuple(row.get(name, "") for name in head) for row in value]
            )
    return text


SECTIONS: dict[str, Callable[[Any], str]] = {
    "kills": _kills,
    "simulator": _simulator,
    "powercut": _powercut,
    "planted": _planted,
    "bench": _bench,
    "gate": _gate,
}
LINES: dict[str, Callable[[Any], str]] = {
    "kills": _kills_line,
    "simulator": _simulator_line,
    "powercut": _powercut_line,
    "planted": _planted_line,
    "any_order": _any_order_line,
    "zones": _zones_line,
    "clocks": _clocks_line,
    "bench": _bench_line,
    "gate": _gate_line,
}
