"""The words of `homeby seal`, `open` and `archive-key`: each parses them, calls one function.

Sealing and opening need no station: they run on a machine that never was one, with this program and
the file alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Text = Annotated[Path, typer.Argument(help="The report, as plain text; - reads what is typed.")]
To = Annotated[
    list[str], typer.Option("--to", help="A key it is sealed to: age1...; at least two.")
]
Mission = Annotated[str, typer.Option(help="Which mission it is about, in words or by its id.")]
Author = Annotated[str, typer.Option(help="Whose report it is.")]
Out = Annotated[Path, typer.Option("--out", help="The sealed file to write, such as report.age.")]
File = Annotated[Path, typer.Argument(help="The sealed file.")]
Identity = Annotated[
    list[Path],
    typer.Option(help="A file with a secret half (AGE-SECRET-KEY-1...), as on your paper."),
]
Archive = Annotated[
    Path | None,
    typer.Option(
        help="The folder that `homeby sealed-files` wrote; two envelopes open FILE by it."
    ),
]
Folder = Annotated[Path, typer.Option("--out", help="The folder to write, which is not there yet.")]
Wrapped = Annotated[
    Path | None,
    typer.Option(help="Your key as the station keeps it; the paper opens it, and it opens FILE."),
]
Officers = Annotated[
    list[str], typer.Option("--officer", help="The log-in name of one of three; give it thrice.")
]


def add(app: typer.Typer, *, joined: Callable[[], None], stop: Callable[[str], typer.Exit]) -> None:
    """Add the commands. `joined` readies a station; `stop` says a sentence and ends."""

    @app.command()
    def seal(text: Text, to: To, out: Out, mission: Mission = "", author: Author = "") -> None:
        """Seal a debrief on this machine, without any page; whoever reads it opens it as usual."""
        from homeby.station import sealing

        try:
            print(sealing.seal(text=text, to=to, out=out, about=(mission, author)))
        except sealing.Trouble as trouble:
            raise stop(str(trouble)) from None

    @app.command("open")
    def open_it(
        file: File, identity: Identity, wrapped: Wrapped = None, archive: Archive = None
    ) -> None:
        """Open a sealed debrief on this machine, without any page."""
        from homeby.station import sealing

        try:
            beside = sealing.Beside(wrapped=wrapped, archive=archive)
            print(sealing.open_file(file=file, identities=identity, beside=beside), end="")
        except sealing.Trouble as trouble:
            raise stop(str(trouble)) from None

    @app.command()
    def archive_key(officer: Officers) -> None:
        """Make the archive key, which two of three officers open together, and print three
        envelopes. It is printed this once."""
        joined()
        from homeby.station import archive_keys

        raise typer.Exit(archive_keys.run(logins=officer, say=print))

    @app.command()
    def sealed_files(out: Folder) -> None:
        """Write all sealed debriefs, as they are, and what two envelopes open the archive with."""
        joined()
        from homeby.station import archive_keys

        raise typer.Exit(archive_keys.write_files(out=out, say=print))
