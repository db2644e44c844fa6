"""The page behind the link in a message, without a log-in. Opening it acknowledges nothing: neither
GET nor HEAD nor a POST without the right code (promise P4); mail scanners do all three."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from homeby.comms import queries as comms
from homeby.logbook.reading import ReaderHere, read_by
from homeby.logbook.rules import Refused
from homeby.missions import queries as missions
from homeby.people import queries as people
from homeby.watch import queries as watch
from homeby.watch.actions import alarms as actions
from homeby.watch.rules import AlarmState
from homeby.web import words
from homeby.web.board import alarm_page
from homeby.web.board.forms import CodeForm
from homeby.web.board.views_list_link import list_link
from homeby.web.door import Door, at_door, show, tap_of

#: What a link of ours may hold; anything else is looked up nowhere.
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,40}")

#: Where the session keeps the alarms taken on this device.
TAKEN = "taken"


def in_readers_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page speaks like the message that led to it."""

    @wraps(view)
    def inner(request: HttpRequest, token: str, **part: str) -> HttpResponse:
        row: Any = None
        if TOKEN.fullmatch(token):
            row = comms.message_by_token(token) or comms.list_by_token(token)
        reads_as_addressee(at_door(request), row)
        found = people.languages_of([row.person_id]) if row is not None else {}
        with words.spoken(next(iter(found.values()), "")):
            return view(request, token, **part)

    return inner


def reads_as_addressee(door: Door, row: Any) -> None:
    """Who opens a link reads as whom it was sent to, where nobody is logged in; what kin read by
    theirs is agreed, and no look."""
    if row is not None and getattr(row, "kin_of", None) is None:
        by = ReaderHere(person_id=row.person_id, as_="LINK", device="link", now=door.now)
        read_by(by)


@in_readers_language
def link(request: HttpRequest, token: str) -> HttpResponse:
    """What a message's link opens: the alarm with its code field, or just the message's text."""
    door = at_door(request)
    message, found = _behind(token)
    if message is None:
        return _list_or_nothing(door, token)
    if found is None:
        mission_id = _mission_of(door, message)
        context = {"message": message, "mission_id": mission_id}
        return render(request, "alarms/message.html", context)
    by_device = _by_device(door, found, message)
    sent = request.method == "POST"
    form = CodeForm(request.POST if sent and not by_device else None)
    if sent and (_taken_by_device(door, found) if by_device else _taken_by_code(door, form, token)):
        _remember(door, found)
        return redirect("message-link", token)
    context = _context(door, found, message) | {"form": form}
    return render(request, "alarms/link.html", context, status=422 if form.errors else 200)


def _list_or_nothing(door: Door, token: str) -> HttpResponse:
    listed = comms.list_by_token(token) if TOKEN.fullmatch(token) else None
    return list_link(door, listed, token) if listed is not None else _unknown(door.request)


@in_readers_language
def link_part(request: HttpRequest, token: str, part: str) -> HttpResponse:
    """A live part of that page: where the alarm stands (`state`), what to do about it (`acts`).
    Two parts, so that the first goes on while somebody types the code in the second."""
    door = at_door(request)
    message, found = _behind(token)
    if found is None:
        raise Http404
    context = _context(door, found, message) | {"form": CodeForm()}
    return render(request, f"alarms/_link_{part}.html", context)


def _behind(token: str) -> tuple[Any, Any]:
    """The message of a link, and the alarm that it asks somebody to take."""
    message = comms.message_by_token(token) if TOKEN.fullmatch(token) else None
    asks = message is not None and message.code
    return message, watch.alarm_behind(message.about) if message and asks else None


def _mission_of(door: Door, message: Any) -> uuid.UUID | None:
    """The mission that a notice is about, unless the reader is kin or may not open it. Whoever is
    not logged in is asked for that first."""
    if message.kin_of is not None:
        return None
    room, _sep, key = message.about.partition(":")
    behind = watch.alarm_behind(message.about)
    mission_id = alarm_page.mission_id_of(behind) if behind else None
    if room == "mission":
        mission_id = uuid.UUID(key)
    if mission_id is None or door.viewer.person_id is None:
        return mission_id
    return mission_id if missions.mission(door.viewer, mission_id) else None


def _unknown(request: HttpRequest) -> HttpResponse:
    """The same answer for whatever stands in the address and in the form."""
    context = {
        "status": 404,
        "title": _("This link belongs to no message."),
        "sentence": _(
            "Perhaps a part of it is missing. Open the newest message again, or log in to see "
            "the alarms."
        ),
    }
    return render(request, "error.html", context, status=404)


def _by_device(door: Door, found: Any, message: Any) -> bool:
    """Whether this device is signed in as somebody who may take the alarm without a code."""
    if door.viewer.person_id is None:
        return False
    return door.viewer.person_id == message.person_id or watch.may_take(door.viewer, found)


def _taken_by_device(door: Door, found: Any) -> bool:
    try:
        answer = actions.acknowledge(
            alarm_id=found.pk, by=door.viewer, now=door.now, tap=tap_of(door.request)
        )
    except Refused as refused:
        messages.error(door.request, str(refused))
        return False
    messages.success(door.request, answer)
    return True


def _taken_by_code(door: Door, form: CodeForm, token: str) -> bool:
    """Take the alarm by the code; a refusal is shown beside the field."""
    if not form.is_valid():
        return False
    code, tap = form.cleaned_data["code"], tap_of(door.request)
    try:
        answer = actions.acknowledge_by_code(token=token, code=code, now=door.now, tap=tap)
    except Refused as refused:
        show(form, refused)
        return False
    messages.success(door.request, answer)
    return True


def _remember(door: Door, found: Any) -> None:
    """Only the device on which an alarm was taken reads "you have it"."""
    taken = door.request.session.get(TAKEN, [])
    door.request.session[TAKEN] = [*taken, str(found.pk)][-20:]


def _context(door: Door, found: Any, message: Any) -> dict[str, Any]:
    names = alarm_page.names_in(door.viewer, [found])
    line = alarm_page.alarm_line(alarm_page.seen(found), names, now=door.now)
    about_me = alarm_page.is_about(door.viewer, found)
    is_open = found.state == AlarmState.OPEN
    mine = is_open and _has_it(door, found, message)
    seen = line.mission_id and missions.mission(door.viewer, line.mission_id)
    return {
        "alarm": line,
        "token": message.token,
        "taken": mine,
        "can_take": is_open and not mine and not about_me,
        "about_me": is_open and about_me,
        "by_device": _by_device(door, found, message),
        "mission_id": line.mission_id if seen else None,
        "sees_alarm": watch.alarm(door.viewer, found.pk) is not None,
    }


def _has_it(door: Door, found: Any, message: Any) -> bool:
    """Whether whoever holds this device has the alarm: signed in as the holder, or by the code of
    the holder's own message typed here."""
    here = str(found.pk) in door.request.session.get(TAKEN, [])
    return door.viewer.person_id in found.takers or (here and message.person_id in found.takers)
