"""The rule packs and the catalogue that come with Homeby, and files of the organisation beside.

No table is read here, so that a bench reads it without a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType

from homeby.readiness.rules.catalogue import Catalogue, read_catalogue
from homeby.readiness.rules.entries_of_files import Fault
from homeby.readiness.rules.packs import Pack, read_pack

ROOM = Path(__file__).parent


@cache
def shipped_packs() -> Mapping[str, Pack]:
    """Every rule pack that comes with Homeby, by its key; read once."""
    read = {name: read_pack(text, file=name) for name, text in _texts(ROOM / "packs")}
    packs = [one for one in read.values() if isinstance(one, Pack)]
    assert len(packs) == len(read), f"a pack that is shipped has a fault: {read}"
    return MappingProxyType({pack.key: pack for pack in packs})


def shipped_catalogue(*, beside: Sequence[tuple[str, str]] = ()) -> Catalogue | list[Fault]:
    """The field catalogue that comes with Homeby, and the organisation's own files (name, text)
    read as one with it; or a sentence for each thing that is wrong with those."""
    return read_catalogue([*shipped_files(), *beside])


def shipped_files() -> list[tuple[str, str]]:
    """The files of that catalogue, by name and text."""
    return _texts(ROOM / "catalogue")


def _texts(folder: Path) -> list[tuple[str, str]]:
    return [(one.name, one.read_text(encoding="utf-8")) for one in sorted(folder.glob("*.toml"))]
