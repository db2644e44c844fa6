"""Groups of what was decided together: a published roster, an expedition of missions and duties.
Whoever looks for people who are left out takes such a group as one decision. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from homeby.logbook.rules import Audience, Erasure, declare
from homeby.sentences import gettext as _

NAME_MAX = 60
#: From the first beginning in a group to the last: what goes on for longer is decided anew. One
#: without an end would never be judged.
LONGEST = dt.timedelta(weeks=13)


@dataclass(frozen=True, kw_only=True)
class Together:
    """With what an activity was decided: a group that is open, by its id, or a new one of a name;
    with neither it stands by itself."""

    group_id: uuid.UUID | None = None
    name: str = ""

    @property
    def is_alone(self) -> bool:
        """Whether it stands by itself."""
        return self.group_id is None and not self.name.strip()


BY_ITSELF = Together()


def problem_with_name(together: Together) -> str:
    """What is wrong with the name of a new group; "" where nothing is."""
    name = together.name.strip()
    if name and together.group_id is not None:
        return _("Choose a group, or begin a new one; not both.")
    if len(name) > NAME_MAX:
        return _("{count} characters were typed; {most} fit.").format(
            count=len(name), most=NAME_MAX
        )
    return ""


def problem_with_span(begins: Sequence[dt.datetime]) -> str:
    """A sentence where what begins at these instants is too far apart to be one decision."""
    if max(begins) - min(begins) <= LONGEST:
        return ""
    return _("A group holds at most {weeks} weeks; begin a new one, or plan it by itself.").format(
        weeks=LONGEST.days // 7
    )


def _kind(name: str, label: str) -> str:
    return declare(name, label, seen_by=Audience.PERSON, erase=Erasure.ERASE_BODY)


DECISION_GROUP_BEGUN = _kind(
    "DECISION_GROUP_BEGUN", "A group of what is decided together was begun"
)
DECISION_GROUP_JOINED = _kind("DECISION_GROUP_JOINED", "Something was planned together with others")
DECISION_GROUP_LEFT = _kind("DECISION_GROUP_LEFT", "Something stands by itself again")
