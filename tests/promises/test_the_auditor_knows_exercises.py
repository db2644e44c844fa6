"""The auditor knows an exercise from an alarm about people, by its kind and by its subject."""

from __future__ import annotations

from homeby.logbook import actions as logbook
from homeby.logbook.rules import STATION_KEY_ID, new_tap
from homeby.watch import rules
from homeby.watch.actions import drills, live_tests
from homeby.watch.actions.drills import Wish
from homeby.watch.actions.subjects import Subject
from homeby.watch.models import Alarm
from tests.promises.auditors import Audited
from tests.world import World


def test_a_drill_and_the_weekly_tests_are_no_lie(world: World) -> None:
    audited = Audited(world=world)
    live_tests.set_out(now=world.now)
    drills.begin(wish=Wish(within_minutes=30), by=world.as_("head"), now=world.now, tap=new_tap())
    for _ in range(8):
        for _ in range(5):
            world.now += rules.REMIND_AFTER / 60
            audited.watch()
        assert audited.look() == []
    assert Alarm.objects.get(kind="EXERCISE").state == "ENDED"


def test_an_alarm_about_people_that_is_called_an_exercise_is_found(world: World) -> None:
    audited = Audited(world=world)
    world.send_out("agent", due_minutes=1)
    world.now += rules.REMIND_AFTER / 60 * 2
    audited.watch()
    assert audited.look() == []
    alarm = Alarm.objects.select_related("subject").get(kind="OVERDUE")
    assert Subject.objects.filter(pk=alarm.subject_id).exists()
    with logbook.writing(now=world.now, by=None, device="watchkeeper") as book:
        page = book.entry(rules.DRILL_ENDED, subject="exercise:drill")
        page.change(
            alarm,
            kind=rules.AlarmKind.EXERCISE,
            state=rules.AlarmState.ENDED,
            act_at=None,
            ended_at=world.now,
            ended_by_id=STATION_KEY_ID,
            ending=rules.Ending.EXERCISE,
        )
    assert any("was ended by no human" in one for one in audited.look())
