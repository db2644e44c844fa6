"""For how long what is kept: the rules, what each would erase today, and erasing one person."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from homeby.people import queries as people
from homeby.people.actions.retention import set_retention
from homeby.people.queries.retention import days_kept
from homeby.people.rules import Role
from homeby.people.rules_private import DAYS_MOST, UNCOUNTED, Lasting, problem_with_days
from homeby.retention import daily
from homeby.retention.applying import preview, retain
from homeby.retention.persons import REASON_MAX, erase_person
from homeby.web import recheck
from homeby.web.door import Door, page, tap_of
from homeby.web.office.views import saved
from homeby.web.words import Words, word

LASTING: Words = {
    Lasting.PLACES: gettext_lazy("Places, routes and descriptions of parties"),
    Lasting.MESSAGES: gettext_lazy("Texts of messages"),
    Lasting.REPORTS: gettext_lazy("Texts of first reports"),
    Lasting.SEALED: gettext_lazy("Sealed debriefs"),
    Lasting.CONTACTS: gettext_lazy("What is sealed of people who left"),
    Lasting.LOG_INS: gettext_lazy("Who logged in when, and wrong tries"),
    Lasting.LOOKS: gettext_lazy("Who looked at whom, and why"),
    Lasting.ENTRIES: gettext_lazy("All words in entries that hold something personal"),
}
_KEPT_FOR = gettext_lazy("Days, 30 at least. Empty: for ever.")


class RetentionForm(forms.Form):
    """Days for each kind of data; empty keeps it for ever."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for lasting in Lasting:
            label: Any = LASTING[lasting]
            self.fields[lasting.lower()] = forms.IntegerField(
                label=label, required=False, help_text=_KEPT_FOR, max_value=DAYS_MOST
            )

    def clean(self) -> dict[str, Any]:
        """The same sentences as the action's, beside the fields and before anything is saved."""
        found = super().clean() or {}
        for lasting in Lasting:
            if problem := problem_with_days(found.get(lasting.lower())):
                self.add_error(lasting.lower(), problem)
        return found


class EraseForm(forms.Form):
    """Why somebody is erased."""

    reason = forms.CharField(
        label=gettext_lazy("That she asked, and how"),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("It stands in the logbook. Do not write her name here."),
    )


@page(Role.ADMINISTRATOR)
def office_retention(door: Door) -> HttpResponse:
    """The rules, and what each would erase today; one button erases that."""
    if again := recheck.needed_for_others(door):
        return again
    days = days_kept(door.viewer)
    sent = door.request.POST if door.request.method == "POST" else None
    is_now = sent is not None and sent.get("act") == "now"
    start = {lasting.lower(): value for lasting, value in days.items()}
    form = RetentionForm(None if is_now else sent, initial=start)
    if sent is not None and _is_done(door, form, is_now=is_now, days=days):
        return redirect("office-retention")
    due = preview(days=days, now=door.now)
    rows = [
        {
            "label": word(LASTING, one),
            "days": days[one],
            "due": due[one],
            "is_counted": one not in UNCOUNTED,
        }
        for one in Lasting
    ]
    context = {
        "form": form,
        "rows": rows,
        "due": sum(n or 0 for n in due.values()),
        "applied": daily.finding(now=door.now),
    }
    return render(
        door.request, "office/retention.html", context, status=422 if form.errors else 200
    )


def _is_done(
    door: Door, form: RetentionForm, *, is_now: bool, days: dict[Lasting, int | None]
) -> bool:
    if is_now:
        return saved(door, form, lambda: _erase_now(door))
    if not form.is_valid():
        return False
    wanted = {lasting: form.cleaned_data[lasting.lower()] for lasting in Lasting}
    changed = {one: value for one, value in wanted.items() if value != days[one]}
    return saved(door, form, lambda: _set(door, changed))


def _set(door: Door, changed: dict[Lasting, int | None]) -> str:
    """Each rule by an entry of its own; their ids come from the page's, so a page sent twice sets
    them once."""
    tap = tap_of(door.request)
    for lasting, value in changed.items():
        own = uuid.uuid5(tap.entry_id, lasting)
        set_retention(
            lasting=lasting,
            days=value,
            by=door.viewer,
            now=door.now,
            tap=type(tap)(entry_id=own, device=tap.device),
        )
    return _("Saved.")


def _erase_now(door: Door) -> str:
    done = sum(retain(by=door.viewer.person_id, now=door.now).values())
    return _("Erased: %d. Each stands in the logbook, without a word of what it was.") % done


@page(Role.ADMINISTRATOR)
def office_erase(door: Door, person_id: uuid.UUID) -> HttpResponse:
    """Erase one person who asked for it."""
    found = people.person(door.viewer, person_id)
    if found is None:
        raise Http404
    if again := recheck.needed_for_others(door):
        return again
    form = EraseForm(door.request.POST if door.request.method == "POST" else None)
    if form.is_valid() and saved(door, form, lambda: _erase(door, person_id, form)):
        return redirect("office-people")
    context = {
        "title": _("Erase %s") % found.shown_as,
        "intro": _(
            "For good: name, callsign, addresses, kin, home, health and the words about her. What "
            "others did stays, without her name, and so do hours and numbers. Give her her data "
            "first (homeby archive)."
        ),
        "submit": _("Erase her for good"),
        "form": form,
        "back_url": f"/office/people/{person_id}/",
        "back_label": found.shown_as,
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _erase(door: Door, person_id: uuid.UUID, form: EraseForm) -> str:
    return erase_person(
        person_id=person_id,
        reason=form.cleaned_data["reason"],
        by=door.viewer,
        now=door.now,
        tap=tap_of(door.request),
    )
