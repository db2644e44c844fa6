"""What is wrong in a picture, in sentences. The second implementation of "who should have been
told": it knows what must be true of an open deadline, alarm and message, and none of the steps,
plans and waits by which the watch gets there. Pure but for the language of its sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from homeby.auditor.picture import CANARY, NEVER_PAUSED, UNSENT, Doubt, Picture, Row

MOST_SENTENCES = 20
_DOUBT_ABOUT_NOBODY = dt.timedelta(hours=1)
_BEING_TRIED = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long something may take before it counts as wrong (`RELIABILITY.md` 5 and 13)."""

    slack: dt.timedelta = dt.timedelta(seconds=60)
    unsent: dt.timedelta = dt.timedelta(seconds=120)
    canary: dt.timedelta = dt.timedelta(minutes=12)
    doors: dt.timedelta = dt.timedelta(seconds=60)
    watch_seconds: float = 60.0

    def at_pace(self, speed: float) -> Limits:
        """The same for a clock that runs faster than life: what takes real time takes more of it.
        Of the canary's twelve minutes ten are the pause between two rounds."""
        pause = dt.timedelta(minutes=10)
        return Limits(
            slack=self.slack * speed,
            unsent=self.unsent * speed,
            canary=pause + (self.canary - pause) * speed,
            doors=self.doors * speed,
            watch_seconds=self.watch_seconds,
        )


def opinion(picture: Picture, *, now: dt.datetime, limits: Limits) -> list[str]:
    """What should have happened by now and did not, the gravest first; empty: we agree."""
    found = [
        *_doubts(picture, now),
        *_deadlines(picture, now, limits),
        *_alarms(picture, now, limits),
        *_outbox(picture, now - limits.unsent),
        *_canary(picture, now, limits),
    ]
    more = len(found) - MOST_SENTENCES
    if more > 0:
        found = [*found[:MOST_SENTENCES], _("And %d more.") % more]
    return found


def watch_trouble(age_seconds: float | None, *, limits: Limits) -> list[str]:
    """Whether the watch moves at all, by the age of its last look in real seconds."""
    if age_seconds is None:
        return [_("The watchkeeper has never looked: nobody is watched.")]
    if age_seconds > limits.watch_seconds:
        return [_("The watchkeeper has not looked for %d seconds.") % age_seconds]
    return []


def _doubts(picture: Picture, now: dt.datetime) -> Iterator[str]:
    words = {
        "an alarm was removed": _("The alarm %s was taken from the records while it was open."),
        "an alarm was ended by nobody": _("The alarm %s was ended by no human."),
        "a deadline was removed": _("A deadline of %s was taken from the records."),
        "a deadline was missed without an alarm": _("%s was missed, and no alarm was opened."),
        "a deadline was settled by nobody": _("A deadline of %s was settled by no human."),
    }
    picture.doubts = [doubt for doubt in picture.doubts if _stands(doubt, picture, now)]
    for doubt in picture.doubts:
        yield words[doubt.what] % doubt.name


def _stands(doubt: Doubt, picture: Picture, now: dt.datetime) -> bool:
    """Until somebody watches over the subject again. Of nobody who is out, for an hour."""
    if picture.is_watched(doubt.subject):
        return False
    return bool(picture.party(doubt.subject)) or now - doubt.at < _DOUBT_ABOUT_NOBODY


def _demanded_from(picture: Picture, row: Row, at: dt.datetime, limits: Limits) -> dt.datetime:
    """After an outage sign-ins come before what is not past its call-out time, for a minute."""
    call_out_at = _at(row, "call_out_at")
    at_once = picture.demanded_from(at)
    if call_out_at is None or row.get("kind") == CANARY:
        return at_once
    behind_the_doors = picture.demanded_from(at, doors=limits.doors)
    if picture.is_exercise(row):
        return behind_the_doors
    return min(behind_the_doors, max(at_once, call_out_at))


def _deadlines(picture: Picture, now: dt.datetime, limits: Limits) -> Iterator[str]:
    """Those of a party that fell due in a pause are judged from its end on."""
    is_paused, before = picture.pauses.now(now) is not None, now - limits.slack
    for row in picture.deadlines.values():
        due_at, goes_on = _at(row, "due_at"), row.get("kind") in NEVER_PAUSED
        if due_at is None or row.get("state") != "OPEN" or (is_paused and not goes_on):
            continue
        since = due_at if goes_on else picture.pauses.due_since(due_at)
        if since < before and _demanded_from(picture, row, since, limits) < before:
            name = picture.refs.get(str(row.get("subject_id")), "?")
            yield _("%(who)s was due at %(at)s, and no alarm was opened.") % {
                "who": name,
                "at": _clock(due_at),
            }


def _alarms(picture: Picture, now: dt.datetime, limits: Limits) -> Iterator[str]:
    slack = limits.slack
    for key, row in picture.alarms.items():
        if row.get("state") != "OPEN":
            continue
        about_nobody = row.get("kind") == CANARY or picture.is_exercise(row)
        name, act_at = f"A-{row.get('number', '?')}", _at(row, "act_at")
        late = act_at is None or act_at < now - slack
        if late and (act_at is None or _stands_still(picture, row, act_at, now, limits)):
            yield _("The alarm %s stands still: its next step is overdue.") % name
        if not about_nobody and picture.is_taken_by_one_of_two(row):
            yield _("The alarm %s counts as taken, and only one of two has taken it.") % name
        if not about_nobody and _tells_nobody(picture, key, row, now, slack):
            yield _("The call-out time of the alarm %s has passed, and nobody was told.") % name


def _stands_still(
    picture: Picture, row: Row, act_at: dt.datetime, now: dt.datetime, limits: Limits
) -> bool:
    return _demanded_from(picture, row, act_at, limits) < now - limits.slack


def _tells_nobody(
    picture: Picture, key: str, row: Row, now: dt.datetime, slack: dt.timedelta
) -> bool:
    """Past its call-out time, with nobody outside the party who has it, was told, or is about to
    be told. Kin take no alarm: they do not count."""
    call_out_at, held_until = _at(row, "call_out_at"), _at(row, "hold_until")
    if call_out_at is None or row.get("holder_id"):
        return False
    if picture.demanded_from(call_out_at) >= now - slack:
        return False
    if held_until is not None and held_until >= now - slack:
        return False
    party = set(picture.party(str(row.get("subject_id"))))
    for message in picture.messages_of(key):
        if message.get("kin_of") or message.get("person_id") in party:
            continue
        if message.get("handed_at") or _is_tried(picture, message, now + _BEING_TRIED):
            return False
    return True


def _is_tried(picture: Picture, message: Row, by: dt.datetime) -> bool:
    if message.get("state") not in UNSENT:
        return False
    tries = (_at(row, "next_try_at") for row in picture.deliveries_of(str(message["id"])))
    return any(at is not None and at <= by for at in tries)


def _outbox(picture: Picture, before: dt.datetime) -> Iterator[str]:
    """Only the oldest is said: behind it stand all the others."""
    stuck = [at for row in picture.messages.values() if (at := _due(picture, row)) is not None]
    if stuck and min(stuck) < before:
        yield _("A message waits since %s and was not handed to any channel.") % _clock(min(stuck))


def _due(picture: Picture, message: Row) -> dt.datetime | None:
    """Since when a message waits for its sender; None where it waits for nothing of ours.

    One that every channel has refused counts while nothing else came through either: one dead
    telephone is its owner's trouble, a dead line is ours."""
    state, written_at = message.get("state"), _at(message, "created_at")
    if state == "QUEUED":
        tries = [_at(row, "next_try_at") for row in picture.deliveries_of(str(message["id"]))]
        since = min((at for at in tries if at is not None), default=written_at)
        return None if since is None else picture.demanded_from(since)
    nightly = message.get("kind") == CANARY  # a class that fails is unproven, and shown so
    if state != "TROUBLE" or nightly or written_at is None:
        return None
    through = picture.handed_at
    return written_at if through is None or through < written_at else None


def _canary(picture: Picture, now: dt.datetime, limits: Limits) -> Iterator[str]:
    if not picture.canary_known:
        yield _("The canary was never sent out.")
    elif picture.canary_ended_at is None or _is_missing(
        picture, picture.canary_ended_at, now, limits
    ):
        yield _("The canary has not come through: alarms may not find their way either.")


def _is_missing(picture: Picture, ended_at: dt.datetime, now: dt.datetime, limits: Limits) -> bool:
    """After an outage the next round has a minute to come through."""
    due_at = ended_at + limits.canary
    from_at = picture.demanded_from(due_at)
    return (due_at if from_at == due_at else from_at + limits.slack) < now


def _at(row: Row, name: str) -> dt.datetime | None:
    found = row.get(name)
    return dt.datetime.fromisoformat(found) if found else None


def _clock(at: dt.datetime) -> str:
    return f"{at:%Y-%m-%d %H:%MZ}"
