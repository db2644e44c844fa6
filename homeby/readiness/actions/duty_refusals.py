"""Why somebody is not put on a duty, as far as whoever plans it may know."""

from __future__ import annotations

import datetime as dt
import uuid

from django.utils.translation import gettext as _

from homeby import instants
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.rules import Viewer
from homeby.readiness.actions.duty_minors import how_lifted
from homeby.readiness.actions.duty_rest import said_to
from homeby.readiness.models import Duty
from homeby.readiness.queries.duty_rest import Said, rest_against_duty
from homeby.readiness.queries.minors import against_duty
from homeby.readiness.queries.rest import reached


def _neutral(person_id: uuid.UUID) -> str:
    """The same sentence as `not_possible`, by her callsign, for whoever picks several."""
    who = people.names([person_id]).get(person_id, "?")
    return _("%s: this is not possible. Ask whoever plans it.") % who


def refused_seat(person_id: uuid.UUID) -> Refused:
    """Nobody learns why."""
    return Refused(people=_neutral(person_id))


def refused_pick(duty: Duty, person_id: uuid.UUID, by: Viewer, now: dt.datetime) -> Refused:
    """By what rule she rests or which limit of a minor speaks against it, for whoever may know
    that, and how it is overridden; of all else one sentence."""
    if young := _limits(duty, person_id, by):
        return Refused(people=" ".join([*young, how_lifted()]))
    if found := _rest(duty, person_id, by, now):
        return Refused(people=said_to(by, found))
    return refused_seat(person_id)


def why_not_fixed(duty: Duty, person_id: uuid.UUID, by: Viewer, now: dt.datetime) -> str:
    """The same where a duty is planned with a fixed seat for her, which is not there yet for
    anybody to override or approve something; of several in a row with the day of this one."""
    said = list(_limits(duty, person_id, by))
    if not said and (found := _rest(duty, person_id, by, now)):
        said = [said_to(by, {key: one[:-1] for key, one in found.items()})]
    if not said:
        return _neutral(person_id)
    how = _(
        "Plan it without a fixed seat for her, and ask her on its page: there it can be overridden "
        "or approved, by name and with a reason."
    )
    on = [f"{instants.wall(duty.starts_at, duty.zone, now)}:"] if duty.is_series else []
    return " ".join([*on, *said, how])


def _limits(duty: Duty, person_id: uuid.UUID, by: Viewer) -> tuple[str, ...]:
    if person_id in by.apart:
        return ()
    return against_duty(duty, [person_id], with_others=True).get(person_id, ())


def _rest(duty: Duty, person_id: uuid.UUID, by: Viewer, now: dt.datetime) -> Said:
    found = rest_against_duty(by, duty, [person_id], now=now)
    return found if reached(by, list(found)) else {}
