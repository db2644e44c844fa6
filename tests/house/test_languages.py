"""Every language says everything that the code says, and its .mo is its .po."""

from __future__ import annotations

import ast
import gettext
import io

import pytest
from babel.messages.catalog import Catalog

from tests.house.tree import nothing, sources
from tests.languages import catalogs
from tests.languages.faults import faults


@pytest.fixture(scope="module")
def spoken() -> set[catalogs.Key]:
    return catalogs.keys(catalogs.spoken())


@pytest.mark.parametrize("code", catalogs.CODES)
def test_a_language_says_what_the_code_says_and_nothing_else(
    code: str, spoken: set[catalogs.Key]
) -> None:
    """`make languages` brings the catalogs in step."""
    known = catalogs.keys(catalogs.read(code))
    nothing([f"{code} does not know {key[0]!r}" for key in sorted(spoken - known, key=str)])
    nothing([f"{code}: nobody says {key[0]!r}" for key in sorted(known - spoken, key=str)])


@pytest.mark.parametrize("code", catalogs.CODES)
def test_every_message_is_said_in_it_with_the_same_variables(code: str) -> None:
    nothing(faults(catalogs.read(code), code))


@pytest.mark.parametrize("code", catalogs.CODES)
def test_the_station_reads_what_people_wrote(code: str) -> None:
    written = catalogs.read(code)
    kept = catalogs.place(code).with_suffix(".mo").read_bytes()
    read, fresh = (_read(binary) for binary in (kept, catalogs.as_binary(written)))
    nothing([f"{code}: the .mo differs in {key!r}" for key in fresh if read.get(key) != fresh[key]])
    assert read.keys() == fresh.keys()


def test_what_is_said_inside_a_formatted_text_would_be_found_by_nobody() -> None:
    """No tool that looks for messages sees a call inside an f-string."""
    nothing(
        [
            f"{source.path}:{node.lineno}: make the sentence before the formatted text"
            for source in sources("homeby")
            for node in ast.walk(source.tree)
            if isinstance(node, ast.JoinedStr)
            for part in ast.walk(node)
            if isinstance(part, ast.Call)
            and isinstance(part.func, ast.Name)
            and part.func.id == "_"
        ]
    )


def test_the_measure_sees_what_is_wrong() -> None:
    wrong = {"%(n)d is late": "%(m)d", "Out now": "Out now", "Back ": "Zurück", "Gone": ""}
    catalog = Catalog(locale="de", fuzzy=False)
    for text, said in wrong.items():
        catalog.add(text, said)
    assert len(faults(catalog, "de")) == len(wrong)


def _read(binary: bytes) -> dict[object, str]:
    """The messages of a .mo but for its heading, which names the tool that wrote it."""
    found: dict[object, str] = vars(gettext.GNUTranslations(io.BytesIO(binary)))["_catalog"]
    return {key: said for key, said in found.items() if key}
