"""Is the checkpoint that a partner holds of us, under our own signature, one of this logbook? Asked
at each answer to a minute message, and at a start before anything leaves (F4, P18)."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from homeby import settings
from homeby.keys import KeyProblem
from homeby.logbook import actions as logbook
from homeby.logbook import queries as station
from homeby.logbook.earlier import recorded_until
from homeby.watch.actions import lost_entries
from homeby.watch.actions.partners import answers, line, signing
from homeby.watch.actions.partners.hearing import MESSAGE, SENDER, SIGNATURE
from homeby.watch.models import Partner
from homeby.watch.rules import partners as rules
from homeby.watch.rules.partners import Point, Said, Verb

log = logging.getLogger("homeby.partner")
#: A start waits no longer for a partner that does not answer.
ASK_SECONDS = 3.0
_NOTHING = Point(entries=0, last="-", digest="0" * 64)


def doubt(held: Said, *, ours: Point | None, here: str, now: dt.datetime) -> bool:
    """Whether this logbook lacks what a partner has seen of it; then it is a copy from now on, and
    those who keep the watch are told what is missing. `ours`: what it gives for the number of
    entries that the partner holds, None where it is shorter. A person who has since said that this
    is the live station knew better."""
    confirmed_at = station.confirmed_at()
    if confirmed_at is not None and held.at <= confirmed_at:
        return False
    why = rules.why_not_live(ours, held.point)
    if not why:
        return False
    count, number = recorded_until(held.at)
    missing = rules.missing_words(held=held.point.entries, here=count, last_number=number)
    why = f"{why} {missing}".strip()
    log.error("this station is a copy: %s", why)
    tell = partial(lost_entries.tell, why=why)
    logbook.quarantine(why=why, here=here, now=now, beside=tell)
    return True


def ask(*, here: str, now: dt.datetime, post: Callable[..., line.Answered] = line.post) -> bool:
    """At a start: ask every partner which checkpoint it holds of us; if the last entry of it is not
    in this logbook, we doubt ourselves. Says whether we do. Takes `ASK_SECONDS` at most; a partner
    that does not answer delays nothing further, for each minute message asks again."""
    us = station.station()
    if us is None or us.quarantined_at is not None:
        return False
    asked = [(one, _question(one, us.pk, now)) for one in Partner.objects.filter(ended_at=None)]
    if not asked:
        return False
    try:
        bodies = [_body(said) for _partner, said in asked]
    except KeyProblem as problem:
        log.error("the partner stations cannot be asked: %s", problem)
        return False
    with ThreadPoolExecutor(max_workers=len(asked)) as pool:
        calls = [
            pool.submit(post, one.url, line.MESSAGE_PATH, body, seconds=ASK_SECONDS)
            for (one, _said), body in zip(asked, bodies, strict=True)
        ]
        came = [call.result() for call in calls]
    for (one, said), answered in zip(asked, came, strict=True):
        answer = answers.read(one, said, answered.values)
        held = answers.our_own(answer) if answer else None
        if held is None or not held.point.entries or station.has(held.point.last):
            continue
        if doubt(held, ours=None, here=here, now=now):
            return True
    return False


def _question(partner: Partner, us: uuid.UUID, now: dt.datetime) -> Said:
    return Said(
        verb=Verb.ASK,
        sender=us,
        receiver=partner.station_id,
        name=rules.plain_name(settings.current().station_name),
        sequence=0,
        at=now,
        point=_NOTHING,
        earlier=None,
        unsent_seconds=0.0,
        next_act_at=None,
        is_awake=False,
        out=0,
    )


def _body(said: Said) -> dict[str, Any]:
    text = rules.written(said)
    signature = signing.ours().sign(text, purpose=signing.MESSAGE)
    return {SENDER: str(said.sender), MESSAGE: text, SIGNATURE: signature}
