"""The long tail: one notification address of the Apprise library (ntfy, Matrix, Telegram, SMS ...).

Apprise answers yes or no, without an id and without a receipt. It is loaded when first needed, for
that takes a second; and it reaches the network and nothing else: no files, no configuration.
"""

from __future__ import annotations

import functools
import importlib
import logging
import re
import socket
from typing import Any
from urllib.parse import parse_qsl

from homeby.comms.channels.base import (
    Attempts,
    ChannelSettings,
    Handed,
    Line,
    Outgoing,
    Refused,
    Result,
    is_inner,
    no_answer,
    one_line,
    shortened,
    whole_characters,
)
from homeby.sentences import gettext as _

MOST_ADDRESS = 2000
MOST_SUBJECT = 200
_LEAST_BODY = 40

#: Services that show something on this machine, where nobody may be; a message there is not told.
HERE = frozenset(
    {"blink1", "dbus", "gio", "glib", "gnome", "kde", "macosx", "qt", "syslog", "windows"}
)
#: Names of parameters that make a service read a file or a page for its own use.
FILES = frozenset({"attach", "config", "include", "keyfile", "pgpprv", "pgppub", "subfile"})
_CONFIGURATION = frozenset({"file", "include", "memory", "config"})
_SCHEME = re.compile(r"([a-z0-9][a-z0-9+.-]*)://", re.IGNORECASE)
_attempts = Attempts()
_HTTP_STATUS = re.compile(r"\berror=(\d{3})\b")


class AppriseChannel:
    """Hands a message to one service that Apprise knows."""

    name = "APPRISE"
    most_text = 1500

    def __init__(self, *, settings: ChannelSettings) -> None:
        self._settings = settings

    def unready(self) -> str | None:
        """Always ready: each address brings its own service."""
        return None

    def problem_with(self, address: str) -> str | None:
        """One plain notification address with one target, of a service that may be used."""
        problem = _form_problem(address) or self._scheme_problem(address)
        if problem:
            return problem
        service = _service(address)
        return service if isinstance(service, str) else self._target_problem(service)

    def send(self, outgoing: Outgoing, *, timeout_seconds: float) -> Result:
        """Hand the message over. A service that Apprise cannot find is a permanent refusal."""
        scheme = _scheme(outgoing.to_address)
        who = _("The service behind %(scheme)s://") % {"scheme": scheme}

        def work(line: Line) -> Result:
            problem = self.problem_with(outgoing.to_address)
            if problem:
                return Refused(sentence=problem, permanent=True)
            service = _service(outgoing.to_address)
            assert not isinstance(service, str), "an address without a problem has its service"
            for host in _network_hosts(service):
                if self._leads_inside(host):
                    return Refused(sentence=_barred(host), permanent=True)
            return _notify(service, outgoing, who=who, seconds=line.seconds)

        return _attempts.within(seconds=timeout_seconds, who=who, work=work)

    def _scheme_problem(self, address: str) -> str | None:
        scheme = _scheme(address)
        allowed = self._settings.apprise_allowed_schemes
        if scheme in _CONFIGURATION:
            return _("Write the notification address itself, not a file or a configuration.")
        if scheme in HERE:
            return _("%(scheme)s:// shows messages on this machine, not to a person.") % {
                "scheme": scheme
            }
        if allowed and scheme not in {name.lower() for name in allowed}:
            return _("This station does not use %(scheme)s:// (see apprise_allowed_schemes).") % {
                "scheme": scheme
            }
        return None

    def _target_problem(self, service: Any) -> str | None:
        targets = len(service)
        if targets != 1:
            return _(
                "This address leads to %(count)s targets: write one address for each target, so "
                "that it is seen which of them was reached."
            ) % {"count": targets}
        if not service.verify_certificate:
            return _("Leave verify=no out: a message must not go to whoever answers.")
        barred = [host for host in _network_hosts(service) if self._is_barred(host)]
        return _barred(barred[0]) if barred else None

    def _is_barred(self, host: str) -> bool:
        allowed = {name.lower() for name in self._settings.webhook_allowed_hosts}
        if allowed:
            return host not in allowed
        return is_inner(host) or host == "localhost" or host.endswith(".localhost")

    def _leads_inside(self, host: str) -> bool:
        """Whether an outer name leads to an inner address. Asks the name service."""
        if self._settings.webhook_allowed_hosts:
            return False
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return False  # the service will say so itself
        return any(is_inner(str(entry[4][0])) for entry in found)


def _form_problem(address: str) -> str | None:
    if len(address) > MOST_ADDRESS:
        return _("This Apprise address is too long.")
    if any(character.isspace() or not character.isprintable() for character in address):
        return _("Write one Apprise address, without spaces or line breaks.")
    if not _SCHEME.match(address):
        return _("An Apprise address begins with its service, such as ntfys:// or tgram://.")
    names = {name.lower() for name, _value in parse_qsl(address.partition("?")[2])}
    if names & FILES or "file:" in address.lower():
        return _("An Apprise address must not name files: give the notification address only.")
    return None


def _scheme(address: str) -> str:
    found = _SCHEME.match(address)
    return found.group(1).lower() if found else ""


@functools.cache
def _library() -> Any:
    """Apprise, loaded once, silenced and without its readers of files and pages.

    Its log, and that of the HTTP library below it, name tokens; the readers would let an address
    fetch templates and keys from this machine.
    """
    log = logging.getLogger("apprise")
    log.propagate = False
    log.addHandler(logging.NullHandler())
    log.setLevel(logging.WARNING)
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    apprise = importlib.import_module("apprise")
    attachments = importlib.import_module("apprise.manager_attachment").AttachmentManager()
    attachments.remove("file", "http", "https", unload=False)
    return apprise


def _service(address: str) -> Any:
    """The service of this address, or a sentence. Any is Apprise's own type, which has no stubs."""
    apprise = _library()
    asset = apprise.AppriseAsset(
        app_id="Homeby",
        storage_mode="memory",
        http_redirects=False,
        secure_logging=True,
        pgp_autogen=False,
        pem_autogen=False,
        allow_templates=False,
        interpret_emojis=False,
        # No limit of its own: with one, Apprise sends from a small pool of threads that a few
        # hanging services fill for good. `Attempts` sets the limit.
        service_timeout=0,
    )
    scheme = _scheme(address)
    service = apprise.Apprise.instantiate(address, asset=asset)
    if service is not None:
        # What an address may ask for and must not: "optional" reports a failure as a success, the
        # outbox repeats by itself, and a redirect leads to somebody whom nobody chose.
        service.optional = False
        service.retry = 0
        service.redirects = False
        return service
    known = importlib.import_module("apprise.manager_plugins").NotificationManager()
    if scheme in ("http", "https"):
        return _("Apprise knows no service at this web address; is it meant as a webhook?")
    if scheme not in known:
        return _("Apprise knows no service %(scheme)s://.") % {"scheme": scheme}
    if not known[scheme].enabled:
        return _("This station lacks the package that %(scheme)s:// needs.") % {"scheme": scheme}
    return _("Apprise cannot make sense of this %(scheme)s:// address: something is missing.") % {
        "scheme": scheme
    }


def _network_hosts(service: Any) -> list[str]:
    """The hosts that the address names; none where the service has one of its own."""
    named_in_address = any("{host}" in template for template in getattr(service, "templates", ()))
    if not named_in_address or getattr(service, "mode", "") == "cloud":
        return []
    named = (getattr(service, name, "") for name in ("host", "smtp_host"))
    return [str(host).lower().strip("[]") for host in named if host]


def _barred(host: str) -> str:
    return _(
        "This station does not send to %(host)s: an administrator can add it to "
        "webhook_allowed_hosts."
    ) % {"host": host}


def _notify(service: Any, outgoing: Outgoing, *, who: str, seconds: float) -> Result:
    """One attempt."""
    apprise = _library()
    service.socket_connect_timeout = service.socket_read_timeout = seconds
    client = apprise.Apprise(service, asset=service.asset)
    kind = apprise.NotifyType.WARNING if outgoing.urgent else apprise.NotifyType.INFO
    title, body = _fitting(service, outgoing)
    result = client.notify(
        body=body, title=title, notify_type=kind, body_format=apprise.NotifyFormat.TEXT
    )
    said = " ".join(str(entry.message) for entry in result.logs())
    return verdict(result.status.name, who=who, said=said, seconds=seconds)


def _fitting(service: Any, outgoing: Outgoing) -> tuple[str, str]:
    """Title and text within the service's limits; too long a text loses its middle, not its end."""
    title = one_line(outgoing.subject, most=min(MOST_SUBJECT, service.title_maxlen or MOST_SUBJECT))
    room = service.body_maxlen - (0 if service.title_maxlen else len(title) + 4)
    return title, shortened(whole_characters(outgoing.whole_text), most=max(_LEAST_BODY, room))


def verdict(status: str, *, who: str, said: str, seconds: float) -> Result:
    """What an Apprise result means. `said` is Apprise's log of the attempt: only an HTTP status is
    taken from it, for the rest may hold tokens."""
    match status:
        case "SUCCESS":
            return Handed(provider_ref="")
        case "NOMATCH":
            sentence = _("Apprise found no service for this address; nothing was sent.")
            return Refused(sentence=sentence, permanent=True)
        case "TIMEOUT":
            return Refused(sentence=no_answer(who, seconds), permanent=False)
        case _:
            found = _HTTP_STATUS.search(said)
            if found is None:
                sentence = _("%(who)s did not take the message or cannot be reached.")
                return Refused(sentence=sentence % {"who": who}, permanent=False)
            sentence = _("%(who)s did not take the message (HTTP %(status)s).")
            values = {"who": who, "status": found.group(1)}
            return Refused(sentence=sentence % values, permanent=False)
