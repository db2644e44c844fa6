"""A badge is given its place in the list of what was withdrawn, before it leaves the station."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid

from django.utils.translation import gettext as _

from homeby import settings
from homeby.logbook import actions as logbook
from homeby.logbook.rules import Refused, Tap
from homeby.people.rules import Viewer
from homeby.readiness.models import Holding
from homeby.readiness.queries import open_badges as queries
from homeby.readiness.rules import skill_kinds as kinds
from homeby.readiness.rules.open_badges import PLACES

TRIES_MAX = 200


@logbook.once
def take_badge(*, holding_id: uuid.UUID, by: Viewer, now: dt.datetime, tap: Tap) -> str:
    """She takes a signed badge of what she holds away; that she did stands in the logbook. Raises
    Refused for what is not hers or not valid today, KeyProblem where nobody can sign: then nothing
    is recorded."""
    if queries.own_valid(by, holding_id, now=now) is None:
        raise Refused(_("There is an Open Badge only of what you hold validly today."))
    _see_to_key()
    answer = _("The Open Badge is signed.")
    with logbook.writing(now=now, by=by.person_id) as book:
        row = Holding.objects.select_for_update(of=("self",)).get(pk=holding_id)
        page = book.entry(
            kinds.QUALIFICATION_BADGED,
            subject=f"holding:{row.pk}",
            person=row.person_id,
            tap=tap,
            answer=answer,
        )
        if row.badge_place is None:
            page.change(row, badge_place=_free_place())
    return answer


def _see_to_key() -> None:
    """The key is made with the first badge and never again: by another one nobody could check those
    that were given before."""
    if not Holding.objects.filter(badge_place__isnull=False).exists():
        settings.make_open_badges_key()
    settings.open_badges_key()


def _free_place() -> int:
    """A place that nobody has: drawn, so that it tells nobody who came before."""
    for _try in range(TRIES_MAX):
        place = secrets.randbelow(PLACES)
        if not Holding.objects.filter(badge_place=place).exists():
            return place
    raise Refused(_("The list of Open Badges is full; tell whoever keeps the station."))
