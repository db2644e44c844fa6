"""Telling people at once what was done to the watch over them, or to the watch they keep (P17)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterable, Mapping
from enum import Enum, auto

from django.db.models import Q
from django.utils.translation import gettext as _

from homeby import instants
from homeby.comms.actions.tell import tell
from homeby.comms.rules import MessageKind, Order
from homeby.logbook.actions import Page
from homeby.people import queries as people
from homeby.people.queries.apart import read_as
from homeby.people.queries.blocks import may_write_to
from homeby.people.rules import Recipient, Viewer
from homeby.people.texts import Naming, Said, Words, each_hears, each_reads, named
from homeby.watch import texts
from homeby.watch.actions.recipients import Roll, call_roll, officers_about
from homeby.watch.models import Alarm, Deadline, Subject
from homeby.watch.rules import CANARY_REF, AlarmKind, AlarmState, DeadlineKind, DeadlineState, Watch


class _How(Enum):
    """At any hour; in their hours; at any hour and past every limit of messages."""

    ANY_HOUR = auto()
    THEIR_HOURS = auto()
    AT_ONCE = auto()


def notify(
    page: Page,
    to: Iterable[uuid.UUID],
    words: Said,
    *,
    key: str,
    about: str,
    in_danger: bool = True,
) -> list[uuid.UUID]:
    """Queue one notice for each of these people, at any hour, or in their hours where nobody is
    `in_danger`; gives who they are. What is about nobody's safety does not go to whoever blocked
    the one who acts. `key` tells this notice from others and stays the same when the act is
    repeated."""
    heard = to if in_danger else may_write_to(to, by=page.book.by)
    how = _How.ANY_HOUR if in_danger else _How.THEIR_HOURS
    return _queue(page, heard, each_hears(words), key=key, about=about, how=how)


def notify_of_hours(
    page: Page, to: Iterable[uuid.UUID], words: Said, *, key: str, about: str
) -> list[uuid.UUID]:
    """The same in their hours, and also to whoever blocked the one who acts: an hour that she goes
    by is another one, something is taken from her, or asked of her by her office. A block holds for
    what one member merely says or offers to another."""
    return _queue(page, to, each_hears(words), key=key, about=about, how=_How.THEIR_HOURS)


def _queue(
    page: Page,
    to: Iterable[uuid.UUID],
    said: Callable[[Recipient], Words],
    *,
    key: str,
    about: str,
    how: _How,
) -> list[uuid.UUID]:
    found = people.recipients(dict.fromkeys(to))
    orders = [
        Order(
            key=f"{key}/{one.person_id}",
            about=about,
            recipient=one,
            kind=MessageKind.NOTICE,
            subject=said(one)[0],
            text=said(one)[1],
            in_danger=how is not _How.THEIR_HOURS,
            is_first=how is _How.AT_ONCE,
        )
        for one in found.values()
    ]
    tell(page, orders, now=page.book.now)
    return list(found)


def notify_naming(
    page: Page,
    to: Iterable[uuid.UUID],
    words: Naming,
    *,
    naming: Iterable[uuid.UUID | None],
    key: str,
    about: str,
) -> list[uuid.UUID]:
    """The same where the notice names people: each reader reads them as pages show them to her, and
    whom she is kept away from by a stand-in. `words` is given what they are called."""
    said = each_reads(read_as(naming).to, words)
    return _queue(page, to, said, key=key, about=about, how=_How.ANY_HOUR)


def notify_at_once(
    page: Page,
    to: Iterable[uuid.UUID],
    words: Naming,
    *,
    naming: Iterable[uuid.UUID | None],
    key: str,
    about: str,
) -> list[uuid.UUID]:
    """The same, held back by no limit of messages: what was closed has been opened, and whoever it
    is about, and whoever looks for misuse, must know while it is open."""
    said = each_reads(read_as(naming).to, words)
    return _queue(page, to, said, key=key, about=about, how=_How.AT_ONCE)


def keepers(*, now: dt.datetime) -> list[uuid.UUID]:
    """Whoever holds the watch now, stands in for it, or may have to: all who have a role in it."""
    return _keepers_of(call_roll([], named=(), now=now))


def _keepers_of(roll: Roll) -> list[uuid.UUID]:
    return list(dict.fromkeys([*roll.officers, *roll.deputies, *roll.everybody]))


def officers(*, now: dt.datetime, without: Collection[uuid.UUID | None] = ()) -> list[uuid.UUID]:
    """Whoever holds the watch now, but for those who know already. What names somebody who is out,
    or their times, goes to `recipients.officers_about` them instead."""
    roll = call_roll([], named=(), now=now)
    return [key for key in roll.officers if key not in without]


def concerned(subjects: Iterable[Subject]) -> list[uuid.UUID]:
    """The parties of these subjects, who leads them, who checks on them."""
    found: dict[uuid.UUID, None] = {}
    for subject in subjects:
        own = (uuid.UUID(key) for key in subject.party)
        for key in (*own, subject.leader_id, subject.buddy_id):
            if key is not None:
                found[key] = None
    return list(found)


def plan_changed(page: Page, *, plan_id: uuid.UUID, name: str, by: Viewer) -> None:
    """An escalation plan is another one now: whoever holds the watch hears so, and the parties over
    whom it watches at this moment; whoever is to do an act is not out. What the station itself
    sets, nobody did to another."""
    if by.person_id is None:
        return
    key, about = f"plan:{page.entry.entry_id}", f"plan:{plan_id}"
    follows = Q(deadlines__plan_id=plan_id, deadlines__state=DeadlineState.OPEN)
    follows |= Q(alarms__plan_id=plan_id, alarms__state=AlarmState.OPEN)
    out = list(Subject.objects.exclude(ref=CANARY_REF).filter(follows, wanted="").distinct())
    parties = [one for one in concerned(out) if one != by.person_id]

    writer = by.person_id

    def to_party(names: Mapping[uuid.UUID, str]) -> Words:
        ask = _("By %s. It says who is told when, if you are not back. Ask the duty officer.")
        return _("The escalation plan was changed: %s") % name, ask % names.get(writer, "?")

    def to_officers(names: Mapping[uuid.UUID, str]) -> Words:
        text = _("By %(by)s. %(count)d who are out now are watched over by it.")
        return to_party(names)[0], text % {"by": names.get(writer, "?"), "count": len(out)}

    told = notify_naming(page, parties, to_party, naming=[writer], key=key, about=about)
    to = officers(now=page.book.now, without=(writer, *told))
    notify_naming(page, to, to_officers, naming=[writer], key=key, about=about)


def watch_planned(page: Page, watch: Watch, displaced: Iterable[uuid.UUID], *, by: Viewer) -> None:
    """A watch was entered: both who are named hear so, and whoever had the watch until now.
    What the station itself enters, nobody did to another."""
    if by.person_id is None:
        return
    now, key, writer = page.book.now, f"bill:{page.entry.entry_id}", by.person_id
    naming = (watch.person_id, watch.deputy_id, writer)
    zone = people.zone()

    def entered(names: Mapping[uuid.UUID, str]) -> str:
        text = _("%(who)s from %(from)s to %(to)s, deputy %(deputy)s. Entered by %(by)s.")
        return text % {
            "who": names.get(watch.person_id, "?"),
            "deputy": names.get(watch.deputy_id, "?") if watch.deputy_id else "?",
            "from": instants.wall(watch.from_at, zone, now),
            "to": instants.wall(watch.to_at, zone, now) if watch.to_at else _("further notice"),
            "by": names.get(writer, "?"),
        }

    def to_named(names: Mapping[uuid.UUID, str]) -> Words:
        return _("You stand in the watch bill"), entered(names)

    def to_displaced(names: Mapping[uuid.UUID, str]) -> Words:
        who = {"who": names.get(watch.person_id, "?")}
        return _("%(who)s has the watch in your place") % who, entered(names)

    named = [k for k in (watch.person_id, watch.deputy_id) if k is not None and k != by.person_id]
    notify_naming(page, named, to_named, naming=naming, key=key, about="watch bill")
    others = [k for k in displaced if k not in (watch.person_id, watch.deputy_id, by.person_id)]
    notify_naming(page, others, to_displaced, naming=naming, key=key, about="watch bill")


def stood_down_over(page: Page, alarm: Alarm, *, reason: str, by: Viewer) -> None:
    """An alarm was stood down while some are out still: they hear so, and whoever holds the watch,
    and until when the watch now waits for nothing."""
    now, subject = page.book.now, alarm.subject
    if not subject.party or subject.wanted or alarm.kind == AlarmKind.DURESS:
        return
    waiting = Deadline.objects.filter(subject=subject, state=DeadlineState.OPEN)
    waiting = waiting.exclude(kind=DeadlineKind.KIN)
    first = waiting.order_by("due_at").first()

    def words(names: Mapping[uuid.UUID, str]) -> Words:
        facts = {
            "who": subject.title,
            "name": texts.alarm_name(alarm),
            "by": named(by, names),
            "reason": reason,
            "due": texts.clock_text(first.due_at, subject, now) if first else "?",
            "call_out": texts.clock_text(first.call_out_at, subject, now) if first else "?",
        }
        text = _(
            "%(by)s ended %(name)s: %(reason)s. Nobody is told before %(due)s; help is called at "
            "%(call_out)s. Whoever needs it sooner asks for HELP."
        )
        return _("%(who)s: the watch asks again at %(due)s") % facts, text % facts

    party = [uuid.UUID(key) for key in subject.party]
    to = [*party, *officers_about(party, now=now, knows=(by.person_id,))]
    key = f"again:{page.entry.entry_id}"
    notify_naming(page, to, words, naming=[by.person_id], key=key, about=subject.ref)
