"""E-mail through the station's mail server (SMTP).

"Handed" is the server's yes after the whole message. Nothing is ever sent over a weaker line than
the settings ask for, and a resend carries the same Message-ID.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from homeby.comms.channels.base import (
    MOST_ANSWER,
    MOST_TEXT,
    Attempts,
    ChannelSettings,
    Handed,
    Line,
    Outgoing,
    Refused,
    Result,
    is_inner,
    masked,
    network_trouble,
    one_line,
    whole_characters,
)
from homeby.sentences import gettext as _

MOST_SUBJECT = 200
MOST_NAME = 80
MOST_ADDRESS = 254  # RFC 5321 4.5.3.1.3, without the angle brackets
MOST_LOCAL = 64  # RFC 5321 4.5.3.1.1

_LOCAL = re.compile(r"[^\s\x00-\x20\x7f@<>()\[\],;:\\\"]+")
_LABEL = re.compile(r"(?!-)[^\W_](?:[\w-]{0,61}[^\W_])?", re.ASCII)
#: Refusals that speak of the station's log-in or of order, and say nothing about the address.
_NOT_THE_ADDRESS = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538})

_attempts = Attempts()

#: What a refusal is about, where smtplib raises it; every other one turns the station away.
_ABOUT: dict[type[smtplib.SMTPResponseException], str] = {
    smtplib.SMTPAuthenticationError: "login",
    smtplib.SMTPDataError: "message",
}


class EmailChannel:
    """Hands a message to the mail server of the settings."""

    name = "EMAIL"
    most_text = MOST_TEXT

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings

    def unready(self) -> str | None:
        """No server, no sender's address, or a password that would travel in the open."""
        settings = self._settings
        if not settings.smtp_host:
            return _("The station has no mail server: set smtp_host.")
        problem = self.problem_with(settings.smtp_from)
        if problem or not settings.smtp_from.isascii():
            return _("The station's own sender address cannot be used: set smtp_from.")
        if settings.smtp_user and settings.smtp_tls == "none" and not _is_here(settings.smtp_host):
            return _(
                "The mail password would travel unprotected: set smtp_security to starttls or tls."
            )
        return None

    def problem_with(self, address: str) -> str | None:
        """One plain address, without a name before it."""
        local, at, domain = address.rpartition("@")
        if not at or not local or not domain:
            return _("An e-mail address has an @ with something on both sides: name@example.org.")
        if len(address) > MOST_ADDRESS or len(local) > MOST_LOCAL:
            return _("This e-mail address is too long.")
        if not _LOCAL.fullmatch(local) or whole_characters(local) != local:
            return _("Write one plain e-mail address, without name, spaces, commas or brackets.")
        if _ascii_domain(domain) is None:
            return _("What stands behind the @ is not the name of a mail domain.")
        return None

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Hand the message to the mail server; 5xx to this address or message is permanent."""
        unready = self.unready()
        if unready:
            return Refused(sentence=unready, permanent=False)
        problem = self.problem_with(outgoing.to_address)
        if problem:
            return Refused(sentence=problem, permanent=True)
        return _attempts.within(
            seconds=timeout_seconds,
            who=self._who(),
            work=lambda line: self._converse(line, outgoing),
        )

    def _who(self) -> str:
        return _("The mail server at %(where)s") % {
            "where": f"{self._settings.smtp_host}:{self._settings.smtp_port}"
        }

    def _converse(self, line: Line, outgoing: Outgoing) -> Result:
        """Every way in which the conversation can break off, as a sentence."""
        try:
            smtp = _Conversation(line=line, settings=self._settings)
            try:
                return self._hand_over(line, smtp, outgoing)
            finally:
                smtp.leave()
        except smtplib.SMTPResponseException as error:
            about = _ABOUT.get(type(error), "station")
            return self._refused(error.smtp_code, error.smtp_error, outgoing, about=about)
        except smtplib.SMTPServerDisconnected:
            lost: Exception = ConnectionResetError()
        except smtplib.SMTPException:  # all that is left of them comes from logging in
            sentence = _("%(who)s offers no log-in that this station can use.")
            return Refused(sentence=sentence % {"who": self._who()}, permanent=False)
        except OSError as error:
            lost = error
        sentence = network_trouble(lost, who=self._who(), seconds=line.seconds)
        return Refused(sentence=sentence, permanent=False)

    def _hand_over(self, line: Line, smtp: _Conversation, outgoing: Outgoing) -> Result:
        """Greeting, protection, log-in, envelope, message."""
        smtp.ehlo_or_helo_if_needed()
        if self._settings.smtp_tls == "starttls":
            if not smtp.has_extn("starttls"):
                sentence = _("%(who)s does not offer STARTTLS; nothing was sent over an open line.")
                return Refused(sentence=sentence % {"who": self._who()}, permanent=False)
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo_or_helo_if_needed()
        if self._settings.smtp_user:
            smtp.login(self._settings.smtp_user, self._settings.smtp_password)
        local, _at, domain = outgoing.to_address.rpartition("@")
        address = f"{local}@{_ascii_domain(domain)}"
        wide = not address.isascii()
        if wide and not smtp.has_extn("smtputf8"):
            sentence = _("%(who)s cannot write to an address with letters beyond a-z.")
            return Refused(sentence=sentence % {"who": self._who()}, permanent=True)
        return self._deliver(line, smtp, outgoing, address)

    def _deliver(self, line: Line, smtp: _Conversation, outgoing: Outgoing, address: str) -> Result:
        wide = not address.isascii()
        options = ["SMTPUTF8", "BODY=8BITMIME"] if wide else []
        code, answer = smtp.mail(self._settings.smtp_from, options)
        if code != 250:
            return self._refused(code, answer, outgoing, about="sender")
        code, answer = smtp.rcpt(address)
        if code not in (250, 251):
            return self._refused(code, answer, outgoing, about="address")
        message = message_for(outgoing, settings=self._settings, address=address)
        code, answer = smtp.data(message.as_bytes(policy=SMTPUTF8 if wide else SMTP))
        if not 200 <= code < 300:
            return self._refused(code, answer, outgoing, about="message")
        line.settled = Handed(provider_ref=_as_text(code, answer, outgoing))
        return line.settled

    def _refused(
        self, code: int, answer: bytes | str, outgoing: Outgoing, *, about: str
    ) -> Refused:
        """A refusal in the server's own words. Only about address or message is it for good."""
        sentences = {
            "station": _("%(who)s turned this station away (%(answer)s)."),
            "login": _("%(who)s did not accept the station's name and password (%(answer)s)."),
            "sender": _("%(who)s does not take mail from this station's address (%(answer)s)."),
            "address": _("%(who)s refused the address %(to)s (%(answer)s)."),
            "message": _("%(who)s refused the message to %(to)s (%(answer)s)."),
        }
        theirs = about in ("address", "message")
        values = {
            "who": self._who(),
            "to": masked(outgoing.to_address),
            "answer": _as_text(code, answer, outgoing),
        }
        return Refused(
            sentence=sentences[about] % values,
            permanent=theirs and 500 <= code < 600 and code not in _NOT_THE_ADDRESS,
        )


class _Conversation(smtplib.SMTP):
    """A conversation over a line that can be cut, protected from the first byte where asked."""

    def __init__(self, *, line: Line, settings: ChannelSettings) -> None:
        self._line = line
        self._tls_first = settings.smtp_tls == "tls"
        # Without a name of our own smtplib would ask the name service who we are, and wait for it.
        own_name = settings.smtp_from.rpartition("@")[2]
        super().__init__(settings.smtp_host, settings.smtp_port, own_name, timeout=line.seconds)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """The place where smtplib lets a subclass bring its own connection."""
        connection = self._line.connect(host, port)
        if not self._tls_first:
            return connection
        try:
            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise

    def leave(self) -> None:
        """Say goodbye and do not wait for the answer: what was accepted stays accepted."""
        with suppress(OSError, smtplib.SMTPException):
            self.putcmd("quit")
        self.close()


def message_for(outgoing: Outgoing, *, settings: ChannelSettings, address: str) -> EmailMessage:
    """The message as it is sent. Pure: the same `Outgoing` gives the same bytes."""
    message = EmailMessage(policy=SMTP)
    sender = settings.smtp_from
    message["From"] = _mailbox(sender, name=one_line(outgoing.from_name, most=MOST_NAME))
    message["To"] = _mailbox(address)
    message["Subject"] = one_line(outgoing.subject, most=MOST_SUBJECT)
    message["Date"] = format_datetime(outgoing.written_at)
    message["Message-ID"] = message_id(outgoing.key, sender=sender)
    # RFC 3834: no holiday answers to a machine.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if outgoing.sent_as:
        message["X-Homeby-Sent-As"] = one_line(outgoing.sent_as, most=MOST_NAME)
    if outgoing.urgent:
        message["Importance"] = "high"
        message["X-Priority"] = "1"
    message.set_content(
        whole_characters(outgoing.whole_text), charset="utf-8", cte="quoted-printable"
    )
    return message


def _mailbox(address: str, *, name: str = "") -> Address:
    local, _at, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def message_id(key: str, *, sender: str) -> str:
    """The Message-ID of a message: always the same for the same key."""
    digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _as_text(code: int, answer: bytes | str, outgoing: Outgoing) -> str:
    """The server's answer on one line, without the address it repeats."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    hidden = text.replace(outgoing.to_address, masked(outgoing.to_address))
    return one_line(f"{code} {hidden}", most=MOST_ANSWER)


def _ascii_domain(domain: str) -> str | None:
    """The domain in ASCII (RFC 5890); None when it is none."""
    try:
        plain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    labels = plain.split(".")
    return plain if all(_LABEL.fullmatch(label) for label in labels) else None


def _is_here(host: str) -> bool:
    return host in ("localhost", "::1") or (is_inner(host) and host.startswith("127."))
