"""Is the watch awake? Reads what is known of each part of it, for the page, doctor and status."""

from __future__ import annotations

import datetime as dt

from homeby import settings
from homeby.comms import queries as comms
from homeby.comms.actions import station_mail
from homeby.findings import Finding
from homeby.logbook import queries as logbook
from homeby.people import queries as people
from homeby.people.rules import STATION, Viewer
from homeby.steady import so_far
from homeby.watch import queries, rules, texts_lost
from homeby.watch.actions import recipients
from homeby.watch.queries import exercises, pauses
from homeby.watch.queries.outages import outages_shown
from homeby.watch.queries.partners import sheets
from homeby.watch.rules import partners
from homeby.watch.rules.awake import logbook as about_logbook
from homeby.watch.rules.blind import blind

LATELY = dt.timedelta(days=7)


def findings(
    viewer: Viewer, *, now: dt.datetime, real_now: dt.datetime, pace: float
) -> list[Finding]:
    """A finding for each part of the watch. `now` is the station's time, `real_now` the machine's,
    `pace` how many seconds of the station pass in a real one."""
    waiting = comms.waiting(viewer, now=now)
    phones = exercises.duty_phones(viewer, now=now)
    looks = ((name, (real_now - at).total_seconds()) for name, at in queries.looks().items())
    outages = outages_shown(viewer, now=now)
    facts = rules.AwakeFacts(
        now=now,
        looks=tuple(looks),
        auditor=auditor(viewer, real_now=real_now),
        canary_ended_at=queries.canary_ended_at(),
        channels=_channels(now=now),
        unproven_days=settings.current().channel_unproven_days,
        untried_since=waiting.untried_since,
        refused_since=waiting.refused_since,
        next_due_at=queries.next_due_at(viewer),
        pace=pace,
        paused_until=pauses.paused_until(now=now),
        doors_until_at=outages[0].doors_until_at if outages else None,
        unproven=tuple(
            (one.name, one.unproven_since) for one in phones if one.unproven_since is not None
        ),
        on_bill=len(phones),
        tests_are_on=settings.current().weekly_tests,
    )
    periods = [(one.from_at, one.to_at, one.reminders_dropped) for one in outages]
    zone = people.zone()
    return [
        *_logbook(now=now),
        *rules.awake(facts),
        *blind(periods, zone=zone, now=now),
        *_partners(now=now, pace=pace),
    ]


def _logbook(*, now: dt.datetime) -> list[Finding]:
    """Whether entries are missing that were seen elsewhere, or that were recorded here."""
    here = logbook.station()
    return about_logbook(
        copy_why=here.why if here is not None else "",
        confirmed_why=logbook.confirmed_lately(since=now - LATELY),
        what_to_do=texts_lost.what_to_do(),
    )


def _partners(*, now: dt.datetime, pace: float) -> list[Finding]:
    """The partner stations; without one, nothing: an outside heartbeat may do."""
    return [
        partners.finding(
            partners.Watched(
                name=one.name,
                heard_at=one.heard_at,
                paired_at=one.paired_at,
                answered_at=one.answered_at,
                answer=one.answer,
                troubles=one.troubles,
                officers=one.officers,
            ),
            now=now,
            pace=pace,
        )
        for one in sheets(STATION)
    ]


def auditor(viewer: Viewer, *, real_now: dt.datetime) -> rules.AuditorFacts | None:
    """The auditor that looked last; None when none ever did."""
    found = logbook.auditor_marks(viewer)
    # One that lies ahead is of an auditor that ended before the clock was set back.
    mark = next((one for one in found if so_far(one.looked_at, real_now) is not None), None)
    if mark is None:
        return None
    beat_at = so_far(mark.heartbeat_at, real_now)
    return rules.AuditorFacts(
        age_seconds=(real_now - mark.looked_at).total_seconds(),
        agrees=mark.agrees,
        sentences=tuple(mark.sentences),
        heartbeat_set=mark.heartbeat_set,
        heartbeat_age_seconds=None if beat_at is None else (real_now - beat_at).total_seconds(),
        heartbeat_answer=mark.heartbeat_answer,
        ahead_seconds=mark.outside_apart_seconds or 0.0,
    )


def figures(viewer: Viewer, *, now: dt.datetime, real_now: dt.datetime) -> dict[str, float | None]:
    """The ages of auditor and canary, for `homeby status`; and whether the auditor agrees."""
    found, ended_at = auditor(viewer, real_now=real_now), queries.canary_ended_at()
    canary_age = None if ended_at is None else round((now - ended_at).total_seconds(), 1)
    return {
        "auditor_age_seconds": None if found is None else round(found.age_seconds, 1),
        "auditor_agrees": None if found is None else found.agrees,
        "canary_age_seconds": canary_age,
    }


def _channels(*, now: dt.datetime) -> tuple[rules.ChannelFacts, ...]:
    """The classes by which those who hold a role are reached, and those of the canary's nights."""
    roll, nightly = recipients.call_roll([], named=(), now=now), station_mail.addresses()
    reaches = (reach for one in roll.people.values() for reach in one.reaches)
    names = {reach.channel for reach in reaches if reach.verified} | set(nightly)
    return tuple(
        rules.ChannelFacts(
            name=str(name),
            handed_at=comms.last_handed(str(name), now=now),
            has_canary=name in nightly,
        )
        for name in sorted(names)
    )
