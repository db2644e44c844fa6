"""Words in what people write down beside an outing: examinations, duties, skills, log-ins, links.

Each function says all the words of one matter; the crawl looks who reads them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

from homeby.comms.models import Message
from homeby.logbook.rules import new_tap
from homeby.missions.actions import gate, lessons, plan
from homeby.missions.actions.plan import PlanFields
from homeby.missions.actions.report import ReportFields, first_report
from homeby.missions.models import Mission
from homeby.missions.rules import Hurt, PlanTimes
from homeby.people.actions import accounts, devices, invitations, proofs
from homeby.people.actions.devices import DeviceFields
from homeby.people.rules import STATION, Act, DeviceKind, hash_of
from homeby.readiness.actions import (
    duties,
    duty_asking,
    duty_swaps,
    examination_moves,
    examining,
    holdings,
    mentoring,
    own_times,
    resting,
)
from homeby.readiness.actions.duty_asking import Said
from homeby.readiness.actions.examining import BoardFields, ResultFields
from homeby.readiness.actions.holdings import PaperFields
from homeby.readiness.actions.mentoring import SessionFields, StepFields
from homeby.readiness.rules.decision_groups import Together
from homeby.readiness.rules.duty_planning import DutyAnswer
from homeby.watch import queries as watch
from homeby.watch.actions import alarms
from tests.promises.caring import left_out
from tests.promises.kin_pages import flatmate_id, link_of
from tests.promises.learning import of_key
from tests.promises.planning_duties import ask, in_team, pick, planned
from tests.promises.rested import look_again
from tests.rooms.pages import PASSWORD
from tests.world import ZONE, World

Words = dict[str, str]


def as_(world: World, who: str) -> dict[str, Any]:
    """What each act needs: by whom, when, and a tap of its own."""
    return {"by": world.as_(who), "now": world.now, "tap": new_tap()}


def log_in(world: World, words: Words) -> None:
    """Her log-in and a telephone have names; her PINs are known to nobody but her."""
    accounts.open_account(
        person_id=world.people["agent"], login=words["login"], password=PASSWORD, by=STATION,
        now=world.now, tap=new_tap(),
    )  # fmt: skip
    fields = DeviceFields(
        kind=DeviceKind.PHONE, name=words["device"], acts=(Act.SIGN_IN,),
        person_id=world.people["agent"],
    )  # fmt: skip
    devices.add_device(fields=fields, key_hash=hash_of(words["device key"]),
                       **as_(world, "agent"))  # fmt: skip
    proofs.set_pin(pin=words["PIN"], duress=words["duress PIN"], **as_(world, "agent"))


def examined(world: World, key: uuid.UUID, words: Words) -> None:
    """Her examination, to its end: a board, one part failed, an appeal and what was said to it."""
    board = BoardFields(
        examiner_ids=[world.people["guard"], world.people["mate"]], held_date=world.now.date(),
        parts="Knots", why=words["board"], despite=True,
    )  # fmt: skip
    examining.set_board(examination_id=key, fields=board, **as_(world, "deputy"))
    moved = replace(board, examiner_ids=[world.people["guard"], world.people["mate"],
                                         world.people["deputy"]])  # fmt: skip
    examination_moves.move(examination_id=key, fields=moved, moved_why=words["moved"],
                           **as_(world, "deputy"))  # fmt: skip
    result = ResultFields(passed={1: False}, notes={1: words["part"]})
    examining.give_result(examination_id=key, fields=result, **as_(world, "guard"))
    examining.appeal(examination_id=key, to_id=world.people["head"], text=words["appeal"],
                     **as_(world, "agent"))  # fmt: skip
    examining.review(examination_id=key, upheld=True, why=words["appeal answer"],
                     **as_(world, "head"))  # fmt: skip


def on_duty(world: World, words: Words) -> list[str]:
    """A shift of her team with a note at her answer, one called off; her rest broken; her calendar
    elsewhere. The ids of the two."""
    left_out(world, words["concern"])
    shift = planned(world, what=words["shift"], place=words["shift place"], seats="2", hours=30)
    ask(world, shift, "agent")
    said = Said(answer=DutyAnswer.YES, note=words["answer"])
    duty_asking.answer(duty_id=shift.pk, said=said, person_id=world.people["agent"],
                       **as_(world, "agent"))  # fmt: skip
    pick(world, shift, "agent")
    off = planned(world, seats="2", hours=60)
    ask(world, off, "agent")
    duties.call_off(duty_id=off.pk, why=words["called off"], **as_(world, "head"))
    resting.override(person_id=world.people["agent"], reason=words["rest"], **as_(world, "head"))
    own_times.set_feed(address=f"https://{words['feed']}.example.org/a.ics",
                       **as_(world, "agent"))  # fmt: skip
    return [str(shift.pk), str(off.pk)]


def of_the_unit(world: World, unit_id: uuid.UUID, words: Words) -> list[str]:
    """A shift and a mission of the secret unit, decided together. The id of the shift."""
    shift = planned(
        world, by="deputy", team_id=None, unit_id=unit_id, hours=90, what=words["unit shift"],
        place=words["unit shift"], together=Together(name=words["unit group"]),
    )  # fmt: skip
    fields = PlanFields(
        party=(world.people["deputy"], world.people["mate"]), leader_id=world.people["deputy"],
        what=words["unit outing"], place=words["unit outing"], zone=ZONE, unit_id=unit_id,
        times=PlanTimes(due_at=world.now + dt.timedelta(hours=80)),
    )  # fmt: skip
    act = as_(world, "deputy")
    plan.plan(fields=fields, **act)
    world.silence(Mission.objects.get(pk=act["tap"].entry_id))
    return [str(shift.pk)]


def offers(world: World, duty_id: uuid.UUID, words: Words) -> None:
    """She offers a shift that she is on to another of her team, with a note."""
    world.add("colleague")
    in_team(world, "colleague")
    fields = duty_swaps.OfferFields(to_id=world.people["colleague"], note=words["swap"])
    duty_swaps.offer(duty_id=duty_id, fields=fields, **as_(world, "agent"))


def learns(world: World, learning: dict[str, list[str]], words: Words) -> None:
    """A session with her mentor, a step of her own plan, a paper that was withdrawn; a medic has
    looked at her injury again."""
    session = SessionFields(held_date=world.now.date(), minutes=30, practised=words["practised"])
    mentoring.write_session(mentorship_id=uuid.UUID(learning["mentorship_id"][0]), fields=session,
                            **as_(world, "deputy"))  # fmt: skip
    mentoring.add_step(fields=StepFields(aim=words["aim"]), **as_(world, "agent"))
    held = new_tap()
    paper = PaperFields(qualification_id=of_key("LEAD"), from_date=world.now.date())
    holdings.record_paper(person_id=world.people["agent"], fields=paper, by=STATION, now=world.now,
                          tap=held)  # fmt: skip
    holdings.withdraw(holding_id=held.entry_id, why=words["withdrawn"], **as_(world, "head"))
    look_again(world, said=words["looked again"], clears=False, again_hours=20)


def out(world: World, mission: Mission, words: Words) -> None:
    """She says that they are fine, and how."""
    gate.check_in(mission_id=mission.pk, note=words["check-in"], **as_(world, "agent"))


def calls_for_help(world: World, words: Words) -> None:
    """Somebody else who is out asks for help, and says why."""
    world.add("caller")
    mission = world.send_out("caller", due_minutes=300)
    gate.ask_for_help(mission_id=mission.pk, why=words["help"], **as_(world, "caller"))


def reports(world: World, mission: Mission, words: Words) -> None:
    """What she reported is written down, and the alarm about whoever asked for help is ended for a
    reason."""
    fields = ReportFields(
        hurt=Hurt.NO, kit_missing=words["report"], urgent=words["urgent"],
        still_out=words["still out"], danger=words["danger"],
    )  # fmt: skip
    first_report(mission_id=mission.pk, person_id=world.people["agent"], fields=fields,
                 **as_(world, "agent"))  # fmt: skip
    lessons.offer_lesson(mission_id=mission.pk, text=words["lesson"], **as_(world, "agent"))
    (alarm,) = watch.open_alarms(STATION)
    alarms.stand_down(alarm_id=alarm.pk, reason=words["ended"], **as_(world, "head"))


def secret_links(world: World, words: Words) -> dict[str, str]:
    """Links that are their own permission, by the route that they open. Whoever is shown one once
    has copied it: no page says it again."""
    invitations.make_invitation(
        person_id=world.people["mate"], secret_hash=hash_of(words["invitation"]),
        beside=lambda page: None, **as_(world, "admin"),
    )  # fmt: skip
    own_times.set_link(key_hash=hash_of(words["calendar link"]), shows_all=True,
                       **as_(world, "agent"))  # fmt: skip
    return {"invitation": words["invitation"], "calendar-feed": words["calendar link"]}


def links_made(world: World, words: Words) -> dict[str, str]:
    """Links that the station made itself: of one of the kin, and of a message that told her no."""
    kin = link_of(flatmate_id()).removeprefix("/k/")
    told = Message.objects.filter(person_id=world.people["agent"])
    message = told.filter(text__contains=words["refused why"]).first()
    assert kin
    assert message is not None
    return {"kin-page": kin, "message-link": message.token}
