"""The words of the commands about the search for people who are left out; each parses them and
calls one function. Nothing of Django is loaded before a command needs it."""

from __future__ import annotations

from collections.abc import Callable

import typer


def commands(*, joined: Callable[[], None]) -> typer.Typer:
    """The commands below `homeby welfare`. `joined` readies a station whose clock and tables are
    checked."""
    app = typer.Typer(help="The search for people who are left out.", no_args_is_help=True)

    @app.callback()
    def welfare() -> None:
        """The search for people who are left out."""

    @app.command()
    def recompute() -> None:
        """Make again from the records what the search holds of every team; it may be broken off."""
        joined()
        from homeby.station import searching

        raise typer.Exit(searching.run(say=print))

    return app
