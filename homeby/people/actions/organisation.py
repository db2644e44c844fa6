"""The organisation's own settings, and who may change what."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people import queries, rules
from homeby.people.models import Organisation
from homeby.people.rules import Role, Viewer


def require(by: Viewer, *roles: Role) -> None:
    """Refuse unless the viewer is the station or holds one of the roles."""
    if not (by.is_station or by.has(*roles)):
        raise Refused(_("This needs the role %s.") % " / ".join(roles))


@logbook.once
def set_organisation(
    *, values: queries.OrganisationFacts, by: Viewer, now: dt.datetime, tap: Tap
) -> str:
    """Set the organisation's name and limits (creates it the first time)."""
    require(by, Role.ADMINISTRATOR)
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Organisation.objects.select_for_update().first()
        page = book.entry(
            rules.ORGANISATION_SET, subject="organisation", tap=tap, answer=_("Saved.")
        )
        if row is None:
            page.add(Organisation(id=tap.entry_id, **asdict(values)))
        else:
            page.change(row, **asdict(values))
    return _("Saved.")
