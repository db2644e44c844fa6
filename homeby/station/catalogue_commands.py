"""The words of the commands about the catalogue of qualifications, and lists of crews."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Files = Annotated[
    list[Path] | None,
    typer.Argument(help="Files of the catalogue; none: the one that comes with Homeby."),
]


def add(app: typer.Typer, *, joined: Callable[[], None]) -> None:
    """Add the commands. `joined` readies a station whose clock and tables are checked."""
    group = typer.Typer(no_args_is_help=True, help="The catalogue of qualifications.")
    app.add_typer(group, name="catalogue")

    @group.callback()
    def _catalogue() -> None:
        """The catalogue of qualifications."""

    @group.command()
    def load(files: Files = None) -> None:
        """Take a catalogue in: what has a known key is changed, all else is added."""
        joined()
        from homeby.station import catalogue_loading

        raise typer.Exit(catalogue_loading.run(files=files or [], say=print))

    @app.command(name="crew-history")
    def crew_history(
        file: Annotated[Path, typer.Argument(help="A list of crews, one row a seat; CSV, CSV.gz.")],
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Only say what is wrong in it.")
        ] = False,
        listed: Annotated[
            Path | None, typer.Option("--defects", help="Write each defect with its line here.")
        ] = None,
    ) -> None:
        """Bring in who was on which mission as what, and list what is wrong in the file."""
        joined()
        from homeby import clock
        from homeby.station.crews import command

        now = clock.now()
        raise typer.Exit(command.run(file, dry_run=dry_run, listed=listed, now=now, say=print))
