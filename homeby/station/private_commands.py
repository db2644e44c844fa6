"""The words of the commands about people's own data; each parses them and calls one function.

Nothing of Django is loaded before a command needs it; `homeby/cli.py` brings what readies it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Login = Annotated[str, typer.Argument(help="Whose data: their log-in name.")]
Out = Annotated[Path, typer.Option("--out", help="The file to write, such as fox.zip.")]


def add(app: typer.Typer, *, joined: Callable[[], None]) -> None:
    """Add the commands. `joined` readies a station whose clock and tables are checked."""

    @app.command()
    def archive(login: Login, out: Out) -> None:
        """Pack all that is kept of one person into a file, for her: JSON and a PDF."""
        joined()
        from homeby.station import archiving

        raise typer.Exit(archiving.run(login=login, out=out, say=print))

    @app.command()
    def retain(
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, erase nothing.")] = False,
    ) -> None:
        """Erase what the organisation's rules no longer keep. `homeby run` does it once a day."""
        joined()
        from homeby.station import retaining

        raise typer.Exit(retaining.run(dry_run=dry_run, say=print))

    @app.command()
    def hourly() -> None:
        """Ask for kit that is due, and once a day erase what is no longer kept; `homeby run` does
        it every hour."""
        joined()
        from homeby.station import hourly

        raise typer.Exit(hourly.run())
