"""What each rule of retention erases, by table and column, and what stands there afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeby.logbook.forgetting import Forgetting
from homeby.people.rules_private import Lasting
from homeby.watch.actions.forgetting import ERASED

_PLACE: dict[str, Any] = {"latitude": None, "longitude": None, "place": "", "route_gpx": ""}
_TEXTS: dict[str, Any] = {"vehicle": "", "kit": "", "communications": "", "device": ""}
MESSAGES = {"comms.message": {"subject": "", "text": "", "said_once": ""}}
REPORTS = {"missions.firstreport": {"urgent": "", "still_out": "", "kit_missing": "", "danger": ""}}
PLACES: dict[str, dict[str, Any]] = {
    "missions.mission": {**_PLACE, **_TEXTS},
    "missions.partymember": {"description": ""},
    "watch.subject": {"place": ""},
}
#: By what the watch called a person who is erased: entries that set it lose their words with her.
NAMED: dict[str, dict[str, Any]] = {
    "watch.subject": {"title": ""},
    "watch.duress": {"who": ERASED},
    "watch.kinworry": {"said": ""},
}
NOTES = {
    "missions.mission": {"acceptance_note": ""},
    "missions.partymember": {"acceptance_note": ""},
    "missions.extension": {"why": "", "decided_why": ""},
    "missions.unmatched": {"settled_how": ""},
    "watch.alarm": {"end_reason": ""},
    "missions.minorapproval": {"reason": ""},
    "readiness.examination": {
        "decided_why": "",
        "board_why": "",
        "appeal_text": "",
        "appeal_why": "",
    },
    "readiness.examinationpart": {"note": ""},
    "readiness.dutyperson": {"note": ""},
    "readiness.dutyswap": {"note": ""},
}

#: By which instant a row is old.
AGED = {
    "comms.message": "created_at",
    "missions.firstreport": "given_at",
    "missions.mission": "back_at",
    "missions.partymember": "mission__back_at",
    "missions.extension": "asked_at",
    "missions.unmatched": "settled_at",
    "watch.subject": "due_at",
    "watch.alarm": "ended_at",
    "missions.minorapproval": "approved_at",
    "readiness.examination": "ended_at",
    "readiness.examinationpart": "examination__ended_at",
    "readiness.dutyperson": "answered_at",
    "readiness.dutyswap": "ended_at",
}


def _rule(lasting: Lasting, blank: Mapping[str, Mapping[str, Any]]) -> Forgetting:
    aged = {label: AGED[label] for label in blank}
    return Forgetting(name=lasting, blank=blank, aged=aged, every_body=lasting is Lasting.ENTRIES)


RULES: Mapping[Lasting, Forgetting] = {
    Lasting.PLACES: _rule(Lasting.PLACES, PLACES),
    Lasting.MESSAGES: _rule(Lasting.MESSAGES, MESSAGES),
    Lasting.REPORTS: _rule(Lasting.REPORTS, REPORTS),
    Lasting.ENTRIES: _rule(Lasting.ENTRIES, NOTES),
}
