"""`/healthz`: is the watch awake? For machines outside that ask, and for a person in a hurry."""

from __future__ import annotations

from homeby.web.live import CLOCK_BAR, COPY_BAR
from homeby.web.shell.protocol import Send, answer_json
from homeby.web.shell.pulse import Pulse

#: An answer is never older than this; when nothing newer comes in the patience, it is "no".
OLDEST_ANSWER_SECONDS = 2.0
PATIENCE_SECONDS = 3.0


async def healthz(send: Send, *, pulse: Pulse) -> None:
    """200 when the database answers and the watch moved within a minute; else 503, a sentence. A
    copy of a station watches nobody. A disputed clock is said; the watch goes on without it. So is
    a pause, with its end: the station does what it should, and is not started again for it."""
    known = await pulse.wait_for_look(
        max_age_seconds=OLDEST_ANSWER_SECONDS, timeout_seconds=PATIENCE_SECONDS
    )
    age = pulse.watch_age_seconds() if known else None
    content = {
        "watch_age_seconds": None if age is None else round(age, 1),
        "database": "ok" if known else "no answer",
        "clock": "disputed" if CLOCK_BAR in pulse.bars() else "ok",
    }
    sentence = _what_is_wrong(pulse=pulse, known=known, age=age)
    paused_until = pulse.paused_until()
    content["watch"] = "watching" if paused_until is None else "paused"
    if sentence:
        content["sentence"] = sentence
    elif paused_until is not None:
        content["sentence"] = (
            f"The watch is paused until {paused_until:%Y-%m-%d %H:%MZ}: nobody is missed before."
        )
    await answer_json(send, status=503 if sentence else 200, content=content)


def _what_is_wrong(*, pulse: Pulse, known: bool, age: float | None) -> str:
    if not known:
        return "The database does not answer; `homeby doctor` says more."
    if pulse.database_is_newer:
        return "The database belongs to a newer version of Homeby than the one that runs here."
    if COPY_BAR in pulse.bars():
        return "This is a copy of a station: it sends nothing until `homeby live --confirm`."
    if age is None:
        return "The watchkeeper has not made a round yet: nobody is watched."
    if not pulse.watch_is_fresh():
        return f"The watchkeeper has not moved for {age:.0f} seconds: nobody is watched."
    return ""
