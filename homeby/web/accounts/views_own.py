"""My log-in: by what it is opened, and where I am logged in."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
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
from homeby.people.actions import factors, log_ins
from homeby.people.queries.factors import factors_of
from homeby.people.queries.log_ins import LogInLine, TryLine, last_tries, log_ins_of
from homeby.web import recheck, words
from homeby.web.accounts import adapters, browsers, entering, how_long
from homeby.web.accounts.way_out import with_way_out
from homeby.web.door import Door, page, tap_of

#: So many of the last tries stand on the page; all stand in one's own data.
TRIES_SHOWN = 12


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


def change_own(
    door: Door, act: Callable[..., str], said: Callable[[], str], **more: Any
) -> HttpResponse:
    """One button of my log-in: once more who I am, the act, and back; I am told of it elsewhere."""
    if again := recheck.needed_at_its_strongest(door):
        return again
    account = own_account(door)
    act = partial(act, account_id=account.pk, by=door.viewer, now=door.now, **more)
    tap, told = tap_of(door.request), beside(door, said)
    changed(door, account, lambda: act(tap=tap, beside=told))
    return redirect("own-log-in")


@page()
def own(door: Door) -> HttpResponse:
    """By what my log-in is opened, and where it is open now."""
    account = own_account(door)
    context = {
        "login": account.login,
        "factors": factors_of(door.viewer, account),
        "log_ins": [_line(one) for one in _log_ins(door, account)],
        "tries": [_tried(one) for one in last_tries(door.viewer, limit=TRIES_SHOWN)],
        "idle_hours": int(how_long.lasts(door.viewer).idle.total_seconds()) // 3600,
        "ends_at": how_long.end_of(door.request, door.viewer, zone=door.zone),
        "passkeys_work": bool(adapters.place()),
        "opens_glass": door.viewer.watches_some,
        "provider": settings.current().oidc_label,
    }
    return with_way_out(render(door.request, "account/log_in.html", context))


def _log_ins(door: Door, account: Any) -> list[LogInLine]:
    """Those that a look would not end."""
    found = log_ins_of(door.viewer, account, this=door.request.session.session_key)
    idle = how_long.lasts(door.viewer).idle
    return [one for one in found if one.is_this or door.now - one.seen_at < idle]


def _line(one: LogInLine) -> dict[str, Any]:
    return {"line": one, "browser": browsers.said(one.browser)}


def _tried(one: TryLine) -> dict[str, Any]:
    by = words.word(words.PROOFS, one.proof)
    if one.proof_too:
        too = words.word(words.PROOFS, one.proof_too)
        by = _("%(one)s, then %(other)s") % {"one": by, "other": too}
    return {"line": one, "browser": browsers.said(one.browser), "by": by}


@require_POST
@page()
def remove_password(door: Door) -> HttpResponse:
    """Do without a password: a passkey opens my log-in."""
    return change_own(
        door, factors.remove_password, lambda: _("The password of your log-in was removed.")
    )


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
