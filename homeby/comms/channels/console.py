"""The channel of demonstrations and tests: one line on standard error."""

from __future__ import annotations

import sys

from homeby.comms.channels.base import (
    MOST_TEXT,
    ChannelSettings,
    Handed,
    Outgoing,
    Refused,
    Result,
    masked,
    whole_characters,
)
from homeby.sentences import gettext as _


class ConsoleChannel:
    """Writes the message down where the station runs. Any address will do."""

    name = "CONSOLE"
    most_text = MOST_TEXT

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings

    def unready(self) -> str | None:
        """Always ready."""
        return None

    def problem_with(self, address: str) -> str | None:
        """Any name will do."""
        return None if address.strip() else _("Write a name for the console line.")

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """One line; a line break inside the message is written as \\n."""
        try:
            told = {
                "event": "message",
                "to": masked(outgoing.to_address),
                "urgent": outgoing.urgent,
                "subject": whole_characters(outgoing.subject),
                "text": whole_characters(outgoing.whole_text),
                "key": outgoing.key,
            }
            # No logger: a line that is the delivery itself must not depend on a log level.
            line = " ".join(f"{name}={value!r}" for name, value in told.items())
            sys.stderr.write(line + "\n")
            sys.stderr.flush()
        except Exception:  # noqa: BLE001  (a closed or full standard error, in whatever shape)
            sentence = _("The console could not be written to.")
            return Refused(sentence=sentence, permanent=False)
        return Handed(provider_ref="console")
