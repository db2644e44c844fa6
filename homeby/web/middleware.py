"""What every page carries, and the page that is shown when the database cannot record.

The version of the tables is not looked at here but by the shell (`homeby.web.shell`), beside the
pages and not on their way.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Callable

from django.core.exceptions import PermissionDenied, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.http import escape_leading_slashes
from django.utils.translation import gettext_lazy as _

from homeby import settings
from homeby.database import trouble
from homeby.web.denied import Why, note

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]

#: No script and no style from anywhere but our own files, none written into the page, no frame.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "base-uri 'none'",
    )
)

SAFE_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)",
}

_UNEXPECTED = _(
    "Something went wrong in the station, and this was not recorded. Please send it once more; if "
    "it happens again, tell whoever runs the station, and write it down on paper meanwhile."
)
_NOT_UNDERSTOOD = _(
    "What your browser sent could not be understood. Go back, reload the page and try once more."
)
_TOO_MUCH = _(
    "More was sent at once than any form of ours holds, so nothing was recorded. An escalation "
    "plan has at most 50 steps."
)
_NOT_FOR_YOU = _(
    "Your roles do not include this page. If you need it, ask an administrator of your "
    "organisation."
)
_NOWHERE = _(
    "Nothing stands at this address. Look at the address once more, or begin at the board."
)
_TOO_OLD = _(
    "The page had been open too long, or the browser keeps no cookies, so this was not recorded. "
    "Go back, reload the page and send it once more."
)
_RETRY_SECONDS = "5"


def safe_headers(get_response: GetResponse) -> GetResponse:
    """Protecting headers on every page; no page is stored anywhere unless it says so itself."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if request.is_secure() and (kept := _https_only()):
            response.headers["Strict-Transport-Security"] = kept
        return response

    return middleware


def _https_only() -> str:
    """What a browser is told that came by https, "" at a station that people reach without. Zero
    days are told, too: they take back what was told before (RFC 6797, 6.1.1)."""
    chosen = settings.current()
    if not chosen.public_is_https:
        return ""
    below = "; includeSubDomains" if chosen.https_only_subdomains else ""
    return f"max-age={chosen.https_only_days * 24 * 3600}{below}"


#: There a worry must not be lost by a sign in it: the page's own form cleans what was said.
_KIN_PAGE = re.compile("/k/[^/]+")


def whole_text(get_response: GetResponse) -> GetResponse:
    """Text with a NUL in it comes from no keyboard, and PostgreSQL cannot hold it: a sentence."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        sent = _values(request.GET)
        cleans = request.path.startswith("/api/") or _KIN_PAGE.fullmatch(request.path)
        if request.method == "POST" and not cleans:
            sent += _values(request.POST)
        if any("\x00" in text for text in sent):
            return error_page(
                request=None,
                title=_("This could not be understood"),
                sentence=_NOT_UNDERSTOOD,
                status=400,
            )
        return get_response(request)

    return middleware


def _values(sent: QueryDict) -> list[str]:
    return [text for _name, values in sent.lists() for text in values]


class DatabaseTrouble:
    """A database that is locked, full or gone becomes a page with a sentence (503)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing on the way in or out; only errors matter here."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error of a view when it is the database's; leave the others alone."""
        known = trouble.recognise(error=error)
        if known is None:
            return None
        logger.warning("database trouble (%s) at %s: %s", known.kind, request.path, error)
        return trouble_page(request=request, sentence=known.sentence, status=503)


def server_error(request: HttpRequest) -> HttpResponse:
    """What stands under `handler500`: errors outside views, of the session's storage for one."""
    error = sys.exc_info()[1]
    known = trouble.recognise(error=error) if error else None
    if known is None:
        return trouble_page(request=request, sentence=_UNEXPECTED, status=500)
    return trouble_page(request=request, sentence=known.sentence, status=503)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What stands under `handler400`: an address or a form that no page of ours makes."""
    return error_page(
        request=None,  # it may not have come far enough to have a viewer
        title=_("This could not be understood"),
        sentence=_TOO_MUCH
        if isinstance(exception, TooManyFieldsSent)
        else _said(exception) or _NOT_UNDERSTOOD,
        status=400,
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What stands under `handler403`: a page that is not for this viewer."""
    return error_page(
        request=request,
        title=_("This page is not for you"),
        sentence=_said(exception) or _NOT_FOR_YOU,
        status=403,
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What stands under `handler404`: an address that leads nowhere."""
    return error_page(
        request=request,
        title=_("This page does not exist"),
        sentence=_said(exception) or _NOWHERE,
        status=404,
    )


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What stands under `CSRF_FAILURE_VIEW`: a form without the mark that our pages put in it."""
    note(request, Why.FORGED_OR_OLD_FORM)
    return error_page(
        request=request, title=_("Please send it once more"), sentence=_TOO_OLD, status=403
    )


def error_page(
    *, request: HttpRequest | None, title: str | Promise, sentence: str | Promise, status: int
) -> HttpResponse:
    """A page that says what is wrong and what to do; without `request` it touches no table."""
    context = {"title": title, "sentence": sentence, "status": status}
    return HttpResponse(render_to_string("error.html", context, request=request), status=status)


def _said(error: Exception) -> str:
    """The sentence that one of our own pages gave with the error; Django's own words are not."""
    ours = type(error) in (Http404, PermissionDenied) and error.args
    return str(error.args[0]) if ours else ""


def trouble_page(
    *, request: HttpRequest | None, sentence: str | Promise, status: int
) -> HttpResponse:
    """The sentence as a page, or as JSON for a caller that asks for it; touches no table."""
    response: HttpResponse
    if request is not None and "application/json" in request.headers.get("Accept", ""):
        response = JsonResponse({"sentence": str(sentence)}, status=status)
    else:
        response = HttpResponse(_trouble_text(request=request, sentence=sentence), status=status)
    if status == 503:
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _trouble_text(*, request: HttpRequest | None, sentence: str | Promise) -> str:
    context = {"sentence": sentence, "again": what_was_sent(request=request)}
    try:
        return render_to_string("trouble.html", context)
    except Exception:  # the sentence must reach the person whatever else is broken
        logger.exception("the page for trouble could not be made")
        return f"<!doctype html><meta charset=utf-8><title>Homeby</title><p>{escape(sentence)}</p>"


def what_was_sent(*, request: HttpRequest | None) -> dict[str, object] | None:
    """The form as it was sent, so that it can be sent again with one tap and no typing.

    None for a page that was only read, and for a form with a password, which must not stand in a
    page. A file cannot: its form is shown again with all that was typed (every form of ours with a
    file knows the button `look`), so that the file can be chosen once more. The entry id goes
    along, so what was recorded after all stays once.
    """
    if request is None or request.method != "POST" or request.content_type not in _FORMS:
        return None
    try:
        fields = [(name, value) for name, values in request.POST.lists() for value in values]
        has_file = bool(request.FILES)
    except (RawPostDataException, MultiPartParserError):
        return None
    if has_file:
        fields.append(("look", "1"))
    if any("password" in name.lower() for name, _value in fields):
        return None
    address = escape_leading_slashes(request.get_full_path())
    return {"address": address, "fields": fields, "has_file": has_file}


_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
