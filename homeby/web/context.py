"""What the frame of every page shows: the clock, the watch's age, who looks, where one may go."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from homeby import clock, settings
from homeby.comms import queries as comms
from homeby.people import queries as people
from homeby.people.rules import Role, Viewer
from homeby.watch import queries as watch
from homeby.web import live, words
from homeby.web.door import at_door


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of `base.html`; its first comment says what each name is."""
    door = at_door(request)
    seen = live.snapshot()
    organisation = people.organisation()
    station = settings.current()
    viewer = door.viewer
    known = viewer.person_id is not None
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
        "failing": _failing(viewer, door.now) if viewer.keeps_watch else [],
        "last_entry_number": seen.last_entry_number,
        "me": {"label": viewer.name, "callsign": viewer.name} if known else None,
        "nav": _places(request, viewer) if known else [],
        "watch_page": reverse("office-watch") if viewer.has(*WATCH_PAGE_ROLES) else "",
    }


def _failing(viewer: Viewer, now: dt.datetime) -> list[str]:
    """Whose contact points have failed for ten minutes or longer, for those who keep watch."""
    found = comms.failing(viewer, now=now)
    names = people.names([one.person_id for one in found]) if found else {}
    return [
        f"{names.get(one.person_id, '?')} ({words.word(words.CHANNELS, one.channel)})"
        for one in found[:FAILING_NAMED]
    ] + (["…"] if len(found) > FAILING_NAMED else [])


def _places(request: HttpRequest, viewer: Viewer) -> list[dict[str, Any]]:
    alarms = len(watch.open_alarms(viewer))
    places = [
        ("board", _("Board"), "board", viewer.keeps_watch, None),
        ("gate", _("Gate"), "gates", viewer.keeps_watch, None),
        ("missions", _("Missions"), "missions", True, None),
        ("plan", _("Plan"), "mission-plan", True, None),
        ("alarms", _("Alarms"), "alarms", viewer.keeps_watch or alarms > 0, alarms),
        ("office", _("Office"), "office", viewer.has(*OFFICE_ROLES), None),
    ]
    if settings.current().demonstration:
        places.append(("messages", _("Messages"), "office-messages", True, None))
    addresses = [reverse(name) for _key, _label, name, _shown, _count in places]
    here = max((at for at in addresses if request.path.startswith(at)), key=len, default="")
    return [
        {"key": key, "label": label, "url": at, "current": at == here, "count": count}
        for at, (key, label, _name, shown, count) in zip(addresses, places, strict=True)
        if shown
    ]


#: Who may ask whether the watch is awake: those who can do something about it.
WATCH_PAGE_ROLES = (Role.ADMINISTRATOR, Role.DUTY_OFFICER)
OFFICE_ROLES = (Role.ADMINISTRATOR, Role.LEADER, Role.DUTY_OFFICER)
FAILING_NAMED = 5
