"""The reference pages that are made from the code: entry kinds, settings, commands.

A page that is written by hand goes stale; these are written by `homeby docs`, and the tests compare
them (`homeby docs --check`). Promise: what stands in docs/reference is what the code does.
"""

from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import typer
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

import homeby
from homeby.logbook.rules import KINDS, Erasure, Kind
from homeby.settings import FILE_NAME, PREFIX, Settings

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
MADE = "<!-- Made by `homeby docs` from the code; do not edit. -->\n\n"

ERASURE_WORDS = {
    Erasure.NOTHING_PERSONAL: "holds nothing personal",
    Erasure.ERASE_BODY: "the body is erased, the leaf stays",
    Erasure.SHRED_KEY: "the person's key is destroyed",
}


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; a bar inside a cell would split it, so it is escaped."""
    lines = [head, tuple("---" for _ in head), *rows]
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in line] for line in lines]
    return "".join("| " + " | ".join(line) + " |\n" for line in cells)


def entry_kinds_page(*, kinds: Mapping[str, Kind]) -> str:
    """Every kind of entry: its label, who may read it, how personal data in it is erased."""
    rows = [
        (f"`{kind.name}`", str(kind.label), kind.seen_by.capitalize(), ERASURE_WORDS[kind.erase])
        for _, kind in sorted(kinds.items())
    ]
    head = ("Kind", "What happened", "Who may read it", "When it must be erased")
    text = (
        "# Kinds of entry\n\nEvery line of the logbook has one of these kinds. The person it is "
        "about and the person who made it may read it too.\n\n"
    )
    return MADE + text + _table(head, rows)


def settings_page(*, settings: type[BaseModel]) -> str:
    """Every setting: its name in the file and as a variable, its default, what it does."""
    rows = [
        (f"`{name}`", f"`{PREFIX}{name.upper()}`", _default(field), field.description or "")
        for name, field in settings.model_fields.items()
    ]
    head = (f"In `{FILE_NAME}`", "Variable", "Default", "What it does")
    text = (
        f"# Settings\n\nRead from `{FILE_NAME}` in the station's folder and from variables; a "
        "variable beats the file.\n\n"
    )
    return MADE + text + _table(head, rows)


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=False)
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in ("", (), None):
        return "(empty)"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def commands_page(*, app: typer.Typer) -> str:
    """Every command with its arguments and options."""
    text = "# Commands\n\nEach is called as `homeby COMMAND`, or `python -m homeby COMMAND`.\n"
    found = _commands(typer.main.get_command(app), "")
    return MADE + text + "".join(_command(name, command) for name, command in found)


def _commands(command: object, path: str) -> list[tuple[str, TyperCommand]]:
    """The commands with their full names, in order of name; without those that hide."""
    if isinstance(command, TyperCommand):
        return [] if command.hidden else [(path, command)]
    assert isinstance(command, TyperGroup)
    found: list[tuple[str, TyperCommand]] = []
    for name, inner in sorted(command.commands.items()):
        found += _commands(inner, f"{path} {name}".strip())
    return found


def _command(name: str, command: TyperCommand) -> str:
    arguments = [one for one in command.params if isinstance(one, TyperArgument)]
    options = [one for one in command.params if isinstance(one, TyperOption) and not one.hidden]
    usage = " ".join([name, *(one.metavar or str(one.name).upper() for one in arguments)])
    text = f"\n## homeby {usage}\n\n{_line(command.help)}\n"
    rows = [(f"`{str(one.name).upper()}`", _line(one.help), "") for one in arguments if one.help]
    rows += [(_names(one), _line(one.help), _option_default(one)) for one in options]
    return text + ("\n" + _table(("Option", "What it does", "Default"), rows) if rows else "")


def _names(option: TyperOption) -> str:
    return ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))


def _option_default(option: TyperOption) -> str:
    value = option.default
    return "" if value in (None, False, (), "") or callable(value) else f"`{value}`"


def _line(text: str | None) -> str:
    return " ".join((text or "").split())


def declared_kinds() -> Mapping[str, Kind]:
    """Every kind of entry; a room declares its kinds when its rules are read."""
    for room in pkgutil.iter_modules(homeby.__path__, "homeby."):
        if room.ispkg and importlib.util.find_spec(f"{room.name}.rules"):
            importlib.import_module(f"{room.name}.rules")
    return KINDS


def pages(*, app: typer.Typer) -> dict[str, str]:
    """The text of every page by its file name."""
    return {
        "entry-kinds.md": entry_kinds_page(kinds=declared_kinds()),
        "settings.md": settings_page(settings=Settings),
        "commands.md": commands_page(app=app),
    }


def differences(*, made: Mapping[str, str], folder: Path) -> list[str]:
    """A sentence for each page that is not what the code says, with the first line that differs."""
    found = []
    for name, text in made.items():
        path = folder / name
        present = path.read_text(encoding="utf-8") if path.exists() else ""
        if present != text:
            lines = difflib.unified_diff(present.splitlines(), text.splitlines(), lineterm="", n=0)
            first = next((line for line in list(lines)[3:]), "")
            found.append(
                f"docs/reference/{name} is not in step with the code: make docs\n  {first}"
            )
    return found


def main(*, check: bool, app: typer.Typer, more: Mapping[str, str]) -> int:
    """Write the pages, or with `check` only compare them. Gives 1 when a page is out of step.

    `app` is the whole command line, `more` are pages of what else stands above the station, by
    their file names; `homeby.cli` brings both.
    """
    made = pages(app=app) | dict(more)
    if check:
        found = differences(made=made, folder=FOLDER)
        print("\n".join(found) if found else "docs/reference is in step with the code.")
        return 1 if found else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in made.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        print(f"docs/reference/{name} is written.")
    return 0
