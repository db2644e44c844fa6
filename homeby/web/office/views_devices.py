"""Devices: which have a key, what each may say, a new one, and the button that revokes one."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.comms.actions import credentials
from homeby.logbook.rules import Refused, Tap
from homeby.missions import queries as missions
from homeby.people import queries as people
from homeby.people.actions.devices import (
    NAME_MAX,
    DeviceFields,
    add_device,
    new_key,
)
from homeby.people.queries.devices import devices, devices_of_keys
from homeby.people.rules import KIOSK_ACTS, Act, DeviceKind, PersonKind, Role, hash_of
from homeby.web import recheck, words
from homeby.web.choosing import KEEPERS_OF_DEVICES
from homeby.web.door import Door, page, show, tap_of
from homeby.web.office.forms import select
from homeby.web.qr import square


class PhoneForm(forms.Form):
    """A phone of one's own."""

    name = forms.CharField(
        label=gettext_lazy("Name of the device"),
        max_length=NAME_MAX,
        help_text=gettext_lazy("So that you know which one to revoke when it is gone."),
    )
    acts = forms.MultipleChoiceField(
        label=gettext_lazy("It may say"),
        choices=words.choices(words.ACTS),
        widget=forms.CheckboxSelectMultiple,
    )


class DeviceForm(PhoneForm):
    """A device of anybody: the phone of a person or the kiosk of a gate."""

    of = forms.ChoiceField(label=gettext_lazy("Whose it is"))
    field_order = ("of", "name", "acts")

    def __init__(self, *args: Any, door: Door, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gates = [
            (f"gate:{gate.pk}", _("Kiosk: %(site)s, %(gate)s") % {"site": gate.site, "gate": gate})
            for gate in missions.gates(door.viewer)
        ]
        found = people.listed(door.viewer, kind=PersonKind.HUMAN).filter(is_active=True)
        phones = [(f"person:{one.pk}", _("Phone: %s") % one.shown_as) for one in found]
        select("of", self, [*gates, *phones])


@page(*KEEPERS_OF_DEVICES)
def office_devices(door: Door) -> HttpResponse:
    """Every device; whoever keeps the watch revokes, an administrator adds."""
    sent = door.request.POST if door.request.method == "POST" else None
    may_add = door.viewer.has(Role.ADMINISTRATOR)
    start = {"acts": [str(act) for act in KIOSK_ACTS if act is not Act.HELP]}
    form = DeviceForm(sent, door=door, initial=start) if may_add else None
    key = ""
    if sent is not None and form is not None and (again := recheck.needed_for_others(door)):
        return again
    if sent is not None and form is not None and form.is_valid():
        kind, _colon, of = form.cleaned_data["of"].partition(":")
        fields = _fields(form, kind, uuid.UUID(of))
        key = _added(door, form, fields)
    return _shown(door, form, key)


@page()
def account_devices(door: Door) -> HttpResponse:
    """My own phones. One is revoked without a proof: who lost a phone is in haste."""
    sent = door.request.POST if door.request.method == "POST" else None
    if sent is not None and (again := recheck.needed(door)):
        return again
    form = PhoneForm(sent, initial={"acts": [str(act) for act in Act]})
    key = ""
    if sent is not None and form.is_valid():
        assert door.viewer.person_id is not None, "the page needs a log-in"
        key = _added(door, form, _fields(form, "person", door.viewer.person_id))
    return _shown(door, form, key, own=True)


def _fields(form: PhoneForm, kind: str, of: uuid.UUID) -> DeviceFields:
    is_phone = kind == "person"
    return DeviceFields(
        kind=DeviceKind.PHONE if is_phone else DeviceKind.KIOSK,
        name=form.cleaned_data["name"],
        acts=tuple(Act(act) for act in form.cleaned_data["acts"]),
        person_id=of if is_phone else None,
        gate_id=None if is_phone else of,
    )


def _added(door: Door, form: PhoneForm, fields: DeviceFields) -> str:
    """Add it; its key, which is shown once, or nothing where it was not added now."""
    key, tap = new_key(), tap_of(door.request)

    def add() -> str:
        return add_device(
            fields=fields, key_hash=hash_of(key), by=door.viewer, now=door.now, tap=tap
        )

    try:
        if fields.person_id is None:
            add()
        else:
            and_told(door, fields.person_id, add, tap)
    except Refused as refused:
        show(form, refused)
        return ""
    if hash_of(key) not in devices_of_keys([hash_of(key)]):  # the page was sent twice
        form.add_error(None, _("Its key was shown once already. Revoke it and add it anew."))
        return ""
    return key


def and_told(door: Door, person_id: uuid.UUID, add: Callable[[], str], tap: Tap) -> None:
    """Add a telephone, and tell whose it is wherever she is reached."""
    by, now = door.viewer, door.now
    credentials.done(
        person_id,
        add,
        lambda: _("A device was let in that speaks in your name."),
        by=by,
        now=now,
        tap=tap,
    )


def _kiosk_link(door: Door, form: PhoneForm | None, key: str) -> str:
    """Where a tablet becomes the kiosk of a fresh key. The key stands behind the #: browsers send
    that nowhere, and the page takes it out of the address."""
    if not key or form is None or not form.cleaned_data.get("of", "").startswith("gate:"):
        return ""
    return f"{door.request.build_absolute_uri(reverse('kiosk'))}#{key}"


def _shown(door: Door, form: PhoneForm | None, key: str, *, own: bool = False) -> HttpResponse:
    link = _kiosk_link(door, form, key)
    gates = {gate.pk: f"{gate.site}, {gate}" for gate in missions.gates(door.viewer, ended=True)}
    found = devices(door.viewer, person_id=door.viewer.person_id if own else None)
    context = {
        "own": own,
        "devices": [
            {
                "line": one,
                "of": gates.get(one.gate_id, "") if one.gate_id else one.person,
                "is_kiosk": one.kind is DeviceKind.KIOSK,
                "acts": ", ".join(words.word(words.ACTS, act) for act in one.acts),
            }
            for one in found
        ],
        "form": None if key else form,
        "key": key,
        "address": door.request.build_absolute_uri("/intake/v1/entries"),
        "kiosk_link": link,
        "kiosk_square": square(link) if link else "",
    }
    wrong = form is not None and bool(form.errors)
    return render(door.request, "office/devices.html", context, status=422 if wrong else 200)
