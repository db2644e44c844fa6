"""The page behind the link in a list, without a log-in. Like that of a single message it takes
nothing by being opened; the code in the list, or a signed-in device, takes all that is open."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from homeby.comms.queries import Listed
from homeby.logbook.rules import Refused
from homeby.watch import queries as watch
from homeby.watch.actions import lists
from homeby.watch.rules import AlarmState
from homeby.web.board import alarm_page
from homeby.web.board.forms import CodeForm
from homeby.web.door import Door, show, tap_of


def list_link(door: Door, listed: Listed, token: str) -> HttpResponse:
    """What the link of a list opens: its alarms with a code field, or just its messages."""
    if not listed.may_take:
        return render(door.request, "alarms/message_list.html", {"listed": listed})
    found = watch.alarms_behind([one.about for one in listed.items])
    by_device = _by_device(door, listed, found)
    sent = door.request.method == "POST"
    form = CodeForm(door.request.POST if sent and not by_device else None)
    if sent and _taken(door, form, token, by_device=by_device):
        return redirect("message-link", token)
    context = _context(door, listed, found) | {"form": form, "by_device": by_device}
    status = 422 if form.errors else 200
    return render(door.request, "alarms/link_list.html", context, status=status)


def _by_device(door: Door, listed: Listed, found: list[Any]) -> bool:
    """Whether this device is signed in as somebody who may take them without a code."""
    if door.viewer.person_id is None:
        return False
    own = door.viewer.person_id == listed.person_id
    return own or any(watch.may_take(door.viewer, alarm) for alarm in found)


def _taken(door: Door, form: CodeForm, token: str, *, by_device: bool) -> bool:
    """Take what is open; a refusal is shown beside the field, or above the page."""
    tap = tap_of(door.request)
    if not by_device and not form.is_valid():
        return False
    try:
        if by_device:
            answer = lists.acknowledge_list(token=token, by=door.viewer, now=door.now, tap=tap)
        else:
            code = form.cleaned_data["code"]
            answer = lists.acknowledge_list_by_code(token=token, code=code, now=door.now, tap=tap)
    except Refused as refused:
        if by_device:
            messages.error(door.request, str(refused))
        else:
            show(form, refused)
        return False
    messages.success(door.request, answer)
    return True


def _context(door: Door, listed: Listed, found: list[Any]) -> dict[str, Any]:
    for alarm in found:  # of those it names, and of nobody else who is out
        alarm_page.seen_in_list(alarm)
    names = alarm_page.names_in(door.viewer, found)
    holders = {listed.person_id, door.viewer.person_id} - {None}
    is_open = [alarm for alarm in found if alarm.state == AlarmState.OPEN]
    return {
        "alarms": [alarm_page.alarm_line(alarm, names, now=door.now) for alarm in found],
        "open_count": len(is_open),
        "second_missing": any(alarm.second_missing for alarm in is_open),
        "left_count": sum(holders.isdisjoint(alarm.takers) for alarm in is_open),
    }
