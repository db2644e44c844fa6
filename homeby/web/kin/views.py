"""The page of one of the kin, by secret link, without an account. Opening it changes nothing, by
whatever method a scanner opens it; nothing of it is kept by browsers, found by search engines or
told to other sites, and no cookie is set."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from homeby import clock
from homeby.people.queries import kin as people
from homeby.people.queries.kin import Waiting
from homeby.web.kin import facts, limits

#: What a link of ours may hold; anything else is looked up nowhere.
SECRET = re.compile(r"[A-Za-z0-9_-]{1,64}")
HEADERS = {
    "Cache-Control": "no-store, private",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@csrf_exempt  # the secret in the address is the permission; another site cannot know it
@require_http_methods(["GET", "HEAD"])
def kin_page(request: HttpRequest, secret: str) -> HttpResponse:
    """What kin may see."""
    waiting = people.kin_by_link(secret) if SECRET.fullmatch(secret) else None
    if waiting is None:
        return _nothing(request)
    if limits.opened_too_often(secret):
        return _often()
    with _spoken(waiting):
        context = {"said": facts.said(waiting, now=clock.now()), "secret": secret}
        return _shown("kin/page.html", context)


def _spoken(waiting: Waiting) -> Any:
    return translation.override(waiting.language)


def _shown(template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page without the frame of the others: that would say more than was agreed."""
    context["language"] = translation.get_language()
    return HttpResponse(render_to_string(template, context), status=status, headers=HEADERS)


def _nothing(request: HttpRequest) -> HttpResponse:
    """The same answer whether a link never was, was withdrawn, or its reader was taken out."""
    if limits.missed_too_often(request.META.get("REMOTE_ADDR", "")):
        return _often()
    context = {
        "title": _("This link opens nothing."),
        "text": _(
            "Perhaps a part of it is missing, or it was renewed. Ask whoever gave it to you for "
            "the new one."
        ),
    }
    return _shown("kin/note.html", context, status=404)


def _often() -> HttpResponse:
    context = {
        "title": _("This page was opened very often just now."),
        "text": _("Wait a minute and open it again. If you are worried, call the number you have."),
    }
    response = _shown("kin/note.html", context, status=429)
    response.headers["Retry-After"] = str(limits.WINDOW_SECONDS)
    return response
