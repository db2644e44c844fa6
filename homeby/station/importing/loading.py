"""Finding and reading a map, and saying in sentences what is wrong with it."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from homeby.sentences import gettext as _
from homeby.station.importing import mapping as maps
from homeby.station.importing.wording import quoted

MAP_BYTES_MAX = 1_000_000
READY_MAPS = Path(__file__).resolve().parent.parent / "maps"


class MapProblem(ValueError):
    """What is wrong with a map, one sentence a line."""

    def __init__(self, *, map_path: str, sentences: list[str]) -> None:
        super().__init__("\n".join(f"{map_path}: {sentence}" for sentence in sentences))
        self.sentences = sentences


def ready_maps() -> list[str]:
    """The names of the maps that come with Homeby; `load` takes them in place of a path."""
    return sorted(path.stem for path in READY_MAPS.glob("*.toml"))


def load(*, path: Path) -> maps.Mapping:
    """Read a map from a file, or the ready one of that name. Raises MapProblem with sentences."""
    text = _text(_place(path), str(path))
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        sentence = _("This is not TOML: {why}.").format(why=wrong)
        raise MapProblem(map_path=str(path), sentences=[sentence]) from wrong
    return understand(content=content, shown_as=str(path))


def understand(*, content: dict[str, Any], shown_as: str) -> maps.Mapping:
    """The map in this content of a TOML file. Raises MapProblem with sentences."""
    try:
        return maps.Mapping.model_validate(content)
    except ValidationError as wrong:
        raise MapProblem(map_path=shown_as, sentences=_sentences(wrong)) from wrong


def _place(path: Path) -> Path:
    ready = READY_MAPS / f"{path.name.removesuffix('.toml')}.toml"
    is_bare_name = path.name == str(path)
    return ready if is_bare_name and not path.exists() and ready.exists() else path


def _text(place: Path, shown_as: str) -> str:
    try:
        with place.open("rb") as opened:
            content = opened.read(MAP_BYTES_MAX + 1)
    except OSError as wrong:
        sentence = _("This map cannot be read: {why}. Ready maps: {names}.").format(
            why=wrong.strerror, names=", ".join(ready_maps())
        )
        raise MapProblem(map_path=shown_as, sentences=[sentence]) from wrong
    if len(content) > MAP_BYTES_MAX:
        raise MapProblem(map_path=shown_as, sentences=[_("This is too long for a map.")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        sentence = _("This map is not UTF-8 text (byte {number}).").format(number=wrong.start)
        raise MapProblem(map_path=shown_as, sentences=[sentence]) from wrong


def _sentences(wrong: ValidationError) -> list[str]:
    """One sentence an error, with the place in the map's own words."""
    sentences: list[str] = []
    for error in wrong.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in error["loc"])
        sentence = _sentence(place, error["type"], error["msg"], error.get("ctx", {}))
        if sentence not in sentences:
            sentences.append(sentence)
    return sentences


def _sentence(place: str, kind: str, message: str, context: dict[str, Any]) -> str:
    shown = quoted(place)
    match kind:
        case "extra_forbidden":
            return _("{key} is not a key of a map.").format(key=shown) + _did_you_mean(place)
        case "missing":
            return _("{key} is missing.").format(key=shown)
        case "literal_error" | "enum":
            return _("{key} must be {choices}.").format(key=shown, choices=context["expected"])
        case "value_error":
            told = str(context["error"])
            return f"{shown}: {told}" if place else told
        case _:
            return f"{shown}: {message}"


def _did_you_mean(place: str) -> str:
    wrote = place.rsplit(".", 1)[-1]
    near = difflib.get_close_matches(wrote, sorted(set(_keys())), n=1)
    return " " + _("Did you mean {key}?").format(key=quoted(near[0])) if near else ""


def _keys() -> Iterator[str]:
    """Every key that some part of a map knows."""
    for part in vars(maps).values():
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from part.model_fields
