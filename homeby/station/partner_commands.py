"""The words of `homeby partner …`: each command parses them and calls one function of `partner`.

Nothing of Django is loaded before a command needs it; `homeby/cli.py` brings what readies it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer

Code = Annotated[str, typer.Argument(help="The code that the other station made.")]
Name = Annotated[str, typer.Argument(help="Name or id of the partner station.")]
Reason = Annotated[str, typer.Option(prompt="Why", help="Both stations read it.")]
Once = Annotated[bool, typer.Option("--once", help="Write once, and leave.")]


def commands(*, joined: Callable[[], None], sender: Callable[[bool], None]) -> typer.Typer:
    """The commands. `joined` readies a station whose clock and tables are checked; `sender` is the
    process that writes to the partner stations, once or until told to stop."""
    app = typer.Typer(
        no_args_is_help=True, help="Partner stations: two stations that watch each other."
    )

    @app.command()
    def invite() -> None:
        """Make a pairing code for another station. It lasts ten minutes and serves one station."""
        joined()
        from homeby.station import partner

        raise typer.Exit(partner.invite(say=print))

    @app.command()
    def accept(code: Code) -> None:
        """Take the code of another station, and become its partner."""
        joined()
        from homeby.station import partner

        raise typer.Exit(partner.accept(code=code, say=print))

    @app.command(name="list")
    def list_() -> None:
        """The partner stations: when each was heard, what it said."""
        joined()
        from homeby.station import partner

        raise typer.Exit(partner.show(say=print))

    @app.command()
    def end(name: Name, reason: Reason) -> None:
        """End a partnership. Those who keep the watch of both stations are told."""
        joined()
        from homeby.station import partner

        raise typer.Exit(partner.end(name=name, reason=reason, say=print))

    @app.command()
    def send(once: Once = False) -> None:
        """Write to the partner stations once a minute; `homeby run` starts it."""
        sender(once)

    return app
