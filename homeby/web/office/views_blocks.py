"""Whom I have blocked: seen by nobody else, and shown nowhere else."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from homeby.people import queries as people
from homeby.people.actions import blocks as actions
from homeby.people.queries.blocks import blocked_by
from homeby.web.door import Door, act, page, tap_of
from homeby.web.office.forms import chosen, select
from homeby.web.office.timed import key_of
from homeby.web.office.views import saved

OFFERED = 500


class BlockForm(forms.Form):
    """Somebody to block, of those the viewer sees."""

    person = forms.ChoiceField(label=gettext_lazy("Whom"))

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered, _more = people.choices(door.viewer, limit=OFFERED)
        known = [one for one in offered if not one.is_unit]
        others = [one for one in known if one.person_id != door.viewer.person_id]
        select("person", self, [(str(one.person_id), one.label) for one in others])


@page()
def own_blocks(door: Door) -> HttpResponse:
    """The viewer's own blocks; add one, take one back."""
    sent = door.request.POST if door.request.method == "POST" else None
    if sent is not None and (block_id := key_of(sent.get("unblock", ""))) is not None:
        return act(door, lambda: _unblock(door, block_id), to="account-blocks")
    form = BlockForm(sent, door=door)
    if form.is_valid() and saved(door, form, lambda: _block(door, form)):
        return redirect("account-blocks")
    blocked = [{"id": key, "callsign": name} for key, name in blocked_by(door.viewer)]
    context = {"form": form, "blocked": blocked}
    return render(door.request, "account/blocks.html", context, status=422 if form.errors else 200)


def _block(door: Door, form: BlockForm) -> str:
    person_id = chosen(form, "person")
    assert person_id is not None, "a required field"
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    return actions.block(person_id=person_id, by=by, now=now, tap=tap)


def _unblock(door: Door, block_id: uuid.UUID) -> str:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    return actions.unblock(block_id=block_id, by=by, now=now, tap=tap)
