"""In which language this browser, and whatever the station sends to whoever is logged in, speak."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from homeby.people.actions.persons import change_person
from homeby.web.door import at_door, tap_of

_YEAR_SECONDS = 365 * 24 * 3600


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak the chosen language from now on; messages to whoever is logged in follow."""
    chosen = request.POST.get("language", "")
    response = redirect(ours(request.POST.get("next", "")))
    if chosen not in dict(settings.LANGUAGES):
        return response
    door = at_door(request)
    if door.viewer.person_id is not None:
        change_person(
            person_id=door.viewer.person_id,
            values={"language": chosen},
            by=door.viewer,
            now=door.now,
            tap=tap_of(request),
        )
    speak(response, chosen)
    return response


def speak(response: HttpResponseBase, code: str) -> None:
    """Have the browser ask for this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=_YEAR_SECONDS,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def entered(request: HttpRequest, response: HttpResponse, *, code: str) -> HttpResponse:
    """Whoever has logged in reads her own language, unless this browser was told another. English
    is what everybody has who chose nothing: then the browser says what to speak."""
    told = bool(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME))
    if not told and code in dict(settings.LANGUAGES) and code != settings.LANGUAGE_CODE:
        speak(response, code)
    return response


def left(response: HttpResponse) -> HttpResponse:
    """Whoever comes next to this browser may read another language."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
    return response


def ours(wanted: str) -> str:
    """A page of ours to go to, the first page in place of any other."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if is_ours else "/"
