"""What is wrong with a catalog: silent, unmarked, equal to English, or saying another variable."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from babel.messages.catalog import Catalog

from tests.languages.catalogs import texts

#: By language the messages that may be the same as in English.
SAME = Path(__file__).with_name("same")

_VARIABLES = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|</?\w+[^>]*>")


def faults(catalog: Catalog, code: str) -> list[str]:
    """A sentence for each message with which something is wrong."""
    allowed = set((SAME / f"{code}.txt").read_text(encoding="utf-8").splitlines())
    found = []
    for message in catalog:
        for text, said in texts(message) if message.id else ():
            if why := _fault(text, said, text in allowed):
                found.append(f"{code}: {text!r}: {why}")
        if message.id and message.fuzzy:
            found.append(f"{code}: {message.id!r}: it is marked as fuzzy")
    return found


def _fault(text: str, said: str, may_be_same: bool) -> str:
    if not said.strip():
        return "nothing is said"
    if said == text and not may_be_same and re.search(r"[A-Za-z]{2}", _VARIABLES.sub("", text)):
        return "the same as in English"
    if _variables(text) != _variables(said):
        return f"other variables: {said!r}"
    if (text[:1].isspace(), text[-1:].isspace()) != (said[:1].isspace(), said[-1:].isspace()):
        return "space at one end only"
    return ""


def _variables(text: str) -> Counter[str]:
    return Counter(_VARIABLES.findall(text))
