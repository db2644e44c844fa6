"""What the frame of every page shows: the clock, the watch's age, who looks, where one may go."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from homeby import clock, settings
from homeby.comms import queries as comms
from homeby.missions.queries import glass
from homeby.missions.rules.glass import GlassState
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.watch import queries as watch
from homeby.watch.queries.kin import open_worries
from homeby.watch.rules import AlarmKind
from homeby.web import live, pauses, reach, words
from homeby.web.accounts import how_long
from homeby.web.door import at_door
from homeby.web.open_screens import is_seen
from homeby.web.shell.ticks import tick_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of `base.html`; its first comment says what each name is."""
    door = at_door(request)
    seen = live.snapshot()
    organisation = door.organisation
    station = settings.current()
    viewer = door.viewer
    known, unnamed = viewer.person_id is not None, is_seen(request)
    return {
        "now": door.now,
        "speed": clock.speed(),
        "zone": door.zone,
        "organisation": organisation.name if organisation else "",
        "demonstration": station.demonstration,
        "watch": {
            "age_seconds": seen.watch_age_seconds,
            "fresh": watch.is_fresh(seen.watch_age_seconds),
        },
        "bars": seen.bars,
        **pause_bar(viewer, door.now, shown=live.PAUSE_BAR in seen.bars, unnamed=unnamed),
        "unnamed": unnamed,
        "failing": _failing(viewer, door.now) if _sees_to_it(viewer) else [],
        "news_mark": tick_of(seen.last_entry_number),
        "log_in_ends": how_long.ends_soon(request, viewer, zone=door.zone, now=door.now),
        "me": {"label": viewer.name, "callsign": viewer.name} if known else None,
        # Asked for by whole pages only, and not by the live parts that nobody reads a bar in.
        "unheard": (lambda: reach.said_to_watchers(now=door.now)) if _sees_to_it(viewer) else "",
        "glass_held": (lambda: glass_bars(viewer, door.now)) if viewer.watches_some else (),
        "nav": places(viewer, at=request.path) if known else [],
        "watch_page": reverse("office-watch") if viewer.has(*WATCH_PAGE_ROLES) else "",
    }


def glass_bars(viewer: Viewer, now: dt.datetime) -> list[dict[str, Any]]:
    """What the viewer has opened by breaking the glass: a red bar on every page until somebody else
    has reviewed it."""
    held = glass.held(viewer)
    party = [uuid.UUID(key) for row in held for key in row.party]
    names = people.names(party, to=viewer) if party else {}
    return [
        {
            "who": ", ".join(sorted(names.get(uuid.UUID(key), "?") for key in one.row.party)),
            "until_at": one.row.until_at,
            "is_open": one.state is GlassState.OPEN,
            "without_passkey": one.row.is_without_passkey,
            "url": reverse("break-glass", args=[one.row.mission_id]),
        }
        for one in glass.glass_sheets(held, now=now)
    ]


def pause_bar(viewer: Viewer, now: dt.datetime, *, shown: bool, unnamed: bool) -> dict[str, str]:
    """What the bar of a paused watch says, and where whoever may ends the pause; `unnamed`: on a
    screen that strangers can see."""
    may = viewer.has(*OFFICE_ROLES)
    said, by = pauses.bar(viewer, now=now) if shown else ("", "")
    return {
        "pause_bar": said,
        "pause_by": "" if unnamed else by,
        "pause_page": reverse("office-pause") if may else "",
    }


def _sees_to_it(viewer: Viewer) -> bool:
    """Whether the viewer hears of whom no message reaches."""
    return viewer.keeps_watch or viewer.has(Role.ADMINISTRATOR)


def _failing(viewer: Viewer, now: dt.datetime) -> list[str]:
    """Whose contact points have failed for ten minutes or longer, for those who keep watch."""
    found = comms.failing(viewer, now=now)
    names = people.names([one.person_id for one in found], to=viewer) if found else {}
    return [
        f"{names.get(one.person_id, '?')} ({words.word(words.CHANNELS, one.channel)})"
        for one in found[:FAILING_NAMED]
    ] + (["…"] if len(found) > FAILING_NAMED else [])


def places(viewer: Viewer, *, at: str) -> list[dict[str, Any]]:
    """Where the viewer may go from the page with the address `at`, and what waits there. The number
    stands on the board and the siren page too, so a silent alarm is only in the list behind it; and
    a worry of kin is a number there and no words, which are for her alone who opens the list: past
    a board the one walks whom it is about. At the gate, where she stands, it is no number."""
    alarms = sum(one.kind != AlarmKind.DURESS for one in watch.open_alarms(viewer))
    if viewer.keeps_watch and not at.startswith(reverse("gates")):
        alarms += len(open_worries(viewer))
    found = [
        ("board", _("Board"), "board", viewer.watches_some, None),
        ("gate", _("Gate"), "gates", viewer.watches_some, None),
        ("person", _("My mission"), "my", not viewer.watches_some, None),
        ("missions", _("Missions"), "missions", True, None),
        ("plan", _("Plan"), "mission-plan", True, None),
        ("alarms", _("Alarms"), "alarms", viewer.watches_some or alarms > 0, alarms),
        ("office", _("Office"), "office", viewer.has_somewhere(*OFFICE_ROLES), None),
    ]
    if settings.current().demonstration:
        found.append(("messages", _("Messages"), "office-messages", True, None))
    addresses = [reverse(name) for _key, _label, name, _shown, _count in found]
    here = max((one for one in addresses if at.startswith(one)), key=len, default="")
    return [
        {"key": key, "label": label, "url": one, "current": one == here, "count": count}
        for one, (key, label, _name, shown, count) in zip(addresses, found, strict=True)
        if shown
    ]


#: Who may ask whether the watch is awake: those who can do something about it.
WATCH_PAGE_ROLES = (Role.ADMINISTRATOR, Role.DUTY_OFFICER)
OFFICE_ROLES = (Role.ADMINISTRATOR, Role.LEADER, Role.DUTY_OFFICER)
FAILING_NAMED = 5
