"""What the code says, and what the catalogs make of it: `homeby/locale/<code>/LC_MESSAGES`.

The code is read by Babel; a template is first turned into calls by Django itself, as its own
`makemessages` does. The names of the kinds of entries are messages too.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from homeby.logbook.rules import KINDS
from tests.house.tree import ROOT, files

LOCALE = ROOT / "homeby" / "locale"

#: The languages beside English, in which the code is written, and how each counts: not by CLDR,
#: which has a form for whole millions.
PLURALS = {
    "de": "nplurals=2; plural=(n != 1);",
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ja": "nplurals=1; plural=0;",
}
CODES = tuple(PLURALS)

_WRITTEN_AT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

_PLURAL, _CONTEXT, _BOTH = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
CALLS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _BOTH),
}
_CALL = re.compile(r"\b(_|n?p?gettext)\(")

#: What Babel calls a message: text, or one and many; and its context.
Key = tuple[str | tuple[str, ...], str | None]


def spoken() -> Catalog:
    """Everything that the code says, in the order of the code."""
    found = Catalog(fuzzy=False)
    for path in files("homeby"):
        if "migrations" not in path.parts:
            _add(found, path, path.read_bytes())
    for path in sorted((ROOT / "homeby" / "web" / "templates").rglob("*.html")):
        text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        _add(found, path, "\n".join(_calls(text)).encode())
    for kind in KINDS.values():
        found.add(kind.label, locations=[("entry kind", 0)])
    return found


def _add(found: Catalog, path: Path, code: bytes) -> None:
    place = path.relative_to(ROOT).as_posix()
    for _line, message, comments, context in extract("python", io.BytesIO(code), keywords=CALLS):
        found.add(message, locations=[(place, 0)], context=context, auto_comments=comments)


def _calls(text: str) -> Iterator[str]:
    """The calls that Django's reader has put between the remains of a template."""
    for match in _CALL.finditer(text):
        end = match.end()
        while end := text.find(")", end) + 1:
            call = text[match.start() : end].replace("\n", "\\n")
            try:
                ast.parse(call)
            except SyntaxError:
                continue
            yield call
            break


def place(code: str) -> Path:
    """Where the catalog of a language lies."""
    return LOCALE / code / "LC_MESSAGES" / "django.po"


def read(code: str) -> Catalog:
    """The catalog of a language, empty where there is none yet."""
    text = place(code).read_bytes() if place(code).exists() else _head(code).encode()
    return read_po(io.BytesIO(text), locale=code, domain="django")


def update(code: str) -> Catalog:
    """The catalog with what the code says now: new messages without a translation, none guessed,
    what is said no more left out."""
    catalog = read(code)
    catalog.update(spoken(), no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    return catalog


def write(catalog: Catalog, code: str) -> None:
    """Keep it, for people (.po) and for the station (.mo)."""
    place(code).parent.mkdir(parents=True, exist_ok=True)
    place(code).write_bytes(as_text(catalog))
    place(code).with_suffix(".mo").write_bytes(as_binary(catalog))


def as_text(catalog: Catalog) -> bytes:
    """The .po: without dates and lines, so that it changes only with what is said."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, include_lineno=False, sort_output=True, omit_header=True)
    return _head(str(catalog.locale)).encode() + file.getvalue()


def _head(code: str) -> str:
    lines = ("Content-Type: text/plain; charset=utf-8", f"Language: {code}")
    said = (*lines, f"Plural-Forms: {PLURALS[code]}")
    quoted = "".join(f'"{line}\\n"\n' for line in said)
    return f'# `make languages` keeps it in step with the code.\nmsgid ""\nmsgstr ""\n{quoted}\n'


def as_binary(catalog: Catalog) -> bytes:
    """The .mo that gettext reads."""
    catalog.creation_date = catalog.revision_date = _WRITTEN_AT  # not when this was done
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def keys(catalog: Catalog) -> set[Key]:
    """What a catalog speaks about."""
    return {(_id(message), message.context) for message in catalog if message.id}


def _id(message: Message) -> str | tuple[str, ...]:
    return message.id if isinstance(message.id, str) else tuple(message.id)


def texts(message: Message) -> list[tuple[str, str]]:
    """Each form of a message beside what is said for it; the last form stands for the others."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string or ""))]
    said = message.string if isinstance(message.string, (list, tuple)) else [message.string or ""]
    forms = [message.id[0] if n == 0 and len(said) > 1 else message.id[1] for n in range(len(said))]
    return list(zip(forms, map(str, said), strict=True))


def missing(catalog: Catalog) -> list[dict[str, Any]]:
    """What nothing is said for, and where the code says it."""
    return [
        {"id": m.id, "context": m.context, "where": sorted({path for path, _line in m.locations})}
        for m in catalog
        if m.id and not all(said for _text, said in texts(m))
    ]
