"""What missions know of a special unit, handed down from where it is kept, as part of an entry."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.logbook.actions import Page
from homeby.logbook.rules import Refused
from homeby.missions.models import Mission, MissionUnit
from homeby.missions.queries.visible import keeps_unit, visible_mission_units, visible_missions
from homeby.people.rules import Viewer


@dataclass(frozen=True, kw_only=True)
class UnitFacts:
    """A special unit: `called` is what whoever sees its missions reads."""

    unit_id: uuid.UUID
    called: str
    is_secret: bool
    members: Collection[uuid.UUID]
    keepers: Collection[uuid.UUID]


def hand_down(page: Page, facts: UnitFacts) -> None:
    """From now on missions know the unit so."""
    values = {
        "called": facts.called,
        "is_secret": facts.is_secret,
        "members": sorted(str(key) for key in facts.members),
        "keepers": sorted(str(key) for key in facts.keepers),
    }
    row = MissionUnit.objects.select_for_update().filter(pk=facts.unit_id).first()
    if row is None:
        page.add(MissionUnit(id=facts.unit_id, **values))
    else:
        page.change(row, **values)


def is_known(unit_id: uuid.UUID) -> bool:
    """Whether anything was ever planned for this unit. One query."""
    return MissionUnit.objects.filter(pk=unit_id).exists()


def plans_for(by: Viewer, unit_id: uuid.UUID | None) -> bool:
    """Whether somebody plans for a unit as whoever watches over a team does for hers. Raises
    Refused where she may not choose it: whoever stands in a unit plans for it."""
    if unit_id is None:
        return False
    stands = visible_mission_units(by).filter(members__icontains=str(by.person_id), pk=unit_id)
    if not stands.exists():
        raise Refused(unit=_("Choose from the list."))
    return keeps_unit(by, unit_id)


def mind_secret(by: Viewer, mission: Mission) -> None:
    """A mission of a secret unit that is not for somebody is not there for her. Raises Refused."""
    if mission.unit_id is None:
        return
    if not visible_missions(by).filter(pk=mission.pk).exists():
        raise Refused(_("There is no such mission."))
