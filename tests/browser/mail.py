"""What the mail server of a station took, as the people it is for read it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.browser.station import until
from tests.sinks import SmtpSink

MAIL_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One e-mail."""

    to: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        """The six digits in it, "" when it asks for nothing."""
        found = re.search(r"\b\d{6}\b", self.text)
        return found.group() if found else ""

    @property
    def path(self) -> str:
        """The address its link leads to, without the station."""
        found = re.search(r"http://127\.0\.0\.1:\d+(/m/\S+)", self.text)
        assert found, self.text
        return found.group(1)


def taken(sink: SmtpSink, *, to: str = "") -> list[Mail]:
    """Everything taken so far, oldest first."""
    found = []
    for message, (_sender, recipients) in zip(sink.messages, sink.envelopes, strict=False):
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        found += [Mail(to=one, subject=str(message["Subject"]), text=text) for one in recipients]
    return [one for one in found if to in ("", one.to)]


def wait_for(sink: SmtpSink, *, to: str, about: str) -> Mail:
    """The first mail to this address with these words in its subject."""

    def look() -> Mail | None:
        return next((one for one in taken(sink, to=to) if about in one.subject), None)

    found = until(look, seconds=MAIL_SECONDS, what=f"a mail to {to} about {about}")
    assert isinstance(found, Mail)
    return found
