"""Whether Homeby looks who is left out, with which promise; and what I want not to be said about me
unasked."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.people.rules import Role
from homeby.web import recheck
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views import saved
from homeby.web.words import Words
from homeby.welfare.actions.switching import set_search, set_unasked
from homeby.welfare.queries.switch import not_about_me, search
from homeby.welfare.rules.switch import ONE_IN_YEARS, Unasked
from homeby.welfare.rules.what_it_takes import even_past, missed_in_a_row

#: So often an even hand would have picked her.
CHANCES = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 9 / 10)
UNASKED: Words = {
    Unasked.SIGNAL: gettext_lazy("That decisions of my team go against me"),
    Unasked.CONTACT: gettext_lazy("That I have done nothing with any of my team for long"),
    Unasked.WITHDRAWN: gettext_lazy("That I say no far more often than I used to"),
    Unasked.OVERUSED: gettext_lazy("That I am picked far more often than the others"),
}


class SearchForm(forms.Form):
    """The promise."""

    one_in_years = forms.TypedChoiceField(
        label=gettext_lazy("At most one false signal in so many years of one member"),
        coerce=int,
        choices=[(one, str(one)) for one in ONE_IN_YEARS],
        help_text=gettext_lazy("The fewer false ones, the longer somebody waits; see the table."),
    )


@lru_cache(maxsize=1)
def _missed() -> list[dict[str, Any]]:
    """How many missions in a row somebody misses until anybody is told; it never changes."""
    return [
        {
            "percent": round(100 * chance),
            "missed": [
                (one, missed_in_a_row(chance, promise=1 / one, past=even_past(chance)))
                for one in ONE_IN_YEARS
            ],
        }
        for chance in CHANCES
    ]


@page(Role.ADMINISTRATOR)
def office_search(door: Door) -> HttpResponse:
    """Switch it on with a promise, choose another one, or switch it off."""
    if again := recheck.needed_for_others(door):
        return again
    found = search(door.viewer)
    sent = door.request.POST if door.request.method == "POST" else None
    is_off = sent is not None and sent.get("act") == "off"
    start = {"one_in_years": found.one_in_years or ONE_IN_YEARS[0]}
    form = SearchForm(None if is_off else sent, initial=start)
    if (is_off or form.is_valid()) and saved(door, form, lambda: _set(door, form, is_off=is_off)):
        return redirect("office-search")
    context = {"form": form, "found": found, "promises": ONE_IN_YEARS, "rows": _missed()}
    return render(door.request, "office/search.html", context, status=422 if form.errors else 200)


def _set(door: Door, form: SearchForm, *, is_off: bool) -> str:
    return set_search(
        is_on=not is_off,
        one_in_years=ONE_IN_YEARS[0] if is_off else form.cleaned_data["one_in_years"],
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )


class UnaskedForm(forms.Form):
    """What may be said about me though I did not ask; nobody else sees it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in Unasked:
            label: Any = UNASKED[one]
            self.fields[one.lower()] = forms.BooleanField(label=label, required=False)


@page()
def own_unasked(door: Door) -> HttpResponse:
    """What may be said about me unasked."""
    off = not_about_me(door.viewer)
    start = {one.lower(): one not in off for one in Unasked}
    form = UnaskedForm(door.request.POST if door.request.method == "POST" else None, initial=start)
    if form.is_valid() and saved(door, form, lambda: _choose(door, form)):
        return redirect("account-unasked")
    intro = _(
        "Homeby does not look here who is left out just now. Once that is on, what you take the "
        "mark off is not said, then or afterwards. Nobody sees what you choose."
    )
    if search(door.viewer).is_on:
        intro = _(
            "Where Homeby looks who is left out, it tells you and a welfare officer outside your "
            "team of the first of these; of the others that officer alone, who asks you how you "
            "are. What you take the mark off is not said, then or afterwards. Nobody sees what "
            "you choose."
        )
    context = {
        "title": _("What may be said about me"),
        "intro": intro,
        "form": form,
        "back_url": "/me/",
        "back_label": _("My page"),
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _choose(door: Door, form: UnaskedForm) -> str:
    """Each by an entry of its own; a page sent twice sets them once."""
    tap, off = tap_of(door.request), not_about_me(door.viewer)
    for one in Unasked:
        wanted = form.cleaned_data[one.lower()]
        if wanted == (one in off):
            own = replace(tap, entry_id=uuid.uuid5(tap.entry_id, one))
            set_unasked(said=one, wanted=wanted, by=door.viewer, now=door.now, tap=own)
    return _("Saved.")
