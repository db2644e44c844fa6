"""Writing to the partner stations once a minute, and reading what they answer.

A process of its own does it (`homeby partner send`), so that no partner that hangs ever delays the
watch. It says how the watch is from the rows alone: a watch that is dead says nothing, and is told
of by this message; a machine that is dead says nothing at all, and is missed.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms import queries as comms
from homeby.logbook import queries as station
from homeby.logbook.counting import Horizon, Tally
from homeby.people.rules import STATION
from homeby.watch import queries
from homeby.watch.actions.partners import answers, line, losing, marks, presenting, signing
from homeby.watch.actions.partners.hearing import MESSAGE, SENDER, SIGNATURE
from homeby.watch.models import Partner, PartnerMark
from homeby.watch.queries.outages import newest_outage
from homeby.watch.rules import partners as rules
from homeby.watch.rules.partners import Point, Said, Verb

log = logging.getLogger("homeby.partner")
END_TOLD_FOR = dt.timedelta(days=1)
COUNT_ANEW_EVERY = dt.timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What the process brings to a round: the station's time, the machine's own, how many people
    are out, and where this database lies in words."""

    now: dt.datetime
    real_now: dt.datetime
    out: int
    here: str


@dataclass(frozen=True, kw_only=True)
class _Post:
    partner: Partner
    said: Said
    body: dict[str, Any]


@dataclass
class Sender:
    """One process's rounds. Logbooks are counted on from minute to minute, and anew each hour."""

    post: Callable[..., line.Answered] = line.post
    tally: Tally = field(default_factory=Tally)
    horizon: Horizon = field(default_factory=Horizon)
    _counted_at: dt.datetime | None = None

    def round(self, moment: Moment) -> int:
        """Write to every partner whose minute has come. Gives how many were written to. A copy
        writes to nobody (P18)."""
        settled = self.horizon.look()
        us = station.station()
        if settled is None or us is None or station.is_quarantined():
            return 0
        due = self._due(moment.now)
        if not due:
            return 0
        point = self._point(settled, moment.now)
        posts = [self._prepared(one, us.pk, point, moment) for one in due]
        ready = [one for one in posts if one is not None]
        for one, came in self._posted(ready):
            self._answered(one, came, moment)
        return len(ready)

    def _due(self, now: dt.datetime) -> list[Partner]:
        rows = Partner.objects.select_related("mark").order_by("paired_at")
        found = []
        for one in rows.exclude(ended_at__lt=now - END_TOLD_FOR):
            mark: PartnerMark = one.mark
            told = one.ended_by_them or mark.answer == "ended"
            done = one.ended_at is not None and told
            if not done and not _waits(one, mark, now):
                found.append(one)
        return found

    def _point(self, settled: int, now: dt.datetime) -> Point:
        if (
            self._counted_at is None
            or not dt.timedelta() <= now - self._counted_at < COUNT_ANEW_EVERY
        ):
            self.tally.begin_anew()
            self._counted_at = now
        found = self.tally.up_to(settled)
        return Point(entries=found.entries, last=found.last, digest=found.digest)

    def _at(self, entries: int) -> Point | None:
        found = self.tally.at(entries)
        if found is None:
            return None
        return Point(entries=found.entries, last=found.last, digest=found.digest)

    def _prepared(
        self, partner: Partner, us: uuid.UUID, point: Point, moment: Moment
    ) -> _Post | None:
        """The next message to a partner; None where another process of ours takes it, or where its
        logbook is ahead of what is settled here."""
        mark: PartnerMark = partner.mark
        if point.entries < mark.sent_entries:
            return None
        sequence = max(mark.sent_sequence + 1, int(moment.real_now.timestamp()))
        values = {"sent_sequence": sequence, "sent_at": moment.now, "sent_entries": point.entries}
        if not marks.claim_minute(mark, **values):
            return None
        said = Said(
            verb=Verb.END if partner.ended_at else Verb.MINUTE,
            sender=us,
            receiver=partner.station_id,
            name=rules.plain_name(settings.current().station_name),
            sequence=sequence,
            at=moment.now,
            point=point,
            earlier=None if mark.held_entries is None else self._at(mark.held_entries),
            unsent_seconds=_unsent_seconds(moment.now),
            next_act_at=_next_act_at(moment.now),
            is_awake=queries.is_fresh(queries.watch_age_seconds(real_now=moment.real_now)),
            out=moment.out,
            reason=partner.end_reason,
        )
        text = rules.written(said)
        signature = signing.ours().sign(text, purpose=signing.MESSAGE)
        body = {SENDER: str(us), MESSAGE: text, SIGNATURE: signature}
        body |= presenting.shown(partner, mark)
        return _Post(partner=partner, said=said, body=body)

    def _posted(self, posts: list[_Post]) -> list[tuple[_Post, line.Answered]]:
        """All of them at the same time: one that hangs keeps nobody else's minute waiting."""
        if not posts:
            return []
        with ThreadPoolExecutor(max_workers=len(posts)) as pool:
            calls = [
                pool.submit(self.post, p.partner.url, line.MESSAGE_PATH, p.body) for p in posts
            ]
            return [(one, call.result()) for one, call in zip(posts, calls, strict=True)]

    def _answered(self, post: _Post, came: line.Answered, moment: Moment) -> None:
        answer = answers.read(post.partner, post.said, came.values)
        if answer is None:
            sentence = came.sentence or _("The answer is not that of the partner.")
            marks.note_answer(post.partner, answer=sentence[:300])
            return
        held = answers.our_own(answer)
        held_entries = held.point.entries if held else None
        told = {"answer": str(answer["verdict"])[:20], "held_entries": held_entries}
        marks.note_answer(post.partner, answered_at=moment.now, **told)
        presenting.keep(post.partner, post.body, answer)
        if held is None:
            return
        if held.sequence > post.said.sequence:
            # A copy has counted on behind our back.
            marks.note_answer(post.partner, sent_sequence=held.sequence)
        ours = self._at(held.point.entries)
        losing.doubt(held, ours=ours, here=moment.here, now=moment.now)


def _waits(partner: Partner, mark: PartnerMark, now: dt.datetime) -> bool:
    """Whether its minute has not come yet. That a partnership is over is said at once."""
    if mark.sent_at is None or (partner.ended_at is not None and mark.sent_at <= partner.ended_at):
        return False
    return dt.timedelta() <= now - mark.sent_at < rules.EVERY


def _next_act_at(now: dt.datetime) -> dt.datetime | None:
    """When the watch acts next. What was missed in an outage is due when the doors have had their
    minute: a watch that lets them go first does not stand still."""
    at, outage = queries.next_act_at(), newest_outage(now=now)
    if at is None or outage is None or not outage.missed(at):
        return at
    return max(at, outage.doors_until_at)


def _unsent_seconds(now: dt.datetime) -> float:
    """For how long the oldest message waits that has not left: untried, or refused while nothing
    else came through either. One dead telephone is its owner's trouble, a dead line is ours."""
    waiting = comms.waiting(STATION, now=now)
    since = [waiting.untried_since] if waiting.untried_since else []
    if waiting.refused_since and not comms.handed_since(waiting.refused_since):
        since.append(waiting.refused_since)
    return max(0.0, (now - min(since)).total_seconds()) if since else 0.0
