"""One way to do each act about a concern, for the tests that do it twice."""

from __future__ import annotations

from collections.abc import Callable

from homeby.welfare.actions import concerns, switching
from homeby.welfare.actions.concerns import Ending
from homeby.welfare.rules.concerns import Outcome
from homeby.welfare.rules.switch import Unasked
from tests.promises.caring import concern_of, with_officers
from tests.promises.repeating_people import Act, call
from tests.world import World


def _concern(world: World, act: Callable[..., str], **more: object) -> Act:
    with_officers(world)
    return call(world, act, by="carer", concern_id=concern_of(world).pk, **more)


def _search(world: World) -> Act:
    with_officers(world)
    return call(world, switching.set_search, by="admin", is_on=True, one_in_years=100)


WELFARE: dict[str, Callable[[World], Act]] = {
    "welfare.concerns.take": lambda w: _concern(w, concerns.take),
    "welfare.concerns.hand_on": lambda w: _concern(w, concerns.hand_on, to_id=None),
    "welfare.concerns.end": lambda w: _concern(
        w, concerns.end, ending=Ending(outcome=Outcome.TALKED, words="Talked", next_at=None)
    ),
    "welfare.switching.set_search": _search,
    "welfare.switching.set_unasked": lambda w: call(
        w, switching.set_unasked, by="agent", said=Unasked.SIGNAL, wanted=False
    ),
}
