#!/usr/bin/env python3
"""The tasks of this repository. Needs Python 3.11 or newer and nothing else; brings the rest.

`make <task> ARGS="..."` and `python3 dev.py <task> ...` are the same. What is fetched stays below
this folder: `.tools` (uv, when the machine has none) and `.venv` (the pinned, hashed libraries).
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it with an older one gets a sentence
    _FOUND = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(
        "Homeby needs Python 3.11 or newer, and this is Python "
        + _FOUND
        + ". Name a newer one that "
        "this machine has, for example: make demo PYTHON=python3.12"
    )

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent
TOOLS, VENV, LISTS = ROOT / ".tools", ROOT / ".venv", ROOT / "requirements"
PYTHON, STAMP = VENV / "bin" / "python", VENV / "homeby-libraries.json"
UV = "uv==0.13.9"
LOOKED = "# When all libraries were last compared with their newest: make lock ARGS=--upgrade\n"

NO_NETWORK = (
    "Homeby could not fetch what it needs; the lines above say why. Is this machine on the network "
    "(behind a proxy: is HTTPS_PROXY set)? Give the same command again: what was fetched is kept."
)
Part = tuple[str, list[str], dict[str, str]]


#: Of another Python; and the wish to keep no compiled files, with which each of the hundreds of
#: processes of a test run, and each of a station, compiles Django and us anew before it begins.
NOT_PASSED_ON = ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")


def environment(**extra: str) -> dict[str, str]:
    """What every program started from here sees: this Python, this machine's certificates."""
    kept = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
    base = os.path.realpath(sys.executable) if sys.prefix != sys.base_prefix else sys.executable
    own = {"UV_PYTHON": base, "UV_PYTHON_DOWNLOADS": "never", "UV_SYSTEM_CERTS": "1"}
    own["PIP_ROOT_USER_ACTION"] = "ignore"
    return {**kept, **own, **extra}


def run(*command: str | Path, **extra: str) -> int:
    """Run a program in this folder and wait for it."""
    return subprocess.run([*command], cwd=ROOT, env=environment(**extra), check=False).returncode


def need(code: int) -> None:
    """Stop with the sentence about the network when a program that fetches has failed."""
    if code:
        sys.exit(NO_NETWORK)


def works(command: list[str | Path]) -> bool:
    """Whether a program is there and answers (a pyenv shim may be there and not answer)."""
    try:
        return subprocess.run([*command, "--version"], capture_output=True).returncode == 0
    except OSError:
        return False


def uv() -> list[str | Path]:
    """How uv is called here; fetched into `.tools` when the machine has none."""
    found: list[list[str | Path]] = [["uv"], [TOOLS / "venv/bin/uv"], [TOOLS / "lib/bin/uv"]]
    for command in found:
        if works(command):
            return command
    print("Fetching uv, which installs the libraries (once) ...", flush=True)
    wanted = ["--quiet", "--require-hashes", "-r", str(LISTS / "uv.txt")]
    made = subprocess.run([sys.executable, "-m", "venv", TOOLS / "venv"], capture_output=True)
    if made.returncode == 0:
        need(run(TOOLS / "venv/bin/python", "-m", "pip", "install", *wanted))
        return found[1]
    shutil.rmtree(TOOLS / "venv", ignore_errors=True)  # Debian without python3-venv
    if not works([sys.executable, "-m", "pip"]):
        sys.exit(
            "This Python has neither venv nor pip. On Debian and Ubuntu: apt install python3-venv"
        )
    need(run(sys.executable, "-m", "pip", "install", "--target", TOOLS / "lib", *wanted))
    return found[2]


def installed() -> dict[str, str]:
    """What the stamp in `.venv` says is installed; nothing when there is none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        return {str(key): str(value) for key, value in stamp.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def install(kind: str) -> None:
    """Bring `.venv` in step with `requirements/<kind>.txt`; a second start finds nothing to do.

    `dev` holds everything in `run`, so a `.venv` with `dev` serves both and is never reduced.
    """
    was, version = installed(), f"{sys.version_info[0]}.{sys.version_info[1]}"
    kept = was.get("python") == version and PYTHON.exists()
    if kept and was.get("kind") == "dev":
        kind = "dev"
    wanted = LISTS / f"{kind}.txt"
    now = {"kind": kind, "python": version, "hash": hashlib.sha256(wanted.read_bytes()).hexdigest()}
    if kept and was == now:
        return
    command = uv()
    STAMP.unlink(missing_ok=True)
    if not kept and run(*command, "venv", "--quiet", "--clear", VENV):
        sys.exit(f"The folder {VENV} could not be made; the lines above say why.")
    print(f"Installing the libraries of requirements/{kind}.txt ...", flush=True)
    need(run(*command, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON, wanted))
    STAMP.write_text(json.dumps(now), encoding="utf-8")


def parts(title: str, todo: list[Part], side_by_side: list[Part] | None = None) -> int:
    """Run parts in order, stop at the first that fails; then those that may run at the same time.
    Closes with a table of seconds."""
    rows, code, last = [], 0, side_by_side or []
    for name, command, extra in todo:
        if code:
            rows.append(_row("not run", None, name))
            continue
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        code = run(*command, **extra)
        rows.append(_row("FAILED" if code else "passed", time.monotonic() - began, name))
    if code:
        rows += [_row("not run", None, name) for name, _, _ in last]
    else:
        for name, failed, seconds in together(last):
            code = code or failed
            rows.append(_row("FAILED" if failed else "passed", seconds, name))
    print("\n".join(["", f"{title}: {'FAILED' if code else 'passed'}", *rows]), flush=True)
    return 1 if code else 0


def _row(how: str, seconds: float | None, name: str) -> str:
    return f"  {how:7}  {'' if seconds is None else f'{seconds:6.1f} s':>8}  {name}"


def together(todo: list[Part]) -> list[tuple[str, int, float]]:
    """Run parts at the same time, each to its end: they mostly wait for processes and clocks. What
    the first says is shown as it comes, what the others say when it is done."""
    began, done = time.monotonic(), []
    with contextlib.ExitStack() as stack:
        running = []
        for number, (name, command, extra) in enumerate(todo):
            said = stack.enter_context(tempfile.TemporaryFile()) if number else None
            own = environment(**extra)
            print(f"\n== {name}{' (at the same time; shown below)' if number else ''}", flush=True)
            process = subprocess.Popen(command, cwd=ROOT, env=own, stdout=said)
            stack.callback(process.wait)
            stack.callback(process.terminate)  # only one that an interruption left running
            running.append((name, process, said))
        for name, process, said in running:
            done.append((name, process.wait(), time.monotonic() - began))
            if said is not None:
                said.seek(0)
                print(f"\n== {name}: what it said", flush=True)
                sys.stdout.buffer.write(said.read())
                sys.stdout.flush()
    return done


TYPES = "types (mypy)"


def checks() -> list[Part]:
    """What must hold beside the tests; changes nothing."""
    tool, home = str(VENV / "bin") + "/", {"HOMEBY_TESTS": "1"}
    return [
        ("rules of writing (ruff)", [tool + "ruff", "check", "."], {}),
        ("layout (ruff format)", [tool + "ruff", "format", "--check", "."], {}),
        (TYPES, [tool + "mypy"], home),
        ("staircase (import-linter)", [tool + "lint-imports"], home),
        ("generated pages in step", [str(PYTHON), "-m", "homeby", "docs", "--check"], home),
    ]


def check(_: list[str]) -> int:
    """ruff, mypy, import contracts, generated pages in step; changes nothing"""
    install("dev")
    return parts("check", checks())


def test(args: list[str]) -> int:
    """check, then all tests, on SQLite and on PostgreSQL (ARGS go to pytest)"""
    install("dev")
    pytest = [str(PYTHON), "-m", "pytest"]
    chosen = {"HOMEBY_TEST_CHOICE": "1"} if args else {}  # then a part may select no test
    sqlite = {"HOMEBY_TEST_DATABASE": "sqlite", **chosen}
    postgresql = {"HOMEBY_TEST_DATABASE": "postgresql", **chosen}
    lite = "(house or not once) and not looks"
    both = "(once or (database and not pages)) and not (looks or house)"
    suites: list[Part] = [
        ("tests on SQLite, house", [*pytest, "-m", lite, *args], sqlite),
        (
            "database tests on PostgreSQL, rules",
            [*pytest, "-m", both, *args],
            postgresql,
        ),
        ("walks on PostgreSQL", [*pytest, "-m", "looks", *args], postgresql),
    ]
    # Types take half a minute of one core: they are looked at while the tests run.
    first = [one for one in checks() if one[0] != TYPES]
    return parts("test", first, [*suites, *(one for one in checks() if one[0] == TYPES)])


def fix(_: list[str]) -> int:
    """mend what can be mended: ruff --fix, ruff format, lower tests/house/sizes.toml"""
    install("dev")
    tool = VENV / "bin/ruff"
    done = [run(tool, "check", "--fix", "."), run(tool, "format", ".")]
    return max(*done, run(PYTHON, "-m", "tests.house.sizes"))


def docs(args: list[str]) -> int:
    """write docs/reference again from the code"""
    install("dev")
    return run(PYTHON, "-m", "homeby", "docs", *args, HOMEBY_TESTS="1")


def command(args: list[str]) -> int:
    """install what a real station needs, and the command .venv/bin/homeby"""
    install("run")
    place = PYTHON.parent / "homeby"
    place.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{PYTHON}" -m homeby "$@"\n')
    place.chmod(0o755)
    print(f"Ready: {place.relative_to(ROOT)} init, then run; --help lists the others.")
    return 0


def demo(args: list[str]) -> int:
    """start the demonstration (ARGS=--help says how it can be changed)"""
    install("run")
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), "-m", "homeby", "demo", *args], environment())


def demo_postgresql(args: list[str]) -> int:
    """the demonstration on a PostgreSQL of its own, deleted at the end"""
    install("dev")
    return run(PYTHON, "-m", "tests.pgplugin", PYTHON, "-m", "homeby", "demo", *args)


def planted(args: list[str]) -> int:
    """apply each break in tests/planted to a copy and demand that its test fails"""
    install("dev")
    return run(PYTHON, "-m", "tests.planted", *args)


def simulate(args: list[str]) -> int:
    """one seed, one world: every promise judged (ARGS="--minutes 30 --seed 1 --out FILE")"""
    install("dev")
    return run(PYTHON, "-m", "tests.simulation", *args)


def kill(args: list[str]) -> int:
    """kill watchkeepers, gate and database again and again (ARGS="--kills 5000 --out FILE")"""
    install("dev")
    return run(PYTHON, "-m", "tests.kills", *args)


def proof(args: list[str]) -> int:
    """run every suite and write docs/reference/proof.md (ARGS=--short)"""
    install("dev")
    return run(PYTHON, "-m", "tests.proof", *args)


def powercut(args: list[str]) -> int:
    """cut the power after any step of the disk (ARGS="--cuts 10000 --out FILE")"""
    install("dev")
    return run(PYTHON, "-m", "tests.powercut", *args)


def core(args: list[str]) -> int:
    """how large the watch's core is, how well tested (ARGS="--mutation --out FOLDER")"""
    install("dev")
    return run(PYTHON, "-m", "tests.core", *args)


def fuzz(args: list[str]) -> int:
    """send anything to the intake for a while (ARGS="--minutes 30 --seed 1")"""
    install("dev")
    return run(PYTHON, "-m", "tests.fuzz", *args)


def languages(args: list[str]) -> int:
    """bring the catalogs of the languages in step with the code, and say what is missing"""
    install("dev")
    return run(PYTHON, "-m", "tests.languages", *args)


def sbom(args: list[str]) -> int:
    """write docs/reference/sbom.cdx.json, what a station consists of (ARGS=--check compares)"""
    install("dev")
    return run(PYTHON, "-m", "tests.sbom", *args)


def lock(args: list[str]) -> int:
    """pin the libraries again (ARGS=--upgrade for newer ones)"""
    command = [*uv(), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", *args]
    code = run(*command, "pyproject.toml", "-o", "requirements/run.txt")
    dev = ["--group", "dev", "-o", "requirements/dev.txt", "-c", "requirements/run.txt"]
    code = code or run(*command, "pyproject.toml", *dev)
    with tempfile.NamedTemporaryFile("w", suffix=".in") as wanted:
        wanted.write(UV + "\n")
        wanted.flush()
        tail = [wanted.name, "--no-header", "--no-annotate", "-o", "requirements/uv.txt"]
        code = code or run(*command, *tail)
    if not code and "--upgrade" in args:
        looked = f"looked = {time.strftime('%Y-%m-%d', time.gmtime())}\n"
        (LISTS / "looked.toml").write_text(LOOKED + looked, encoding="utf-8")
    return code


TASKS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "install": command,
    "test": test,
    "check": check,
    "fix": fix,
    "docs": docs,
    "planted": planted,
    "simulate": simulate,
    "kill": kill,
    "powercut": powercut,
    "core": core,
    "fuzz": fuzz,
    "proof": proof,
    "languages": languages,
    "sbom": sbom,
    "lock": lock,
    "demo-pg": demo_postgresql,
}


def main(args: list[str]) -> int:
    """Run the task that is named first; without one, list them."""
    if args and args[0] in TASKS:
        try:
            return TASKS[args[0]](args[1:])
        except KeyboardInterrupt:
            return 130
    print("Tasks (make <task>, or python3 dev.py <task>):")
    for name, task in TASKS.items():
        print(f"  {name:9} {task.__doc__}")
    if args and args[0] not in ("help", "-h", "--help"):
        print(f"There is no task {args[0]}.")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
