"""One way to do each act about a concern, for the tests that do it twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from homeby.logbook.rules import new_tap
from homeby.readiness.models import DutyPerson
from homeby.watch.actions import alarms
from homeby.watch.models import Alarm
from homeby.welfare.actions import (
    asking,
    check_starts,
    checks,
    concerns,
    door,
    follow_ups,
    steps,
    switching,
)
from homeby.welfare.actions.asking import Asking
from homeby.welfare.actions.concerns import Ending
from homeby.welfare.actions.door import Spoken
from homeby.welfare.actions.steps import Said, Writing
from homeby.welfare.models import Asked, Concern, FollowUp
from homeby.welfare.rules.checks import Found
from homeby.welfare.rules.concerns import ConcernKind, HowFound, NoteKind, Outcome
from homeby.welfare.rules.switch import Unasked
from tests.promises.caring import concern_of, with_officers
from tests.promises.planning_duties import ask, planned, say
from tests.promises.repeating_people import Act, call
from tests.world import World

ENDING = Ending(outcome=Outcome.RECORD_WRONG, words="Talked", next_at=None)


def _concern(world: World, act: Callable[..., str], by: str = "carer", **more: object) -> Act:
    with_officers(world)
    return call(world, act, by=by, concern_id=concern_of(world).pk, **more)


def _again(world: World) -> Act:
    act = _concern(world, concerns.end, ending=ENDING)
    act(new_tap())
    key = Concern.objects.get().pk
    return call(world, steps.open_again, by="carer", concern_id=key)


def _due(world: World) -> Act:
    later = world.now + dt.timedelta(days=9)
    _concern(world, follow_ups.set_follow_up, due_at=later)(new_tap())
    key = FollowUp.objects.get().pk
    return call(world, follow_ups.do_follow_up, by="carer", follow_up_id=key, words="Well",
                she_says_no=False)  # fmt: skip


def _spoken(world: World) -> Act:
    with_officers(world)
    said = Spoken(kind=ConcernKind.OWN_WORD, person_id=world.people["agent"], words="Left out")
    return call(world, door.speak, by="agent", spoken=said)


def _check(world: World, act: Callable[..., str], **more: object) -> Act:
    with_officers(world)
    duty = planned(world, hours=1)
    ask(world, duty, "agent")
    say(world, duty, "agent")
    world.fast_forward(minutes=91)
    seat = DutyPerson.objects.get(duty=duty).pk
    alarm = Alarm.objects.get(subject__ref=f"check:{seat}")
    alarms.acknowledge(alarm_id=alarm.pk, by=world.as_("carer"), now=world.now, tap=new_tap())
    return call(world, act, by="carer", seat_id=seat, **more)


def _found(world: World) -> Act:
    found = Found(
        at=world.now, where="At home", how=HowFound.WELL, agreed="Nothing",
        outcome=Outcome.TALKED, next_at=None, she_says_no=True,
    )  # fmt: skip
    return _check(world, checks.find, found=found)


def _search(world: World) -> Act:
    with_officers(world)
    return call(world, switching.set_search, by="admin", is_on=True, one_in_years=100)


def _asked(world: World) -> uuid.UUID:
    """A concern of which the organiser may be asked."""
    with_officers(world)
    row = concern_of(world)
    said = Said(words="Ask them", may_ask=True)
    call(world, steps.say, by="agent", concern_id=row.pk, said=said)(new_tap())
    return row.pk


def _ask(world: World) -> Act:
    key = _asked(world)
    said = Asking(person_id=world.people["head"], words="How do you choose?")
    return call(world, asking.ask_organiser, by="carer", concern_id=key, asking=said)


def _explain(world: World) -> Act:
    _ask(world)(new_tap())
    key = Asked.objects.get().pk
    return call(world, asking.explain, by="head", asked_id=key, words="It was free")


WELFARE: dict[str, Callable[[World], Act]] = {
    "welfare.concerns.take": lambda w: _concern(w, concerns.take),
    "welfare.concerns.hand_on": lambda w: _concern(w, concerns.hand_on, to_id=None),
    "welfare.concerns.end": lambda w: _concern(w, concerns.end, ending=ENDING),
    "welfare.steps.write": lambda w: _concern(
        w, steps.write, writing=Writing(kind=NoteKind.ASKED, words="How are you?")
    ),
    "welfare.steps.say": lambda w: _concern(w, steps.say, by="agent", said=Said(words="Well")),
    "welfare.steps.leave_it": lambda w: _concern(w, steps.leave_it, by="agent"),
    "welfare.steps.open_again": _again,
    "welfare.asking.ask_organiser": _ask,
    "welfare.asking.explain": _explain,
    "welfare.follow_ups.set_follow_up": lambda w: _concern(
        w, follow_ups.set_follow_up, due_at=w.now + dt.timedelta(days=9)
    ),
    "welfare.follow_ups.do_follow_up": _due,
    "welfare.door.speak": _spoken,
    "welfare.check_starts.set_grace": lambda w: call(
        w, check_starts.set_grace, by="agent", minutes=5
    ),
    "welfare.checks.make_step": lambda w: _check(
        w, checks.make_step, step=NoteKind.WENT, words="Nobody"
    ),
    "welfare.checks.open_where": lambda w: _check(w, checks.open_where),
    "welfare.checks.find": _found,
    "welfare.switching.set_search": _search,
    "welfare.switching.set_unasked": lambda w: call(
        w, switching.set_unasked, by="agent", said=Unasked.SIGNAL, wanted=False
    ),
}
