"""That somebody asked for all that is kept of her."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused
from homeby.people import kinds
from homeby.people.models import Person
from homeby.people.rules import PersonKind, Viewer


def note_archive(*, person_id: uuid.UUID, by: Viewer, now: dt.datetime) -> None:
    """Write down that an archive is made for a person: by herself, or by the station for her (a
    command on the machine). Raises Refused for everybody else, an administrator too."""
    if by.person_id != person_id and not by.is_station:
        raise Refused(_("Only the person herself gets what is kept of her."))
    if not Person.objects.filter(pk=person_id, kind=PersonKind.HUMAN).exists():
        raise Refused(_("There is no such person."))
    device = "command" if by.is_station else "web"
    with logbook.writing(now=now, by=by.person_id, device=device) as book:
        book.entry(kinds.ARCHIVE_MADE, subject=f"person:{person_id}", person=person_id)
