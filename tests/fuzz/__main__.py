"""`python -m tests.fuzz --minutes 30`: whatever is sent to the intake, what must hold holds.

First every input that was once a fault (`tests/fuzz/kept`), then seeds changed by hypothesis, then
atheris, guided by which lines of the intake an input reaches, for so many `--minutes` or `--runs`.
Where atheris has no wheel (it has for Linux on x86-64, Python 3.11 to 3.14), hypothesis takes its
share. A fault ends it, says what did not hold, and is kept as a file; `--again FILE` sends that
file. The station is one of its own, in a temporary folder (SQLite).
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import importlib.util
import inspect
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.fuzz.door import Door

FOLDER = Path(__file__).resolve().parent / "kept"
GUIDED = (
    "homeby.web.intake.entries",
    "homeby.web.intake.proving",
    "homeby.web.intake.reading",
    "homeby.web.intake.sealed",
    "homeby.missions.rules.intake",
    "homeby.missions.actions.intake",
    "homeby.missions.actions.spoken",
    "homeby.missions.actions.after_all",
    "homeby.missions.actions.unmatched",
)
PARTS_OF_A_KEPT_ONE = b"\n########\n"
MEGABYTES_MAX = 200
THREADS_MAX = 4


def has_wheel() -> bool:
    """Whether atheris can be installed here; the same words stand in pyproject.toml."""
    is_linux = sys.platform == "linux" and platform.machine() == "x86_64"
    return is_linux and (3, 11) <= sys.version_info[:2] < (3, 15)


def main() -> int:
    """Start the fuzzing in a process whose environment holds nothing of a real station."""
    words = _words()
    if words.here:
        return _here(words)
    with tempfile.TemporaryDirectory(prefix="homeby-fuzz-") as home:
        own = {name: value for name, value in os.environ.items() if not name.startswith("HOMEBY_")}
        own |= {"DJANGO_SETTINGS_MODULE": "homeby.django_settings", "HOMEBY_HOME": home}
        own["HOMEBY_TESTS"] = "1"  # keys that are always the same, and hashes that are quick
        return subprocess.call(
            [sys.executable, "-m", "tests.fuzz", *sys.argv[1:], "--here"], env=own
        )


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--runs", type=int, default=0, help="so many inputs instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("atheris", "hypothesis"))
    parser.add_argument("--keep", type=Path, default=FOLDER, help="where a fault is kept")
    parser.add_argument("--again", type=Path, nargs="+", help="only send these files")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


class Run:
    """One run: its door, its end, and what it says."""

    def __init__(self, words: argparse.Namespace, door: Door, engine: str) -> None:
        self.words, self.door, self.engine = words, door, engine
        self.began = time.monotonic()
        self.megabytes = 0.0
        runs = words.runs or (0 if words.minutes else 2000)
        self._last = door.inputs + runs if runs else None
        self._seconds = words.minutes * 60

    def is_over(self) -> bool:
        """Whether enough was sent."""
        if self._last is not None:
            return self.door.inputs >= self._last
        return time.monotonic() - self.began >= self._seconds

    def send(self, data: bytes) -> None:
        """One input. A fault ends the process: atheris comes back to nobody."""
        from tests.fuzz.door import EPOCH

        try:
            self.door.send(data)
            if self.door.inputs == 2 * EPOCH:
                self.megabytes = _megabytes()
        except Exception:  # noqa: BLE001 - whatever it is: it must not
            self._leave(self._kept(traceback.format_exc()))

    def finish(self) -> None:
        """The last epoch ends, and the process with it."""
        try:
            self.door.end()
        except Exception:  # noqa: BLE001 - as above
            self._leave(self._kept(traceback.format_exc()))
        more = _megabytes() - self.megabytes if self.megabytes else 0.0
        if more > MEGABYTES_MAX:
            self._leave(f"{more:.0f} MB more than after the first inputs")
        if threading.active_count() > THREADS_MAX:
            self._leave(f"{threading.active_count()} threads are left")
        self._leave("")

    def _kept(self, fault: str) -> str:
        """Keep what brought the fault: alone if it does so alone, else with what went before."""
        history = [*self.door.history]
        try:
            self.door.renew()
            self.door.send(history[-1])
            self.door.end()
        except Exception:  # noqa: BLE001 - as above
            history = history[-1:]
        data = PARTS_OF_A_KEPT_ONE.join(history)
        self.words.keep.mkdir(parents=True, exist_ok=True)
        path = self.words.keep / f"{hashlib.sha256(data).hexdigest()[:12]}.input"
        path.write_bytes(data)
        return f"{fault}\nkept as {path}"

    def _leave(self, fault: str) -> None:
        door = self.door
        found = {
            "engine": self.engine,
            "seed": self.words.seed,
            "inputs": door.inputs,
            "seconds": round(time.monotonic() - self.began, 1),
            "statuses": {str(key): door.statuses[key] for key in sorted(door.statuses)},
            "answers": door.taken,
            "megabytes": round(_megabytes()),
            "fault": fault,
        }
        print(json.dumps(found), flush=True)
        os._exit(1 if fault else 0)


def _megabytes() -> float:
    """How much memory this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _here(words: argparse.Namespace) -> int:
    engine = words.engine or ("atheris" if has_wheel() else "hypothesis")
    if engine == "atheris" and importlib.util.find_spec("atheris") is None:
        sentence = "atheris is not here, though there is a wheel for this machine: make check"
        print(sentence, file=sys.stderr)
        return 2
    door = _opened()
    run = Run(words, door, engine)
    for path in words.again or sorted(FOLDER.glob("*.input")):
        door.renew()
        for data in path.read_bytes().split(PARTS_OF_A_KEPT_ONE):
            run.send(data)
    if not words.again:
        share = max(50, words.runs // 5)
        _by_hypothesis(run, lambda: False, share)
        if engine == "atheris":
            _by_atheris(run)
        while not run.is_over():
            _by_hypothesis(run, run.is_over, 1000)
    run.finish()
    return 0


def _opened() -> Door:
    import django

    django.setup()
    from tests.fuzz.door import Door

    return Door()


def _by_hypothesis(run: Run, is_over: Callable[[], bool], examples: int) -> None:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as st

    from tests.fuzz.inputs import changed, seeds

    seed = run.words.seed + run.door.inputs
    known = list(seeds())

    def steps(data: bytes, chances: list[int]) -> bytes:
        for chance in chances:
            data = changed(data, random.Random(chance))
        return data

    near = st.builds(steps, st.sampled_from(known), st.lists(st.integers(0, 2**32), max_size=8))

    @seeded(seed)
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(near | near | st.binary(max_size=300))
    def send(data: bytes) -> None:
        if not is_over():
            run.send(data)

    send()


def _functions(name: str) -> Iterator[Any]:
    """The functions and methods that stand in a module."""
    module = importlib.import_module(name)
    own = [one for one in vars(module).values() if getattr(one, "__module__", "") == name]
    for one in own:
        yield from (one, *(vars(one).values() if isinstance(one, type) else ()))


def _by_atheris(run: Run) -> None:
    from tests.fuzz.inputs import changed, dictionary, seeds

    atheris: Any = importlib.import_module("atheris")  # no types, and not everywhere
    for name in GUIDED:
        for function in filter(inspect.isfunction, _functions(name)):
            atheris.instrument_func(function)
    folder = Path(os.environ["HOMEBY_HOME"]) / "fuzz"
    corpus = folder / "corpus"
    corpus.mkdir(parents=True)
    for number, data in enumerate(seeds()):
        (corpus / f"seed-{number:03}").write_bytes(data)
    words = "".join(f'"{_escaped(word)}"\n' for word in dictionary())
    (folder / "words").write_text(words, encoding="ascii")

    def one(data: bytes) -> None:
        if run.is_over():
            run.finish()
        run.send(data)

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.4:
            return bytes(atheris.Mutate(data, most))
        return changed(data, chance)[:most]

    how = [f"-dict={folder / 'words'}", f"-seed={run.words.seed}", "-max_len=8192"]
    limits = ["-timeout=60", "-rss_limit_mb=2048", "-verbosity=0", f"-artifact_prefix={folder}/"]
    atheris.Setup(["fuzz", *how, *limits, str(corpus)], one, custom_mutator=mutated)
    atheris.Fuzz()


def _escaped(word: str) -> str:
    plain = [chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}" for byte in word.encode()]
    return "".join("\\" + one if one in ('"', "\\") else one for one in plain)


if __name__ == "__main__":
    sys.exit(main())
