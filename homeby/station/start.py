"""What happens before a station runs: its folder, its tables, its files, and the refusals."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import DatabaseError, connections

import homeby
from homeby import clock, keys
from homeby.database import safety, steps, trouble, versions
from homeby.missions.actions.kinds import add_first_kinds
from homeby.people import queries as people
from homeby.settings import Settings, people_key
from homeby.station import live, timing
from homeby.station.backup import unfinished
from homeby.station.demonstration.fresh import MARK
from homeby.station.supervisor import CannotStart
from homeby.watch.actions.partners import losing

_OWNER_ONLY = 0o700
_STAMP = "made-from.txt"


def prepare(*, settings: Settings) -> tuple[steps.Name, ...]:
    """Make the station ready to run, as often as one likes; says which steps the tables made.

    Raises CannotStart with a sentence when the database is unsafe, newer or does not answer, when
    the folder cannot be written, or when a key is missing.
    """
    _refuse_false_demonstration(settings)
    refuse_half(settings=settings)
    try:
        with _alone(home=settings.home):
            return _prepare(settings=settings)
    except (safety.UnsafeDatabase, keys.KeyProblem) as problem:
        raise CannotStart(str(problem)) from None
    except (DatabaseError, OSError) as error:
        raise CannotStart(_sentence(error=error, home=settings.home)) from error
    finally:
        connections.close_all()  # the children open their own


def _prepare(*, settings: Settings) -> tuple[steps.Name, ...]:
    safety.refuse_unsafe_database(now=clock.real_now(), may_be_older=True)
    made = versions.bring_up_to_date(home=settings.home)
    safety.refuse_unsafe_database(now=clock.real_now())
    keys.people_key(home=settings.home)
    if django_settings.STATIC_FILES_ARE_HASHED:
        collect_files(source=Path(django_settings.STATICFILES_DIRS[0]))
    timing.adopt(settings=settings)
    if people.organisation() is not None:  # a station older than kinds of mission gets the first
        add_first_kinds(now=clock.now())
    live.look(home=settings.home, now=clock.now())
    losing.ask(here=live.here(), now=clock.now())  # before anything leaves
    return made


def _refuse_false_demonstration(settings: Settings) -> None:
    """A demonstration lets anybody in, so only a folder made for one may call itself one."""
    if settings.demonstration and not (settings.home / MARK).exists():
        raise CannotStart(
            "The setting demonstration is on, but this is a real station's folder. In a "
            "demonstration anybody may log in and read every message: take the setting away, or "
            "start one with: homeby demo"
        )


def refuse_unfounded(*, settings: Settings) -> None:
    """A station without an organisation has nobody who could log in. Raises CannotStart."""
    found = people.organisation()
    connections.close_all()
    if found is None:
        raise CannotStart(
            f"There is no organisation in {settings.home} yet. Found one with: homeby init. Is it "
            "somewhere else? Then set HOMEBY_HOME to its folder."
        )


def refuse_half(*, settings: Settings) -> None:
    """What a restore has left half done must not run. Raises CannotStart."""
    try:
        unfinished.refuse(home=settings.home)
    except unfinished.Unfinished as half:
        raise CannotStart(str(half)) from None


def refuse() -> None:
    """The refusals alone, for a process that only reads. Raises CannotStart."""
    try:
        safety.refuse_unsafe_database(now=clock.real_now())
    except safety.UnsafeDatabase as problem:
        raise CannotStart(str(problem)) from None


def join(*, settings: Settings) -> None:
    """Join a station whose tables are ready: the refusals, the clock of the others, and whether
    this is a copy. Raises CannotStart."""
    refuse_half(settings=settings)
    refuse()
    try:
        timing.adopt(settings=settings)
        live.look(home=settings.home, now=clock.now())
    except (DatabaseError, OSError) as error:
        raise CannotStart(_sentence(error=error, home=settings.home)) from error


def refuse_without_key() -> None:
    """For a process that opens what is sealed. Raises CannotStart: a watch that can open no address
    would look as if it kept watch."""
    try:
        people_key()
    except keys.KeyProblem as problem:
        raise CannotStart(str(problem)) from None


def collect_files(*, source: Path) -> bool:
    """Copy our files under hashed names, compressed, unless that was done. Says if it did."""
    stamp = Path(django_settings.STATIC_ROOT) / _STAMP
    made_from = _made_from(source=source)
    with contextlib.suppress(OSError):
        if stamp.read_text(encoding="utf-8") == made_from:
            return False
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(made_from, encoding="utf-8")
    return True


def _made_from(*, source: Path) -> str:
    """A text that changes when any of our files does."""
    files = sorted(path for path in source.rglob("*") if path.is_file())
    lines = [f"{path.relative_to(source)} {path.stat().st_mtime_ns}" for path in files]
    return "\n".join([homeby.__version__, *lines]) + "\n"


@contextlib.contextmanager
def _alone(*, home: Path) -> Iterator[None]:
    """One start at a time in this folder; who comes second waits, and finds everything ready."""
    home.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
    with (home / "start.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _sentence(*, error: DatabaseError | OSError, home: Path) -> str:
    if isinstance(error, OSError):
        return f"The station's folder {home} cannot be used: {error.strerror}. Look who owns it."
    known = trouble.recognise(error=error)
    if known is not None and known.kind is trouble.Kind.BUSY:
        return "Another program holds the database. End that program, or wait until it is done."
    return f"The database could not be made ready: {error}. `homeby doctor` says more."
