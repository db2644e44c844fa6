"""The rooms of the office, as tiles, and what in them asks for attention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.comms import queries as comms
from homeby.findings import Level
from homeby.missions import queries as missions
from homeby.missions.queries import glass
from homeby.people.rules import Role
from homeby.readiness.queries.releases import to_release
from homeby.watch import queries as watch
from homeby.watch.queries import pauses
from homeby.web.context import WATCH_PAGE_ROLES
from homeby.web.door import Door
from homeby.web.office.views_watch import findings

#: What a tile says: the name of its page, which kind of it, its label, and half a sentence.
_Tile = tuple[str, str, str | Promise, str | Promise]

_WATCH: tuple[_Tile, ...] = (
    ("office-bill", "", gettext_lazy("Watch bill"), gettext_lazy("Who holds the watch when.")),
    (
        "office-pause",
        "",
        gettext_lazy("Pause the watch"),
        gettext_lazy("For an exercise or for work on the station; two people do it."),
    ),
    (
        "office-partners",
        "",
        gettext_lazy("Partner stations"),
        gettext_lazy("Another station rings us when this one falls silent, and we ring it."),
    ),
    (
        "office-plans",
        "",
        gettext_lazy("Escalation plans"),
        gettext_lazy("Who is told when, if somebody is not back."),
    ),
)
_DUTIES: tuple[_Tile, ...] = (
    (
        "calendar",
        "",
        gettext_lazy("Calendar"),
        gettext_lazy("Shifts, trainings and missions: who is asked, who comes."),
    ),
    (
        "releases",
        "",
        gettext_lazy("To be released"),
        gettext_lazy("Who is back and waits to be asked three questions; then rest begins."),
    ),
)
_TO_LOOK_INTO: tuple[_Tile, ...] = (
    (
        "office-list",
        "unmatched",
        gettext_lazy("Entries that fit nothing"),
        gettext_lazy("Recorded at the gate; somebody must look at them."),
    ),
    (
        "office-list",
        "unconfirmed",
        gettext_lazy("Out, unconfirmed"),
        gettext_lazy("Imported as still out; nobody is missed until you say where they are."),
    ),
    (
        "office-list",
        "failing",
        gettext_lazy("Contact points that fail"),
        gettext_lazy("Nothing has got through to them for ten minutes or longer."),
    ),
    (
        "office-logbook",
        "",
        gettext_lazy("Logbook and looks"),
        gettext_lazy("What happened, and who looked at whom."),
    ),
    (
        "office-glass",
        "",
        gettext_lazy("Break-glass"),
        gettext_lazy("Who opened what is closed, and why; somebody else reviews it."),
    ),
    (
        "office-messages",
        "",
        gettext_lazy("What people received"),
        gettext_lazy("Every message, and what became of it."),
    ),
)
_PEOPLE: tuple[_Tile, ...] = (
    (
        "office-people",
        "",
        gettext_lazy("People"),
        gettext_lazy("Who they are, what they may do, how they are reached."),
    ),
    ("office-list", "teams", gettext_lazy("Teams"), gettext_lazy("Who belongs where.")),
    ("office-list", "units", gettext_lazy("Units"), gettext_lazy("Crews and vehicles.")),
    (
        "office-list",
        "ranks",
        gettext_lazy("Ranks"),
        gettext_lazy("What stands beside a callsign."),
    ),
    (
        "examinations",
        "",
        gettext_lazy("Examination desk"),
        gettext_lazy("Requests on which you decide, boards, results."),
    ),
    (
        "team-changes",
        "",
        gettext_lazy("Changes of team"),
        gettext_lazy("Asked for, agreed, and what is to be settled after."),
    ),
    ("office-minors", "", gettext_lazy("Minors"), gettext_lazy("Their missions and limits.")),
    (
        "rest-rules",
        "",
        gettext_lazy("Rules of rest"),
        gettext_lazy("How long people rest, and the limits of minors."),
    ),
    (
        "skill-matrix",
        "",
        gettext_lazy("Skill matrix"),
        gettext_lazy("Who holds what, and what ends soon; gaps first."),
    ),
    (
        "catalogue",
        "",
        gettext_lazy("Qualifications"),
        gettext_lazy("What can be held here, and what comes first."),
    ),
)
_PLACES: tuple[_Tile, ...] = (
    ("office-list", "sites", gettext_lazy("Sites"), gettext_lazy("Places people leave from.")),
    (
        "office-list",
        "gates",
        gettext_lazy("Gates"),
        gettext_lazy("Where out and back are recorded."),
    ),
    (
        "office-list",
        "reasons",
        gettext_lazy("Reasons for a delay"),
        gettext_lazy("What people choose when they come back late."),
    ),
    (
        "office-list",
        "kinds",
        gettext_lazy("Kinds of mission"),
        gettext_lazy("Exercise, search, rescue: rules and qualifications go by them."),
    ),
    (
        "office-list",
        "debrief-items",
        gettext_lazy("What a debrief asks for"),
        gettext_lazy("The list that everybody goes through who writes one."),
    ),
    (
        "kit",
        "",
        gettext_lazy("Kit"),
        gettext_lazy("What is ready, what is out, what must be seen to."),
    ),
    (
        "office-devices",
        "",
        gettext_lazy("Devices"),
        gettext_lazy("Phones and kiosks that send entries; revoke one that is gone."),
    ),
)


def _awake(door: Door) -> list[dict[str, Any]]:
    """The tiles for those who can do something about the watch; a number counts what is red."""
    if not door.viewer.has(*WATCH_PAGE_ROLES):
        return []
    bad = sum(one.level is Level.RED for one in findings(door))
    return [
        {
            "label": gettext_lazy("Is the watch awake?"),
            "url": reverse("office-watch"),
            "text": gettext_lazy("Whether alarms would find their way just now."),
            "count": bad or None,
        },
        {
            "label": gettext_lazy("Drill"),
            "url": reverse("office-drill"),
            "text": gettext_lazy("An exercise by the real steps and channels, and how it went."),
            "count": None,
        },
    ]


def _organisation(door: Door) -> list[dict[str, Any]]:
    if not door.viewer.has(Role.ADMINISTRATOR):
        return []
    return [
        {
            "label": gettext_lazy("The organisation"),
            "url": reverse("office-form", args=["organisation", "settings"]),
            "text": gettext_lazy("Its name, its time zone, its limits."),
            "count": None,
        },
        {
            "label": gettext_lazy("Callsigns"),
            "url": reverse("office-callsigns"),
            "text": gettext_lazy("Which season it is; a new one calls everybody otherwise."),
            "count": None,
        },
        {
            "label": gettext_lazy("For how long"),
            "url": reverse("office-retention"),
            "text": gettext_lazy("What is kept for how many days, and erased after."),
            "count": None,
        },
        {
            "label": gettext_lazy("Left behind"),
            "url": reverse("office-search"),
            "text": gettext_lazy("Whether Homeby looks who is left out, and how sure it must be."),
            "count": None,
        },
    ]


def _shown(tiles: tuple[_Tile, ...], counts: Mapping[str, int]) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": reverse(name, args=[kind] if kind else None),
            "text": text,
            "count": counts.get(kind or name),
        }
        for name, kind, label, text in tiles
    ]


def rooms(door: Door) -> list[dict[str, Any]]:
    """The groups of tiles of `office/index.html`; a number asks for attention."""
    figures = missions.status_figures(door.viewer)
    counts = {
        "unmatched": figures["unmatched_open"],
        "unconfirmed": figures["missions_unconfirmed"],
        "failing": len(comms.failing(door.viewer, now=door.now)),
        "office-glass": glass.unreviewed(door.viewer),
        "office-pause": len(pauses.open_pauses()),
        "releases": len(to_release(door.viewer, now=door.now)),
        "office-bill": 0 if watch.officers_now(now=door.now) else 1,
    }
    return [
        {"title": _("The watch"), "rooms": [*_awake(door), *_shown(_WATCH, counts)]},
        {"title": _("To look into"), "rooms": _shown(_TO_LOOK_INTO, counts)},
        {"title": _("People"), "rooms": _shown((*_DUTIES, *_PEOPLE), counts)},
        {
            "title": _("Places and rules"),
            "rooms": [*_shown(_PLACES, counts), *_organisation(door)],
        },
    ]
