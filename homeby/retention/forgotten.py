"""What each rule of retention erases, by table and column, and what stands there afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from homeby.logbook.forgetting import Forgetting
from homeby.people.rules_private import Lasting
from homeby.watch.actions.forgetting import ERASED

_PLACE: dict[str, Any] = {"latitude": None, "longitude": None, "place": "", "route_gpx": ""}
_TEXTS: dict[str, Any] = {"vehicle": "", "kit": "", "communications": "", "device": ""}
MESSAGES = {
    "comms.message": {"subject": "", "text": "", "said_once": ""},
    "comms.delivery": {"trouble": ""},
}
REPORTS = {
    "missions.firstreport": {"urgent": "", "still_out": "", "kit_missing": "", "danger": ""},
    "missions.lesson": {"text": ""},
}
PLACES: dict[str, dict[str, Any]] = {
    "missions.mission": {**_PLACE, **_TEXTS},
    "missions.partymember": {"description": ""},
    "watch.subject": {"place": ""},
}
#: By what the watch called a person who is erased: entries that set it lose their words with her.
NAMED: dict[str, dict[str, Any]] = {
    "watch.subject": {"title": "", "said": ""},
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
    "readiness.examinationmove": {"why": ""},
    "readiness.examinationpart": {"note": ""},
    "readiness.dutyperson": {"note": ""},
    "readiness.dutyswap": {"note": ""},
    "missions.brokenglass": {"reason": ERASED, "review": ERASED},
    "watch.kinworry": {"said": ""},
    "watch.pause": {"reason": ""},
    "readiness.duty": {"cancelled_why": ""},
    "readiness.decisiongroup": {"name": ""},
    "readiness.dutyapproval": {"reason": ""},
    "readiness.holding": {"paper": "", "withdrawn_why": ""},
    "readiness.mentorsession": {"practised": ""},
    "readiness.restoverride": {"reason": ""},
    "readiness.signoff": {"why": ""},
}

#: By which instant a row is old; of several by the first that is set.
AGED: dict[str, str | tuple[str, ...]] = {
    "comms.message": "created_at",
    "missions.firstreport": "given_at",
    "missions.lesson": "offered_at",
    "missions.mission": "back_at",
    "missions.partymember": "mission__back_at",
    "missions.extension": "asked_at",
    "missions.unmatched": "settled_at",
    "watch.subject": "due_at",
    "watch.alarm": "ended_at",
    "missions.minorapproval": "approved_at",
    "readiness.examination": "ended_at",
    "readiness.examinationmove": "examination__ended_at",
    "readiness.examinationpart": "examination__ended_at",
    "readiness.dutyperson": "answered_at",
    "readiness.dutyswap": "ended_at",
    "comms.delivery": "message__created_at",
    "missions.brokenglass": "reviewed_at",
    "watch.kinworry": "last_at",
    "watch.pause": "ended_at",
    "readiness.duty": "cancelled_at",
    "readiness.decisiongroup": "last_at",
    "readiness.dutyapproval": "approved_at",
    "readiness.holding": ("withdrawn_date", "through_date"),
    "readiness.mentorsession": "held_date",
    "readiness.restoverride": "at",
    "readiness.signoff": "on_date",
}
#: Tables of which a row without that instant is not over: asked, offered, held, not reviewed yet.
ENDING = frozenset(
    {
        "missions.brokenglass",
        "watch.pause",
        "readiness.duty",
        "readiness.holding",
        "readiness.examination",
        "readiness.examinationmove",
        "readiness.examinationpart",
        "readiness.dutyswap",
    }
)


def _several(instants: str | tuple[str, ...]) -> tuple[str, ...]:
    return (instants,) if isinstance(instants, str) else instants


def _rule(lasting: Lasting, blank: Mapping[str, Mapping[str, Any]]) -> Forgetting:
    aged = {label: _several(AGED[label]) for label in blank}
    return Forgetting(
        name=lasting,
        blank=blank,
        aged=aged,
        ending=ENDING & blank.keys(),
        every_body=lasting is Lasting.ENTRIES,
    )


RULES: Mapping[Lasting, Forgetting] = {
    Lasting.PLACES: _rule(Lasting.PLACES, PLACES),
    Lasting.MESSAGES: _rule(Lasting.MESSAGES, MESSAGES),
    Lasting.REPORTS: _rule(Lasting.REPORTS, REPORTS),
    Lasting.ENTRIES: _rule(Lasting.ENTRIES, NOTES),
}
