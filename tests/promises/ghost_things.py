"""What somebody has beside an outing: a shift, an examination, kit, an injury, papers, a mentor.

Whoever is kept away from her learns of none of it, and not of her by it.
"""

from __future__ import annotations

import datetime as dt

from homeby.logbook.rules import new_tap
from homeby.missions.actions import plan
from homeby.missions.actions.plan import PlanFields
from homeby.missions.models import Mission
from homeby.missions.rules import PlanTimes
from homeby.people.rules import STATION
from homeby.readiness.actions import examinations, holdings, kit, kit_room, mentoring
from homeby.readiness.actions.decision_groups import MissionTogether, group_mission
from homeby.readiness.actions.holdings import PaperFields
from homeby.readiness.actions.kit_room import KitFields
from homeby.readiness.actions.mentoring import MentorFields
from homeby.readiness.models import (
    Duty,
    DutyPerson,
    Examination,
    Injury,
    KitItem,
    Mentorship,
    SpecialUnit,
    TaskBook,
)
from homeby.readiness.rules.decision_groups import Together
from homeby.readiness.rules.whose import Whose
from tests.promises.learning import of_key, open_book
from tests.promises.planning_duties import a_shift_of, ask, planned, say
from tests.promises.rested import hurt
from tests.world import ZONE, World

#: What is decided together at both stations.
SEASON = Together(name="Season")


def gets_things(world: World, who: str) -> None:
    """Before she goes out. She asks the deputy, who is nobody of whom others are kept away."""
    person, head = world.people[who], world.as_("head")
    a_shift_of(world, who, together=Together(name=f"Roster of {who}"))
    goes_for_the_unit(world, who)
    examinations.request(
        what="SCOUT",
        asked_id=world.people["deputy"],
        by=world.as_(who),
        now=world.now,
        tap=new_tap(),
    )
    paper = PaperFields(qualification_id=of_key("AID"), from_date=world.now.date())
    holdings.record_paper(person_id=person, fields=paper, by=STATION, now=world.now, tap=new_tap())
    open_book(world, who, "SCOUT")
    mentoring.begin(
        learner_id=person, fields=MentorFields(mentor_id=world.people["deputy"]), by=head,
        now=world.now, tap=new_tap(),
    )  # fmt: skip


def goes_for_the_unit(world: World, who: str) -> None:
    """She leads a shift, and is to go out, for a special unit that everybody knows."""
    unit, deputy = SpecialUnit.objects.get().pk, world.people["deputy"]
    together = Together(name=f"Unit of {who}")
    planned(world, by="deputy", team_id=None, unit_id=unit, hours=200, together=together,
            leader_id=world.people[who])  # fmt: skip
    fields = PlanFields(
        party=(deputy, world.people[who]), leader_id=deputy, what=f"Unit of {who}", place="Ridge",
        zone=ZONE, unit_id=unit, times=PlanTimes(due_at=world.now + dt.timedelta(hours=190)),
    )  # fmt: skip
    tap = new_tap()
    plan.plan(fields=fields, by=world.as_("deputy"), now=world.now, tap=tap)
    mission = Mission.objects.get(pk=tap.entry_id)
    decided_with(world, mission, Whose(unit_id=unit), together, by="deputy")


def decided_with(
    world: World, mission: Mission, whose: Whose, together: Together, *, by: str = "head"
) -> None:
    """A mission is decided together with others."""
    assert mission.due_at is not None, "it was planned with one"
    grouped = MissionTogether(
        mission_id=mission.pk, whose=whose, due_at=mission.due_at, together=together
    )
    group_mission(mission=grouped, by=world.as_(by), now=world.now, tap=new_tap())


def takes_things(world: World, who: str, mission: Mission) -> None:
    """While she is out: she has her own radio with her, is hurt, is asked whether she will be on
    the shift of all who come, and her mission was decided together with that."""
    fields = KitFields(label=f"R-{who}", name="Radio", issued_to_id=world.people[who])
    item, by = new_tap(), world.as_(who)
    kit_room.set_kit(item_id=None, fields=fields, by=STATION, now=world.now, tap=item)
    kit.take(item_id=item.entry_id, mission_id=mission.pk, by=by, now=world.now, tap=new_tap())
    hurt(world, who, by=who)
    decided_with(world, mission, Whose(), SEASON)


def comes_along(world: World, duty: Duty, who: str) -> None:
    """She says that she could be on a duty, and nobody has picked her."""
    ask(world, duty, who)
    say(world, duty, who)


def ids_of_things(world: World, who: str) -> dict[str, str]:
    """How addresses name them."""
    me = world.people[who]
    on = DutyPerson.objects.filter(person_id=me, picked_at__isnull=False)
    found = {
        "duty": on.get(duty__unit__isnull=True).duty_id,
        "unit_duty": on.get(duty__unit__isnull=False).duty_id,
        "unit_mission": Mission.objects.get(what=f"Unit of {who}").pk,
        "examination": Examination.objects.get(person_id=me).pk,
        "kit": KitItem.objects.get(issued_to_id=me).pk,
        "injury": Injury.objects.get(person_id=me).pk,
        "mentorship": Mentorship.objects.get(learner_id=me).pk,
        "book": TaskBook.objects.get(person_id=me).pk,
    }  # fmt: skip
    return {name: str(key) for name, key in found.items()}
