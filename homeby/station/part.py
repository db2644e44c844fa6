"""A process of the station that shows no pages: `python -m homeby.station.part watchkeeper`.

The supervisor starts them by this door rather than by `homeby`, for the command line takes memory,
too, that nobody needs afterwards. `homeby watchkeeper` and the others open the same door.
"""

from __future__ import annotations

import os
import sys

SETTINGS = "homeby.pageless"


def ready(*, with_duties: bool = False) -> None:
    """Load Django without its pages; `with_duties`: with the room of duties, for whoever writes to
    programs must know what of these is kept from their people."""
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    import django

    from homeby import pageless

    if with_duties:
        pageless.INSTALLED_APPS.append("homeby.readiness")
    django.setup()


def begin(name: str, *, called: str = "", once: bool = False) -> None:
    """Be this process until told to stop; `called` is a watchkeeper's name in the records, `once`
    has the partner stations written to only once. Raises CannotStart."""
    ready(with_duties=name == "partner")
    if name == "watchkeeper":
        from homeby.station import keeping

        keeping.run(name=called)
    elif name == "auditor":
        from homeby.settings import current
        from homeby.station import auditing

        auditing.run(settings=current())
    else:
        from homeby.station import partner

        assert name == "partner", f"there is no part {name}"
        partner.send(once=once)


def main(words: list[str]) -> None:
    """Be what the first word names. Ends with a sentence when that cannot be."""
    from homeby.station.supervisor import CannotStart

    try:
        begin(words[0])
    except CannotStart as trouble:
        sys.stderr.write(f"{trouble}\n")
        sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
