"""The kinds of entry that the watch writes. Pure."""

from __future__ import annotations

from homeby.logbook.rules import Audience, Erasure, declare


def _watch(name: str, label: str, *, erase: Erasure = Erasure.NOTHING_PERSONAL) -> str:
    return declare(name, label, seen_by=Audience.WATCH, erase=erase)


def _mission(name: str, label: str, *, erase: Erasure = Erasure.ERASE_BODY) -> str:
    return declare(name, label, seen_by=Audience.MISSION, erase=erase)


DEADLINE_MET = _mission("DEADLINE_MET", "Heard in time; the deadline is met")
ACT_AWAITED = _watch("ACT_AWAITED", "An act is waited for by its hour")
ACT_DROPPED = _watch("ACT_DROPPED", "An act is waited for no more")
ALARM_OPENED = _mission("ALARM_OPENED", "An alarm was opened")
ALARM_STEPPED = _mission("ALARM_STEPPED", "A step of the escalation plan ran")
ALARM_JOINED = _mission("ALARM_JOINED", "A further missed deadline joined the open alarm")
ALARM_ACKNOWLEDGED = _mission("ALARM_ACKNOWLEDGED", "Somebody took the alarm")
ALARM_LIST_ACKNOWLEDGED = _mission("ALARM_LIST_ACKNOWLEDGED", "Somebody took a list of alarms")
ALARM_RENEWED = _mission("ALARM_RENEWED", "The acknowledgement was renewed")
ALARM_OFFERED = _mission("ALARM_OFFERED", "The alarm was offered to somebody else")
ALARM_LAPSED = _mission("ALARM_LAPSED", "The acknowledgement lapsed")
ALARM_HEARD = _mission("ALARM_HEARD", "The party was heard from; the next step waits")
ALARM_RAISED = _mission("ALARM_RAISED", "A person raised the alarm to DISTRESS")
ALARM_ENDED = _mission("ALARM_ENDED", "The alarm ended")
HELP_UNPLACED = _watch(
    "HELP_UNPLACED", "HELP that fits no mission rang the watch", erase=Erasure.ERASE_BODY
)
DURESS_NOTED = _mission("DURESS_NOTED", "Somebody acted with their duress PIN; nobody there knows")
ALARM_WAITS = _mission("ALARM_WAITS", "The next step was given another time")
REMINDER_SENT = _mission("REMINDER_SENT", "A reminder was sent")
CANARY_SENT = _watch("CANARY_SENT", "The canary party was sent out")
CANARY_MISSED = _watch("CANARY_MISSED", "The canary was missed, as it must be")
CANARY_ENDED = _watch("CANARY_ENDED", "The canary's round ended")
CANARY_PUT_OFF = _watch("CANARY_PUT_OFF", "The canary's round did not end; it is tried again")
DRILL_BEGAN = _watch("DRILL_BEGAN", "A drill began")
DRILL_ENDED = _watch("DRILL_ENDED", "The drill ended")
TESTS_PLANNED = _watch("TESTS_PLANNED", "The weekly tests were looked through")
TEST_SENT = _watch("TEST_SENT", "The weekly test of a duty phone was sent")
TEST_ENDED = _watch("TEST_ENDED", "The weekly test of a duty phone ended")
TEST_HOUR_SET = _watch("TEST_HOUR_SET", "The hour of somebody's weekly test was set")
CODE_REFUSED = _watch("CODE_REFUSED", "A wrong code was typed on an alarm page")
PLAN_SET = _watch("PLAN_SET", "An escalation plan was set")
WATCH_PLANNED = _watch("WATCH_PLANNED", "A watch was entered in the watch bill")
WATCH_REMOVED = _watch("WATCH_REMOVED", "A watch was taken from the watch bill")
WATCH_PASSED_ON = _watch("WATCH_PASSED_ON", "The watch was passed to the deputy")
WATCH_BLIND = _watch("WATCH_BLIND", "The watch was blind")
WATCH_BLIND_TOLD = _watch("WATCH_BLIND_TOLD", "Those who were out were told of the blind period")
REMINDER_DROPPED = _mission("REMINDER_DROPPED", "A reminder was too old and was dropped")
CLOCK_DISPUTED = _watch("CLOCK_DISPUTED", "The clock of a machine is disputed")
CLOCK_SETTLED = _watch("CLOCK_SETTLED", "The dispute about a clock is over")
CLOCK_PUT_RIGHT = _watch(
    "CLOCK_PUT_RIGHT", "Times that the station set itself lay too far ahead and were put right"
)
PAUSE_ASKED = _watch("PAUSE_ASKED", "Somebody asked to pause the watch", erase=Erasure.ERASE_BODY)
PAUSE_AGREED = _watch("PAUSE_AGREED", "A second person agreed: the watch is paused")
PAUSE_BEGAN = _watch("PAUSE_BEGAN", "After a day's notice the watch is paused")
PAUSE_ENDED = _watch("PAUSE_ENDED", "The pause of the watch ended, or never began")
PARTNER_INVITED = _watch("PARTNER_INVITED", "A pairing code was made for a partner station")
PARTNER_PAIRED = _watch("PARTNER_PAIRED", "A partner station was paired")
PARTNER_AWAITED = _watch("PARTNER_AWAITED", "The next minute message of a partner station is due")
PARTNER_TROUBLED = _watch("PARTNER_TROUBLED", "A partner station told of something that is wrong")
PARTNER_HEARD = _watch(
    "PARTNER_HEARD", "A partner station was heard again, and all is well with it"
)
PARTNER_KEPT = _watch("PARTNER_KEPT", "A partner station's signed checkpoint was kept")
KIN_TOLD = _watch("KIN_TOLD", "Kin were told how it stands")
KIN_BACK_TOLD = _watch("KIN_BACK_TOLD", "Kin were told that they are back")
KIN_STEP_SAID = _watch("KIN_STEP_SAID", "Kin were told which search step is taken")
KIN_HELD = _watch("KIN_HELD", "A named person speaks with the kin", erase=Erasure.ERASE_BODY)
KIN_HOLD_ENDED = _watch("KIN_HOLD_ENDED", "The messages to the kin go on")
KIN_WORRIED = _watch("KIN_WORRIED", "Somebody of the kin is worried", erase=Erasure.ERASE_BODY)
KIN_SPOKEN = _watch("KIN_SPOKEN", "Somebody spoke with the kin", erase=Erasure.ERASE_BODY)
KIN_ANSWERED = _watch("KIN_ANSWERED", "Somebody took up the worry of the kin")
PARTNER_ENDED = _watch("PARTNER_ENDED", "The partnership with another station was ended")
