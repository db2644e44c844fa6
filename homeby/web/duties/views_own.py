"""My duties: what I am asked for, what I am on, what I may sign up for; my own time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from homeby import settings
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.rules import hash_of
from homeby.readiness.actions import duty_swaps, own_times, pair_wishes
from homeby.readiness.queries import duties as queries
from homeby.readiness.queries import pairing
from homeby.readiness.queries.duty_advice import own_clash
from homeby.readiness.queries.duty_planners import handed_to_me
from homeby.readiness.rules.own_times import OwnTimeKind
from homeby.web import words
from homeby.web.door import Door, page, show, tap_of
from homeby.web.duties import said
from homeby.web.duties.forms import FeedForm, LinkForm, OwnTimeForm, WishForm
from homeby.web.duties.views_calendar import described
from homeby.web.gate.acts import already
from homeby.web.office.timed import key_of


@page()
def my_duties(door: Door) -> HttpResponse:
    """The viewer's own duties and her own time."""
    sent = door.request.POST if door.request.method == "POST" else None
    wanted = sent.get("act", "") if sent is not None else ""
    forms: dict[str, Any] = {
        "time": OwnTimeForm(
            sent if wanted == "time" else None, zone=door.zone, now=door.now, auto_id="time-%s"
        ),
        "feed": FeedForm(sent if wanted == "feed" else None, auto_id="feed-%s"),
        "link": LinkForm(sent if wanted == "link" else None, auto_id="link-%s"),
        "wish": WishForm(
            sent if wanted == "wish" else None,
            people=[(str(key), name) for key, name in pairing.wishable(door.viewer)],
            auto_id="wish-%s",
        ),
    }
    if sent is None:
        return _shown(door, forms)
    form = forms.get(wanted)
    if before := already(door):
        messages.success(door.request, before.answer)
    elif wanted not in _ACTS or (form is not None and not form.is_valid()):
        return _shown(door, forms, status=422)
    else:
        try:
            address = _ACTS[wanted](door, form)
        except Refused as refused:
            if form is not None:
                show(form, refused)
                return _shown(door, forms, status=422)
            messages.error(door.request, str(refused))
        else:
            if address:
                return _shown(door, forms, address=address)
    return redirect("my-duties")


def _shown(
    door: Door, forms: dict[str, Any], *, address: str = "", status: int = 200
) -> HttpResponse:
    mine = queries.own_lines(door.viewer, now=door.now)
    context = {
        "asked": [_asked(door, one) for one in mine if one.asks_me],
        "on": [described(one) for one in mine if one.mine is not None and one.mine.is_on],
        "offers": [_offer(door, one) for one in queries.swaps_of_mine(door.viewer)],
        "open": [described(one) for one in queries.open_lines(door.viewer, now=door.now)],
        "times": [
            {"row": one, "what": words.word(said.OWN_TIMES, one.kind)}
            for one in queries.own_times(door.viewer, now=door.now)
        ],
        "wished": pairing.own_wishes(door.viewer),
        "handed": handed_to_me(door.viewer, now=door.now),
        "forms": forms,
        "feed": queries.own_feed(door.viewer),
        "link": queries.own_link(door.viewer),
        "address": address,
    }
    return render(door.request, "duties/mine.html", context, status=status)


def _asked(door: Door, line: queries.DutyLine) -> dict[str, Any]:
    clash = own_clash(door.viewer, line.duty)
    return {**described(line), "clash": words.word(said.OWN_AGAINST, clash) if clash else ""}


def _offer(door: Door, row: Any) -> dict[str, Any]:
    is_mine = row.from_person_id == door.viewer.person_id
    other = row.to_person_id if is_mine else row.from_person_id
    return {
        "row": row,
        "is_mine": is_mine,
        "other": people.names([other], to=door.viewer).get(other, "?"),
    }


def _tap(door: Door) -> dict[str, Any]:
    return {"by": door.viewer, "now": door.now, "tap": tap_of(door.request)}


def _say(door: Door, answer: str) -> str:
    messages.success(door.request, answer)
    return ""


def _time(door: Door, form: Any) -> str:
    begins, ends = form.span
    kind = OwnTimeKind(form.cleaned_data["kind"])
    return _say(door, own_times.enter_time(kind=kind, starts_at=begins, ends_at=ends, **_tap(door)))


def _end_time(door: Door, _form: Any) -> str:
    key = key_of(door.request.POST.get("time", "")) or uuid.UUID(int=0)
    return _say(door, own_times.end_time(time_id=key, **_tap(door)))


def _feed(door: Door, form: Any) -> str:
    """Keep the address, and read it at once: what is wrong with it stands on the page."""
    said_so = own_times.set_feed(address=form.cleaned_data["address"], **_tap(door))
    if form.cleaned_data["address"] and door.viewer.person_id is not None:
        own_times.read_feed(door.viewer.person_id, now=door.now)
    return _say(door, said_so)


def _end_feed(door: Door, _form: Any) -> str:
    return _say(door, own_times.set_feed(address="", **_tap(door)))


def _link(door: Door, form: Any) -> str:
    """A new address; it is shown on this answer alone."""
    secret = own_times.new_address()
    shows_all = form.cleaned_data["shows_all"]
    own_times.set_link(key_hash=hash_of(secret), shows_all=shows_all, **_tap(door))
    return f"{settings.current().public_url}{reverse('calendar-feed', args=[secret])}"


def _end_link(door: Door, _form: Any) -> str:
    return _say(door, own_times.set_link(key_hash="", shows_all=False, **_tap(door)))


def _wish(door: Door, form: Any) -> str:
    other_id = uuid.UUID(form.cleaned_data["other"])
    return _say(door, pair_wishes.wish(other_id=other_id, **_tap(door)))


def _end_wish(door: Door, _form: Any) -> str:
    key = key_of(door.request.POST.get("of", "")) or uuid.UUID(int=0)
    return _say(door, pair_wishes.take_back(wish_id=key, **_tap(door)))


def _settle(takes: bool) -> Callable[[Door, Any], str]:
    def do(door: Door, _form: Any) -> str:
        key = key_of(door.request.POST.get("offer", "")) or uuid.UUID(int=0)
        return _say(door, duty_swaps.settle(swap_id=key, takes=takes, **_tap(door)))

    return do


_ACTS: dict[str, Callable[[Door, Any], str]] = {
    "time": _time,
    "end_time": _end_time,
    "feed": _feed,
    "end_feed": _end_feed,
    "link": _link,
    "end_link": _end_link,
    "wish": _wish,
    "end_wish": _end_wish,
    "take": _settle(True),
    "refuse": _settle(False),
}
