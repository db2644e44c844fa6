"""The words of the commands by which the logbook is checked and proven."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


def add(app: typer.Typer, *, joined: Callable[[], None], bare: Callable[[], None]) -> None:
    """Add the commands. `joined` readies a station whose clock and tables are checked, `bare` loads
    the program alone."""

    @app.command()
    def verify(
        against: Annotated[
            str,
            typer.Option(help="A checkpoint kept outside: a file, or its words in quotes."),
        ] = "",
        as_json: Json = False,
    ) -> None:
        """Replay the logbook, compare it with the rows, with every kept checkpoint and with one
        that you hold; print the first difference, and the index of the first wrong entry."""
        bare()
        import sys

        from homeby.settings import current
        from homeby.station import start, verifying
        from homeby.station.supervisor import CannotStart

        def say(line: str) -> None:
            print(line, file=sys.stderr, flush=True)

        try:
            start.refuse()
        except CannotStart as trouble:
            say(str(trouble))
            raise typer.Exit(2) from None
        code = verifying.run(settings=current(), against=against, as_json=as_json, say=say)
        raise typer.Exit(code)

    @app.command()
    def prove(
        entry: Annotated[str, typer.Argument(help="The entry: its id, or its number.")],
        out: Annotated[
            Path | None, typer.Option(help="The file to write; else entry-NUMBER.tlog-proof.")
        ] = None,
        against: Annotated[
            str, typer.Option(help="The checkpoint it shall lead to; else one of this moment.")
        ] = "",
        body: Annotated[
            Path | None,
            typer.Option(help="Write what the entry says into this file, and not into the proof."),
        ] = None,
    ) -> None:
        """Write the proof that an entry stands in the logbook: one file, which tools/check_proof.py
        checks without Homeby."""
        joined()
        from homeby.station import proving

        wish = proving.Wish(entry=entry, out=out, against=against, body=body)
        raise typer.Exit(proving.run(wish, say=print))
