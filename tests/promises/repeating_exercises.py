"""One way to do each act on drills, weekly tests and partner stations, for the tests that do it
twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from homeby.logbook.actions import writing
from homeby.people.rules import STATION
from homeby.watch.actions import drills, live_tests
from homeby.watch.actions.partners import ending
from homeby.watch.models import EscalationPlan, Partner
from homeby.watch.rules import partners as rules
from tests.promises.repeating_people import Act, call
from tests.world import World

#: Why these two are not here, though they count once.
NOT_HERE = {
    "watch.partners.pairing.invite": "the code is shown once and stands nowhere to be shown again",
    "watch.partners.pairing.accept": "needs another station; the code itself serves only once",
}


def _partner(world: World) -> uuid.UUID:
    partner = Partner(
        id=uuid.uuid4(),
        station_id=uuid.uuid4(),
        name="South hut",
        url="https://south.example",
        public_key="00" * 32,
        plan=EscalationPlan.objects.all()[0],
        paired_at=world.now - dt.timedelta(days=1),
    )
    with writing(now=world.now, by=STATION.person_id) as book:
        page = book.entry("PARTNER_PAIRED", subject=rules.ref_of(partner.pk))
        page.add(partner)
    return partner.pk


EXERCISES: dict[str, Callable[[World], Act]] = {
    "watch.drills.begin": lambda w: call(w, drills.begin, by="head", wish=drills.Wish()),
    "watch.live_tests.set_hour": lambda w: call(
        w, live_tests.set_hour, by="head", person_id=w.people["head"], hour=10
    ),
    "watch.partners.ending.end": lambda w: call(
        w, ending.end, by="admin", partner_id=_partner(w), reason="moved away"
    ),
}
