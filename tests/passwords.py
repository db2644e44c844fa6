"""Makes homeby/people/lost/commonest.bin: words and passwords that strangers try first.

    python -m tests.passwords FOLDER [FOLDER ...]

A FOLDER is an unpacked release of zxcvbn-ts (MIT licence): of its language-common (passwords), and
of language-en, -de, -fr, -es-es and -ja (words, names). Django's own list of common passwords
(BSD licence) is taken from where it is installed. Each text is brought to the form in which a
password is looked up (`people.rules_passwords.plain`), and of its SHA-256 the first five bytes
stand in the file, sorted: nobody reads a text out of them, and fewer than one password in a hundred
thousand is refused by chance. The same sources give the same bytes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import django.contrib.auth

from homeby.people.rules_passwords import plain

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "homeby/people/lost/commonest.bin"
BYTES = 5
_LEAST = 4
#: How many of each list, the commonest first; of passwords all.
_MOST = {"commonWords": 20_000, "lastnames": 20_000, "firstnames": 20_000, "wikipedia": 20_000}


def texts(folder: Path) -> Iterator[str]:
    """What the lists of one folder hold."""
    for name in ("passwords", *_MOST):
        path = folder / f"src/{name}.json"
        if path.exists():
            yield from json.loads(path.read_text(encoding="utf-8"))[: _MOST.get(name)]


def of_django() -> Iterator[str]:
    """Django's common passwords."""
    path = Path(django.contrib.auth.__file__).parent / "common-passwords.txt.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from (line.strip() for line in file)


def packed(found: Iterator[str]) -> bytes:
    """The file: five bytes each, sorted, each once."""
    kept = {plain(one) for one in found}
    marks = {hashlib.sha256(one.encode()).digest()[:BYTES] for one in kept if len(one) >= _LEAST}
    return b"".join(sorted(marks))


def main(folders: list[str]) -> int:
    """Write the file, and say how many stand in it."""
    everything = [one for name in folders for one in texts(Path(name))]
    made = packed(iter([*everything, *of_django()]))
    FILE.write_bytes(made)
    print(f"{len(made) // BYTES} of {len(everything)} texts of the folders and Django's")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
