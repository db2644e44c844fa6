"""What people received: one telephone per person. In the demonstration this is where messages land,
and everybody who is logged in may look; elsewhere it is for whoever may see the outbox."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from homeby import settings
from homeby.comms import queries as comms
from homeby.comms.queries import Written
from homeby.comms.rules import MessageKind
from homeby.missions.queries.where import exactly_known
from homeby.people import queries as people
from homeby.people.rules import STATION, Role
from homeby.watch import queries as watch
from homeby.web.board.alarm_page import mission_id_of
from homeby.web.board.told import channels_of, recipient, state_of
from homeby.web.door import Door, page
from homeby.web.office.sheets import by_person, role_words
from homeby.web.office.views import may

READERS = (Role.DUTY_OFFICER, Role.LEADER, Role.ADMINISTRATOR)
MOST = 300
MOST_A_PHONE = 20


@page()
def office_messages(door: Door) -> HttpResponse:
    """Every telephone with its newest messages."""
    return render(door.request, "office/messages.html", {"phones": _phones(door)})


@page()
def office_messages_rows(door: Door) -> HttpResponse:
    """The live part of the page."""
    return render(door.request, "office/_messages.html", {"phones": _phones(door)})


def _phones(door: Door) -> list[dict[str, Any]]:
    demonstration = settings.current().demonstration
    if not demonstration:
        may(door, READERS)
    written = comms.newest_messages(STATION if demonstration else door.viewer, limit=MOST)
    keys = {key for one in written for key in (one.person_id, one.kin_of) if key is not None}
    names = people.names(keys, to=None if demonstration else door.viewer)
    private: set[str] = set() if demonstration else _says_where(door, written)
    held = by_person(people.roles_held(STATION, keys, now=door.now))
    phones: dict[uuid.UUID, list[Written]] = {}
    for one in written:
        phones.setdefault(one.person_id, []).append(one)
    return [
        {
            "label": recipient(group[0], names),
            "role": ", ".join(role_words(held.get(key, []))),
            "messages": [
                _message(one, now=door.now, open_all=demonstration, withheld=one.key in private)
                for one in group[:MOST_A_PHONE]
            ],
        }
        for key, group in phones.items()
    ]


def _says_where(door: Door, written: list[Written]) -> set[str]:
    """Those of other people's messages that may say where a party is, to whoever may not read it
    now. Six queries at most."""
    missions: dict[str, uuid.UUID] = {}
    alarms = {alarm.pk: alarm for alarm in watch.alarms_behind(one.about for one in written)}
    for one in written:
        room, _sign, key = one.about.partition("/")[0].partition(":")
        found = uuid.UUID(key) if room == "mission" else None
        if room == "alarm" and (alarm := alarms.get(uuid.UUID(key))) is not None:
            found = mission_id_of(alarm)
        if found is not None and one.person_id != door.viewer.person_id:
            missions[one.key] = found
    known = exactly_known(door.viewer, missions.values(), now=door.now) if missions else set()
    return {key for key, mission in missions.items() if mission not in known}


def _message(one: Written, *, now: dt.datetime, open_all: bool, withheld: bool) -> dict[str, Any]:
    """A message as its telephone shows it. Code and link would let a reader act as the person, so
    they stand here only in the demonstration."""
    state, at = state_of(one)
    return {
        "at": one.created_at,
        "channels": channels_of(one, now=now),
        "subject": one.subject,
        "text": _("Its words may say where they are, and are for whoever received it.")
        if withheld
        else one.text,
        "state": state,
        "state_at": at,
        "grave": one.kind == MessageKind.ALARM,
        "good": one.kind == MessageKind.GOOD_NEWS,
        "link_url": f"/m/{one.token}" if open_all and one.kin_of is None else "",
        "code": one.code if open_all else "",
    }
