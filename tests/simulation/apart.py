"""Long forms that run in a process and on a database of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from tests import pgplugin


def run_apart(module: str, *words: str, database: str) -> int:
    """Run `module` with these words and `--here`, on a fresh database of this kind that is thrown
    away; gives its exit code."""
    url, stop = pgplugin.start_postgresql() if database == "postgresql" else ("", None)
    try:
        with tempfile.TemporaryDirectory(prefix="homeby-apart-") as folder:
            again = [sys.executable, "-m", module, *words, "--here"]
            return subprocess.call(again, env=_environment(folder, url))
    finally:
        if stop is not None:
            stop()


def _environment(folder: str, url: str) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("HOMEBY_")}
    own |= {"DJANGO_SETTINGS_MODULE": "homeby.django_settings", "HOMEBY_HOME": folder}
    if url:
        own["HOMEBY_DATABASE_URL"] = pgplugin.create_database(url=url, name="apart")
        own["HOMEBY_ALLOW_UNSAFE_DATABASE"] = "1"  # the PostgreSQL of the tests runs without fsync
    return own
