"""The words to people about a partnership with another station: it begins, is heard again, ends."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from homeby import instants
from homeby.watch.models import Partner


def partner_heard(partner: Partner, since: dt.datetime, *, now: dt.datetime) -> tuple[str, str]:
    """The first good minute message after a silence, to everybody who was told."""
    head = _("Heard again: partner station %s") % partner.name
    span = instants.span((now - since).total_seconds())
    return head, _(
        "Its minute messages come again, and all is well by them; the last good one before was "
        "%s ago. The alarm stays until somebody stands it down."
    ) % (span)


def partner_ended(partner: Partner, *, by: str) -> tuple[str, str]:
    """To those who keep the watch of both stations."""
    head = _("The partnership with %s is over") % partner.name
    facts = {"who": by or _("A person at this machine"), "reason": partner.end_reason}
    return head, _(
        "%(who)s ended it: %(reason)s. From now on neither station notices when the other falls "
        "silent."
    ) % facts


def partner_paired(partner: Partner) -> tuple[str, str]:
    """To those who keep the watch, when another station has become the partner of this one."""
    head = _("%s is our partner station now") % partner.name
    return head, _(
        "It watches our minute messages, and we watch its own: %(url)s, key %(key)s. Its duty "
        "officers hear of its silence with you. If nobody of you meant this, end it in the office."
    ) % {"url": partner.url, "key": partner.public_key[:16]}
