"""By what somebody shows at a kiosk who they are: one's own PIN, and badges that people carry."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from homeby.people import queries as people
from homeby.people.actions import proofs
from homeby.people.queries.proofs import badges, pin_set_at
from homeby.people.rules import PIN_DIGITS, Role
from homeby.web import recheck
from homeby.web.choosing import KEEPERS_OF_DEVICES
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views import saved


class PinForm(forms.Form):
    """A new PIN, typed twice: nobody reads what she types."""

    pin = forms.CharField(
        label=gettext_lazy("New PIN"),
        max_length=PIN_DIGITS[1],
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=gettext_lazy("4 to 8 digits, not those of your bank card or your phone."),
    )
    once_more = forms.CharField(
        label=gettext_lazy("Once more"),
        max_length=PIN_DIGITS[1],
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    #: Whether there is one is shown nowhere, not even here: whoever forces her may look over her
    #: shoulder. So both are always set together.
    duress = forms.CharField(
        label=gettext_lazy("Duress PIN"),
        max_length=PIN_DIGITS[1],
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
        help_text=gettext_lazy(
            "If you like: typed in place of the PIN when somebody forces you. All looks as usual, "
            "and the duty officer hears of it at once. Left empty, you have none. This page never "
            "says whether you have one; a new PIN always sets both."
        ),
    )
    duress_once_more = forms.CharField(
        label=gettext_lazy("Duress PIN, once more"),
        max_length=PIN_DIGITS[1],
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    on_phone = forms.BooleanField(
        label=gettext_lazy("Ask for my PIN when I say on my phone that I am back or fine"),
        required=False,
        initial=True,
        help_text=gettext_lazy(
            "On a phone with the page “My mission” and a key of its own. Without the PIN it does "
            "not count until a person has looked. HELP never asks."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Both are the same, each twice."""
        found = super().clean() or {}
        not_same = _("The two are not the same. Type both once more.")
        if found.get("pin") and found.get("once_more") and found["pin"] != found["once_more"]:
            self.add_error("once_more", not_same)
        if found.get("duress", "") != found.get("duress_once_more", ""):
            self.add_error("duress_once_more", not_same)
        return found


class BadgeForm(forms.Form):
    """A badge to add: a reader types what it says."""

    name = forms.CharField(
        label=gettext_lazy("Name of the badge"),
        max_length=proofs.NAME_MAX,
        help_text=gettext_lazy("Such as: blue card. So that you know which one to remove."),
    )
    code = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=proofs.CODE_LENGTHS[1],
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Touch this field and hold the badge to a reader: it types here. It is kept as a hash."
        ),
    )


@sensitive_post_parameters()
@page()
def own_pin(door: Door) -> HttpResponse:
    """One's own PIN: set it, change it, do without. By it she counts as back, so whoever found her
    telephone proves first that it is she."""
    assert door.viewer.person_id is not None, "the page needs a log-in"
    if again := recheck.needed(door):
        return again
    person_id = door.viewer.person_id
    has_one = pin_set_at(door.viewer, person_id=person_id) is not None
    sent = door.request.POST if door.request.method == "POST" else None
    is_end = sent is not None and sent.get("act") == "remove"
    form = PinForm(None if is_end else sent)
    if sent is not None and _is_pin_saved(door, form, person_id, is_end=is_end):
        return redirect("account")
    context = {
        "title": _("My PIN"),
        "form": form,
        "back_url": "/me/",
        "back_label": _("My page"),
        "danger": _danger() if has_one else None,
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _is_pin_saved(door: Door, form: PinForm, person_id: uuid.UUID, *, is_end: bool) -> bool:
    by, now, tap = door.viewer, door.now, tap_of(door.request)
    if is_end:
        return saved(
            door, form, lambda: proofs.remove_pin(person_id=person_id, by=by, now=now, tap=tap)
        )
    if not form.is_valid():
        return False
    values = {name: form.cleaned_data[name] for name in ("pin", "duress", "on_phone")}
    return saved(door, form, lambda: proofs.set_pin(**values, by=by, now=now, tap=tap))


def _danger() -> dict[str, str]:
    return {
        "act": "remove",
        "label": _("Do without a PIN"),
        "sentence": _("Without a PIN the callsign is enough at a kiosk: anybody could say it."),
    }


@page(*KEEPERS_OF_DEVICES)
def office_badges(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """The badges of one person; an administrator adds, whoever keeps the watch removes."""
    found = people.person(door.viewer, person_id)
    if found is None:
        raise Http404
    is_administrator = door.viewer.has(Role.ADMINISTRATOR)
    sent = door.request.POST if door.request.method == "POST" else None
    form = BadgeForm(sent) if is_administrator else None
    if sent is not None and form is not None and _is_badge_saved(door, form, person_id):
        return redirect("office-badges", person_id)
    context = {
        "person": {"id": person_id, "callsign": found.shown_as},
        "badges": badges(door.viewer, person_id=person_id),
        "pin_set_at": pin_set_at(door.viewer, person_id=person_id),
        "form": form,
    }
    wrong = form is not None and bool(form.errors)
    return render(door.request, "office/badges.html", context, status=422 if wrong else 200)


def _is_badge_saved(door: Door, form: BadgeForm, person_id: uuid.UUID) -> bool:
    def save() -> str:
        return proofs.add_badge(
            person_id=person_id,
            name=form.cleaned_data["name"],
            code=form.cleaned_data["code"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
        )

    return form.is_valid() and saved(door, form, save)
