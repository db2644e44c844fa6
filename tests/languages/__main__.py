"""`make languages`: bring the catalogs in step with the code, and say what is missing.

`ARGS="--take FILE --language de"` takes translations from a JSON file: a list of objects with `id`,
`context` (or null) and `said`, a text or a list of the plural forms.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("HOMEBY_TESTS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")

import django
from babel.messages.catalog import Catalog


def main() -> int:
    """Update, take in, write, and say what is wrong; 1 when something is."""
    django.setup()
    from tests.languages import catalogs
    from tests.languages.faults import faults

    parser = argparse.ArgumentParser(prog="make languages", description=__doc__)
    parser.add_argument("--take", type=Path, help="a JSON file with translations")
    parser.add_argument("--language", choices=catalogs.CODES, help="whose they are")
    parser.add_argument("--missing", type=Path, help="write what is missing to this JSON file")
    words = parser.parse_args()
    wrong = 0
    for code in [words.language] if words.language else catalogs.CODES:
        catalog = catalogs.update(code)
        if words.take:
            take(catalog, json.loads(words.take.read_text(encoding="utf-8")))
        catalogs.write(catalog, code)
        found = faults(catalog, code)
        wrong += len(found)
        say(*found[:40], f"{code}: {len(catalog)} messages, {len(found)} faults")
        if words.missing:
            text = json.dumps(catalogs.missing(catalog), ensure_ascii=False, indent=1)
            words.missing.write_text(text + "\n", encoding="utf-8")
    return 1 if wrong else 0


def take(catalog: Catalog, found: list[dict[str, Any]]) -> None:
    """Put translations into a catalog; what the code does not say is named and left out."""
    for one in found:
        first = one["id"] if isinstance(one["id"], str) else one["id"][0]
        message = catalog.get(first, one.get("context"))
        if message is None:
            say(f"The code does not say {first!r}.")
        else:
            message.string = one["said"] if isinstance(one["said"], str) else tuple(one["said"])


def say(*lines: str) -> None:
    """Write lines for whoever called."""
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
