"""Stations of tests whose tables are made already: those of one first start, made once in a run and
copied, for its steps take each station seconds. What judges a first start takes none of these."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from tests import pgplugin

ROOT = Path(__file__).resolve().parents[1]
NAME = "founded_once"
FOUND = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "homeby.django_settings"
import django
django.setup()
from homeby.database import versions
from homeby.settings import current
versions.bring_up_to_date(home=current().home)
"""


def founded_station(*, folder: Path, name: str) -> dict[str, str]:
    """As `pgplugin.own_station`, with its tables and its people key; it holds nothing else."""
    own, source = pgplugin.own_station(folder=folder, name=name), Path(_source()["HOMEBY_HOME"])
    home = Path(own["HOMEBY_HOME"])
    (home / "keys").mkdir(parents=True, mode=0o700)
    shutil.copy2(source / "keys/people.key", home / "keys/people.key")
    if pgplugin.chosen.database != "postgresql":
        shutil.copy2(source / "homeby.sqlite3", home / "homeby.sqlite3")
        return own
    called = urlsplit(own["HOMEBY_DATABASE_URL"]).path.removeprefix("/")
    like = urlsplit(_source()["HOMEBY_DATABASE_URL"]).path.removeprefix("/")
    pgplugin.create_database(url=os.environ["HOMEBY_DATABASE_URL"], name=called, like=like)
    return own


@functools.cache
def _source() -> dict[str, str]:
    """The one that was founded, by its own start."""
    own = pgplugin.own_station(folder=Path(os.environ["HOMEBY_HOME"]) / NAME, name=NAME)
    subprocess.run([sys.executable, "-c", FOUND], env=own, cwd=ROOT, check=True)
    return own
