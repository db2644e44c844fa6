"""My log-in: by what it is opened, and where I am logged in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from homeby import settings
from homeby.comms.actions import credentials
from homeby.logbook.rules import Refused
from homeby.people import queries as people
from homeby.people.actions import log_ins
from homeby.people.queries.factors import factors_of
from homeby.people.queries.log_ins import LogInLine, log_ins_of
from homeby.web.accounts import adapters, browsers, entering
from homeby.web.accounts.way_out import with_way_out
from homeby.web.door import Door, page, tap_of


def own_account(door: Door) -> Any:
    """The account of whoever looks."""
    assert door.viewer.person_id is not None, "the page needs a log-in"
    found = people.account_of(door.viewer, door.viewer.person_id)
    if found is None:
        raise Http404
    return found


def beside(door: Door, said: Callable[[], str]) -> Callable[[Any], None]:
    """What tells the viewer of a change of her own log-in."""
    assert door.viewer.person_id is not None, "the page needs a log-in"
    return credentials.told(door.viewer.person_id, said)


def changed(door: Door, account: Any, change: Callable[[], str]) -> bool:
    """Make a change of one's own log-in, which ends all log-ins, and go on in this browser."""
    try:
        messages.success(door.request, change())
    except Refused as refused:
        messages.error(door.request, str(refused))
        return False
    entering.stay(door.request, account)
    return True


@page()
def own(door: Door) -> HttpResponse:
    """By what my log-in is opened, and where it is open now."""
    account = own_account(door)
    context = {
        "login": account.login,
        "factors": factors_of(door.viewer, account),
        "log_ins": [_line(one) for one in _log_ins(door, account)],
        "passkeys_work": bool(adapters.place()),
        "provider": settings.current().oidc_label,
    }
    return with_way_out(render(door.request, "account/log_in.html", context))


def _log_ins(door: Door, account: Any) -> list[LogInLine]:
    return log_ins_of(door.viewer, account, this=door.request.session.session_key)


def _line(one: LogInLine) -> dict[str, Any]:
    return {"line": one, "browser": browsers.said(one.browser)}


@require_POST
@page()
def end_log_in(door: Door, log_in_id: int) -> HttpResponse:
    """End one other log-in of mine."""
    account, tap = own_account(door), tap_of(door.request)
    try:
        said = log_ins.end_log_in(
            account_id=account.pk, log_in_id=log_in_id, by=door.viewer, now=door.now, tap=tap
        )
        messages.success(door.request, said)
    except Refused as refused:
        messages.error(door.request, str(refused))
    return redirect("own-log-in")


@require_POST
@page()
def end_others(door: Door) -> HttpResponse:
    """End all other log-ins of mine. It asks for no proof: who finds a stranger in is in haste."""
    account, tap = own_account(door), tap_of(door.request)
    changed(
        door,
        account,
        lambda: log_ins.end_log_ins(
            account_id=account.pk,
            by=door.viewer,
            now=door.now,
            tap=tap,
            beside=beside(door, lambda: _("All your log-ins were ended.")),
        ),
    )
    return redirect("own-log-in")
