"""The pages made from the code are in step with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel, Field, SecretStr

from homeby.logbook.rules import Audience, Erasure, Kind
from homeby.station import reference
from tests.house.tree import nothing


def sample_program() -> typer.Typer:
    app = typer.Typer()

    @app.command()
    def replay(
        file: Path,
        due: Annotated[str, typer.Option(help="When each is expected back | local.")] = "out+90m",
        json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
    ) -> None:
        """Send records through the
        real watch."""

    @app.command(hidden=True)
    def inner() -> None:
        """Not for people."""

    @app.command()
    def run() -> None:
        """Run the station."""

    return app


class SampleSettings(BaseModel):
    port: int = Field(default=8765, description="The port.")
    hosts: tuple[str, ...] = Field(default=(), description="Further hosts.")
    secret: SecretStr = Field(default=SecretStr(""), description="A secret.")
    shown: bool = Field(default=False, description="Whether.")


def test_the_pages_are_in_step() -> None:
    from homeby.cli import app

    made = reference.pages(app=app)
    nothing(reference.differences(made=made, folder=reference.FOLDER))


def test_a_page_out_of_step_is_noticed(tmp_path: Path) -> None:
    made = {"a.md": "one\ntwo\n"}
    assert len(reference.differences(made=made, folder=tmp_path)) == 1
    (tmp_path / "a.md").write_text("one\n2\n", encoding="utf-8")
    assert "-2" in reference.differences(made=made, folder=tmp_path)[0]
    (tmp_path / "a.md").write_text("one\ntwo\n", encoding="utf-8")
    assert reference.differences(made=made, folder=tmp_path) == []


def test_commands_are_listed_with_arguments_and_options() -> None:
    page = reference.commands_page(app=sample_program())
    assert "## homeby replay FILE" in page
    assert "Send records through the real watch." in page
    assert "| `--due` | When each is expected back \\| local. | `out+90m` |" in page
    assert "| `--json` | Figures as JSON. |  |" in page
    assert "## homeby run\n" in page
    assert "inner" not in page


def test_settings_are_listed_and_no_secret_is_shown() -> None:
    page = reference.settings_page(settings=SampleSettings)
    assert "| `port` | `HOMEBY_PORT` | `8765` | The port. |" in page
    assert "| `shown` | `HOMEBY_SHOWN` | `false` | Whether. |" in page
    assert page.count("(empty)") == 2


def test_kinds_are_listed_in_order() -> None:
    kinds = {
        name: Kind(name=name, label="x", seen_by=Audience.WATCH, erase=Erasure.ERASE_BODY)
        for name in ("B_ONE", "A_ONE")
    }
    page = reference.entry_kinds_page(kinds=kinds)
    assert page.index("A_ONE") < page.index("B_ONE")
    assert "| `A_ONE` | x | Watch | the body is erased, the leaf stays |" in page
