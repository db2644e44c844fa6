"""`python -m tests.told_again` tells the story in a station of its own, and writes down what the
page of the demonstration shows. `python -m tests.told_again fill` tells it, up to the shift she
misses, in the station of this environment, for browser tests, and says at which instant it
stops."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

FILL = "fill"


def main(words: list[str]) -> None:
    """The door of the script."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")
    if words == [FILL]:
        _fill()
        return
    with tempfile.TemporaryDirectory() as home:
        os.environ |= {"HOMEBY_HOME": home, "HOMEBY_TESTS": "1"}
        os.environ.pop("HOMEBY_DATABASE_URL", None)
        _write(Path(home))


def _fill() -> None:
    import django

    django.setup()
    from homeby.database import versions
    from homeby.settings import current
    from tests.browser import cast
    from tests.told_again.telling import Telling

    versions.bring_up_to_date(home=current().home)
    telling = Telling.anew(password=cast.PASSWORD)
    telling.tell_until_missed()
    sys.stdout.write(telling.here.now.isoformat() + "\n")


def _write(home: Path) -> None:
    import django

    django.setup()
    from homeby.database import versions
    from homeby.web.noticed.views import FILE
    from tests.told_again.telling import Telling

    versions.bring_up_to_date(home=home)
    telling = Telling.anew()
    telling.tell()
    FILE.write_text(as_text(telling.as_file()), encoding="utf-8")
    sys.stdout.write(f"wrote {FILE.name}\n")


def as_text(found: object) -> str:
    """The file as it is written."""
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
