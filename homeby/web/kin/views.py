"""The page of one of the kin, by secret link, without an account. Opening it changes nothing, by
whatever method a scanner opens it; nothing of it is kept by browsers, found by search engines or
told to other sites, and no cookie is set."""

from __future__ import annotations

import re
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from homeby import clock
from homeby.people.queries import kin as people
from homeby.people.queries.kin import Waiting
from homeby.watch.actions import kin_worry
from homeby.web import words
from homeby.web.door import tap_of
from homeby.web.kin import facts, limits
from homeby.web.kin.forms import WorryForm

#: What a link of ours may hold; anything else is looked up nowhere.
SECRET = re.compile(r"[A-Za-z0-9_-]{1,64}")
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@csrf_exempt  # the secret in the address is the permission; another site cannot know it
@require_http_methods(["GET", "HEAD", "POST"])
def kin_page(request: HttpRequest, secret: str) -> HttpResponseBase:
    """What kin may see; a POST says that they are worried, once they have ticked so: a scanner that
    sends every form it finds says nothing."""
    waiting = people.kin_by_link(secret) if SECRET.fullmatch(secret) else None
    if waiting is None:
        return nothing(request)
    if request.method != "POST" and limits.opened_too_often(secret):
        return often()
    with words.spoken(waiting.language):
        sent = request.method == "POST"
        form = WorryForm(request.POST if sent else None)
        if sent and form.is_valid() and not facts.is_a_copy():
            return _tell_watch(request, secret, waiting, form)
        said = facts.said(waiting, now=clock.now())
        context = {"said": said, "secret": secret, "form": form, "entry_id": uuid.uuid4()}
        return shown("kin/page.html", context, status=422 if sent else 200)


def _tell_watch(
    request: HttpRequest, secret: str, waiting: Waiting, form: WorryForm
) -> HttpResponseBase:
    """Hand the worry to the watch; the page that follows says when it was told."""
    kin_worry.worried(
        worry=facts.worry_of(waiting, form.cleaned_data["said"]),
        now=clock.now(),
        tap=tap_of(request),
    )
    return to_kin_page(secret)


def to_kin_page(secret: str) -> HttpResponseBase:
    """On to the page of kin, with the headers of such pages."""
    following = redirect("kin-page", secret)
    for name, value in HEADERS.items():
        following.headers[name] = value
    return following


def shown(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page without the frame of the others: that would say more than was agreed."""
    context["language"] = translation.get_language()
    return HttpResponse(render_to_string(template, context), status=status, headers=HEADERS)


def nothing(request: HttpRequest) -> HttpResponse:
    """The same answer whether a link never was, was withdrawn, or its reader was taken out."""
    if limits.missed_too_often(request.META.get("REMOTE_ADDR", "")):
        return often()
    context = {
        "title": _("This link opens nothing."),
        "text": _(
            "Perhaps a part of it is missing, or it was renewed. Ask whoever gave it to you for "
            "the new one."
        ),
    }
    return shown("kin/note.html", context, status=404)


def often() -> HttpResponse:
    """To whoever opens such pages more often than a person does."""
    context = {
        "title": _("This page was opened very often just now."),
        "text": _("Wait a minute and open it again. If you are worried, call the number you have."),
    }
    response = shown("kin/note.html", context, status=429)
    response.headers["Retry-After"] = str(limits.WINDOW_SECONDS)
    return response
