"""Secret links in what the station logs of itself: the address of a page that failed is worth
keeping, the secret in it is not."""

from __future__ import annotations

import logging
import re

_LINK = re.compile(r"(/[km]/|/(?:log-in|invitation)/(?=[A-Za-z0-9_-]{24}))[A-Za-z0-9_-]+")


def without_secret(text: str) -> str:
    """The same text with the secrets of kin pages, messages and log-in links left out."""
    return _LINK.sub(r"\1…", text)


class HideLinks(logging.Filter):
    """Leaves secrets out of a log's line, before anybody writes it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line is kept, without its secrets."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                without_secret(one) if isinstance(one, str) else one for one in record.args
            )
        return True
