"""The words of the commands about the catalogue of qualifications."""

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
