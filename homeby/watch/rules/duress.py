"""The silent alarm of a duress PIN: whom it is about, and whom it tells. Pure.

It stands on a subject of its own, beside that of the mission, so that whatever shows the mission
(board, siren, kiosk, phone, kin page) goes on as the coerced act made it look (`RELIABILITY.md` 12,
threat 18).
"""

from __future__ import annotations

from dataclasses import replace

from homeby.logbook.rules import SILENT_SUBJECT
from homeby.watch.rules.alarms import Run
from homeby.watch.rules.words import AlarmKind, Target

_TELLS = (Target.DUTY_OFFICER, Target.EVERY_LEADER)
_NEVER = (Target.PARTY, Target.LEADER, Target.KIN)


def silent_ref(about: str, *, number: int | None = None) -> str:
    """The reference of the silent subject beside this one; with the number of an alarm where the
    first is taken by another alarm."""
    return f"{SILENT_SUBJECT}{about}" + (f"/{number}" if number else "")


def about_of(ref: str) -> str:
    """Beside which subject a silent one stands; any other stands for itself."""
    silent = ref.startswith(SILENT_SUBJECT)
    return ref.removeprefix(SILENT_SUBJECT).partition("/")[0] if silent else ref


def silenced(run: Run, kind: str) -> Run:
    """A step of an alarm of this kind; of a silent one it tells from the first on whoever holds the
    watch and every leader, and never the party, its leader or kin, whose telephones may lie in the
    wrong hands."""
    if kind != AlarmKind.DURESS:
        return run
    others = (one for one in run.targets if one not in _NEVER)
    return replace(run, targets=tuple(dict.fromkeys([*_TELLS, *others])))
