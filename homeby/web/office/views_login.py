"""Logging in: by password, by a one-time link, and by a door of the demonstration. Logging out."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth import logout as log_out
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from homeby import settings
from homeby.logbook.rules import Refused, new_tap
from homeby.missions import queries as missions
from homeby.people import queries as people
from homeby.people.actions import accounts
from homeby.people.actions.devices import PHONES_MAX, revoke_device
from homeby.people.queries import who
from homeby.people.rules import Role, Viewer
from homeby.people.rules_log_ins import Proof
from homeby.web import words
from homeby.web.accounts import adapters, entering, how_long, lasting, more
from homeby.web.accounts.way_out import with_way_out
from homeby.web.door import at_door
from homeby.web.office import throttle
from homeby.web.office.views_language import left, ours


class LogInForm(AuthenticationForm):
    """Name and password. The sentence for a wrong pair does not say which of the two was wrong."""

    error_messages = {
        "invalid_login": gettext_lazy(
            "This name and password do not belong together. Look at both again; capitals count in "
            "the password only."
        ),
        "inactive": gettext_lazy("This account is not in use any more. Ask an administrator."),
        "slowed": gettext_lazy(
            "Too many wrong passwords for this name. Wait a minute, then try again."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("Log-in name")
        self.fields["password"].label = _("Password")

    def clean(self) -> dict[str, Any]:
        """Look at the password, unless too many wrong ones came for this name."""
        name = str(self.cleaned_data.get("username", ""))
        if throttle.is_slowed(name):
            self.add_error(None, self.error_messages["slowed"])
            return self.cleaned_data
        values = super().clean()
        throttle.forget(name)
        return values

    def get_invalid_login_error(self) -> Any:
        """Count the wrong password."""
        name = str(self.cleaned_data.get("username", ""))
        throttle.failed(name)
        account = who.account_called(name)
        if account is not None and self.request is not None:
            by = entering.By(proof=Proof.PASSWORD)
            entering.noted(self.request, account, by, succeeded=False)
        return super().get_invalid_login_error()

    def confirm_login_allowed(self, user: Any) -> None:
        """Only for people who are still with the organisation."""
        super().confirm_login_allowed(user)
        assert self.request is not None, "this form is made with its request"
        now = at_door(self.request).now
        if people.viewer_for(user.person_id, now=now).person_id is None:
            self.add_error(None, self.error_messages["inactive"])


@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """The log-in page."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if request.method == "POST" and "door" in request.POST:
        return _by_door(request, wanted)
    form = LogInForm(request, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return more.ask_or_enter(request, form.get_user(), ours(wanted), by=Proof.PASSWORD)
    context = {
        "form": form,
        "next": ours(wanted) if wanted else "",
        "over": lasting.said_over(request),
        "lasts": how_long.said_at_log_in(),
        "doors": _doors(request),
        "passkeys": adapters.works_here(request),
        "provider": settings.current().oidc_label,
    }
    status = 422 if form.errors else 200
    return with_way_out(render(request, "account/login.html", context, status=status))


def _doors(request: HttpRequest) -> list[dict[str, Any]]:
    """In the demonstration, one door for each who has an account; nowhere else."""
    if not settings.current().demonstration:
        return []
    found = who.log_ins(now=at_door(request).now)
    everybody = [viewer.person_id for viewer in found.values() if viewer.person_id]
    out = {outing.person_id for outing in missions.open_outings(everybody)}
    most_first = sorted(found.items(), key=lambda one: (-len(one[1].roles), one[1].name))
    return [
        {
            "login": login,
            "label": viewer.name,
            "role": ", ".join(words.word(words.ROLES, role) for role in _roles(viewer)),
            "out": viewer.person_id in out,
        }
        for login, viewer in most_first
    ]


def _roles(viewer: Viewer) -> list[Role]:
    """What somebody is beside a member; a member, where there is nothing else."""
    return [role for role in Role if role in viewer.roles - {Role.MEMBER}] or [Role.MEMBER]


def _by_door(request: HttpRequest, wanted: str) -> HttpResponse:
    """Enter as one of the demonstration's people."""
    chosen = request.POST["door"]
    if chosen not in {door["login"] for door in _doors(request)}:
        return redirect("login")
    now = at_door(request).now
    secret = accounts.log_in_link(login=chosen, now=now, minutes=1)
    account = accounts.use_log_in_link(secret=secret, now=now)
    if account is not None:
        return entering.enter(request, account, ours(wanted), by=entering.By(proof=Proof.DOOR))
    return redirect(ours(wanted))


def _revoke(request: HttpRequest) -> None:
    door = at_door(request)
    for sent in request.POST.getlist("device")[:PHONES_MAX]:
        with contextlib.suppress(ValueError, Refused):
            revoke_device(
                device_id=uuid.UUID(sent), by=door.viewer, now=door.now, tap=new_tap("web")
            )


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End this log-in. The devices that it names have forgotten their keys: they are revoked."""
    _revoke(request)
    log_out(request)
    messages.success(request, _("You are logged out."))
    return left(redirect("login"))


def log_in_link(request: HttpRequest, secret: str) -> HttpResponse:
    """A one-time link: opening it uses nothing up, for scanners open links; its button does."""
    if request.method != "POST":
        return render(request, "account/link.html", {})
    account = accounts.use_log_in_link(secret=secret, now=at_door(request).now)
    if account is None:
        return render(request, "account/link.html", {"used": True}, status=404)
    return entering.enter(request, account, "home", by=entering.By(proof=Proof.LINK))
