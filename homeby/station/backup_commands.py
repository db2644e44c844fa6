"""The words of `homeby backup`, `backup-key` and `restore`: each parses them, calls one function.

Nothing of Django is loaded before a command needs it; `homeby/cli.py` brings what readies it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

To = Annotated[
    list[str] | None,
    typer.Option("--to", help="One more person to seal it to: age1... or name=age1..."),
]
Folder = Annotated[
    Path | None, typer.Option(help="Where to write it; empty: backup_folder of the settings.")
]
Keep = Annotated[
    int | None,
    typer.Option(min=1, help="Keep so many backups of this station there, the new one too."),
]
File = Annotated[Path, typer.Argument(help="The backup.")]
Identity = Annotated[
    Path, typer.Option(help="A file with the secret half of a backup key that it is sealed to.")
]


def add(app: typer.Typer, *, joined: Callable[[], None], bare: Callable[[], None]) -> None:
    """Add the commands. `joined` readies a station whose clock and tables are checked, `bare` only
    Django, for a station that is not there yet."""

    @app.command()
    def backup(to: To = None, folder: Folder = None, keep: Keep = None) -> None:
        """Keep the whole station in one sealed file, while it runs."""
        joined()
        from homeby.settings import current
        from homeby.station.backup import making

        wish = making.Wish(to=to or (), folder=folder, keep=keep)
        raise typer.Exit(making.run(settings=current(), wish=wish, say=print))

    @app.command()
    def backup_key() -> None:
        """Make a backup key: its secret half opens backups, its public half seals them."""
        from homeby.station.backup import backup_keys

        print(backup_keys.made(), end="")

    @app.command()
    def restore(file: File, identity: Identity) -> None:
        """Bring a station back from a backup, into an empty folder and an empty database."""
        bare()
        from homeby.settings import current
        from homeby.station.backup import restoring

        code = restoring.run(settings=current(), file=file, identity=identity, say=print)
        raise typer.Exit(code)
