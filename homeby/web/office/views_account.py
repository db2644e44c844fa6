"""My page: how I am reached, who waits for me and what they may be told, my password, my watch."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from homeby.comms.actions import credentials
from homeby.missions import queries as missions
from homeby.missions.queries.homecomings import debrief_due_for
from homeby.missions.queries.lessons import waiting
from homeby.people import queries as people
from homeby.people.actions import accounts
from homeby.people.rules import Purpose, Role
from homeby.readiness.queries import kit
from homeby.watch import queries as watch
from homeby.web import recheck
from homeby.web.accounts import entering
from homeby.web.accounts.lost_passwords import refuse_lost
from homeby.web.door import Door, page, tap_of
from homeby.web.office import phones, sheets
from homeby.web.office.forms import OwnPasswordForm
from homeby.web.office.views import saved
from homeby.web.phone.owed import debrief_due
from homeby.web.sealed.offered import papers_due


@page()
def account(door: Door) -> HttpResponse:
    """The viewer's own details; addresses and kin are opened for this page alone."""
    return render(door.request, "account/account.html", _own(door))


@page()
def account_contacts(door: Door) -> HttpResponse:
    """The live part of the own page: what became of a test, as it comes."""
    person_id = _me(door)
    shown = sheets.reached(door, person_id, purpose=Purpose.OWN_PAGE)
    context = shown | {"person": {"id": person_id}, "may": sheets.may_contacts(door, person_id)}
    return render(door.request, "office/_contacts.html", context)


def _own(door: Door) -> dict[str, Any]:
    person_id = _me(door)
    found = people.person(door.viewer, person_id)
    log_in = people.account_of(door.viewer, person_id)
    return {
        "person": {
            "id": person_id,
            "callsign": found.shown_as if found else "",
            "name": found.name if found else "",
            "login": log_in.login if log_in else "",
        },
        "held": sheets.roles(door, person_id),
        "teams": people.memberships(door.viewer, [person_id], now=door.now),
        **sheets.reached(door, person_id, purpose=Purpose.OWN_PAGE),
        "kin": sheets.own_kin(door, person_id),
        "lessons": [
            {"label": one.mission.what, "mission_id": one.mission_id}
            for one in waiting(door.viewer)
        ],
        "debriefs": [
            {
                "label": row.mission.what,
                "due": debrief_due(
                    debrief_due_for(row.mission, row.back_at), row.mission.zone, now=door.now
                ),
                "mission_id": row.mission_id,
            }
            for row in missions.debriefs_owed(door.viewer)
        ],
        "papers": papers_due(door),
        "kit": [row.label for row in kit.held(door.viewer, now=door.now)],
        "on_watch": watch.holds_watch(door.viewer, now=door.now),
        "own_test": phones.own_test(door),
        "may": {"contacts": True},
        "is_medic": door.viewer.has_somewhere(Role.MEDIC),
        "is_safeguarding": door.viewer.has(Role.SAFEGUARDING_LEAD),
    }


def _me(door: Door) -> uuid.UUID:
    assert door.viewer.person_id is not None, "the page needs a log-in"
    return door.viewer.person_id


@sensitive_post_parameters()
@page()
def account_password(door: Door) -> HttpResponse:
    """A new password of one's own; other log-ins of the account end, this one stays."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    log_in = people.account_of(door.viewer, _me(door))
    if log_in is None:
        raise Http404
    sent = door.request.POST if door.request.method == "POST" else None
    form = OwnPasswordForm(sent)
    if log_in.has_usable_password():
        form.fields["present"].required = True
    else:
        del form.fields["present"]
    if sent is not None and form.is_valid() and _changed(door, log_in, form):
        return redirect("account")
    context = {
        "title": _("Change my password"),
        "form": form,
        "back_url": "/me/log-in/",
        "back_label": _("My log-in"),
    }
    return render(door.request, "office/form.html", context, status=422 if form.errors else 200)


def _changed(door: Door, log_in: Any, form: OwnPasswordForm) -> bool:
    if "present" in form.fields and not log_in.check_password(form.cleaned_data["present"]):
        form.add_error("present", _("This is not your present password."))
        return False

    def save() -> str:
        refuse_lost(door.request, form.cleaned_data["password"])
        return accounts.change_password(
            account_id=log_in.pk,
            password=form.cleaned_data["password"],
            by=door.viewer,
            now=door.now,
            tap=tap_of(door.request),
            beside=credentials.told(
                _me(door), lambda: _("The password of your log-in was changed.")
            ),
        )

    if not saved(door, form, save):
        return False
    entering.stay(door.request, log_in)
    return True
