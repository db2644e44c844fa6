"""What a program is answered when something is wrong: always one body, never a traceback.

A sentence, where it is wrong, what to do; `code` is for programs and never changes its meaning.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from homeby.database import trouble
from homeby.logbook.rules import Refused
from homeby.web.middleware import GetResponse

log = logging.getLogger("homeby.api")
RETRY_SECONDS = 5


class WrongField(Schema):
    """One thing that is wrong, and where."""

    where: str = Field(description='Where, for example "body.due_at"; "" is the whole act.')
    sentence: str


class ProblemBody(Schema):
    """Every answer that is not 2xx."""

    code: str = Field(description="For programs: its meaning never changes.")
    sentence: str = Field(description="For people: what is wrong.")
    what_to_do: str
    fields: list[WrongField]


_WHAT_TO_DO: dict[str, str | Promise] = {
    "NOT_UNDERSTOOD": _("Send one JSON object in UTF-8, whole, as the schema shows it."),
    "NO_TOKEN": _('Send the header "Authorization: Bearer homeby-token-...". My page makes one.'),
    "NO_RIGHT": _("Make a token that has this right on My page, or ask somebody who may do this."),
    "NOT_FOUND": _("Look at the id and the address once more; the list shows what you may see."),
    "WRONG_METHOD": _("Look into the schema, which method this address takes."),
    "ID_TAKEN": _("Make a fresh random id (UUID) on your device for every act."),
    "TOO_LARGE": _("Send less at once."),
    "WRONG_TYPE": _('Send the header "Content-Type: application/json".'),
    "WRONG_FIELDS": _("Mend the fields that are named, and send it again with the same id."),
    "REFUSED": _("Nothing was recorded. Mend what is named, and send it again with the same id."),
    "TOO_MANY": _("Wait as long as Retry-After says, then send it again with the same id."),
    "BROKEN": _("Send it again with the same id; if it goes on, tell whoever runs the station."),
    "DATABASE": _("Send it again with the same id after the seconds that Retry-After names."),
}


class Problem(Exception):
    """Something a program must be told; raised anywhere below an operation."""

    def __init__(
        self,
        status: int,
        code: str,
        sentence: str | Promise,
        *,
        fields: Sequence[tuple[str, str]] = (),
        retry_after: int | None = None,
    ) -> None:
        assert code in _WHAT_TO_DO, f"{code} is not declared"
        super().__init__(str(sentence))
        self.status, self.code, self.sentence = status, code, sentence
        self.fields, self.retry_after = fields, retry_after

    def answer(self) -> HttpResponse:
        """The problem as it is sent."""
        body = {
            "code": self.code,
            "sentence": str(self.sentence),
            "what_to_do": str(_WHAT_TO_DO[self.code]),
            "fields": [{"where": where, "sentence": said} for where, said in self.fields],
        }
        response = JsonResponse(body, status=self.status)
        if self.retry_after is not None:
            response.headers["Retry-After"] = str(self.retry_after)
        if self.status == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response


def not_found() -> Problem:
    """What is not there, or not for this viewer: the two cannot be told apart."""
    return Problem(404, "NOT_FOUND", _("There is nothing here that you may see."))


def speak(api: NinjaAPI) -> None:
    """Let this API answer every error with our one body."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _known(request: HttpRequest, error: Any) -> HttpResponse:
    assert isinstance(error, Problem)
    return error.answer()


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    """An act that was refused: the sentences, by the names that the body has for the fields."""
    assert isinstance(error, Refused)
    fields = [(f"body.{name}" if name else "", said) for name, said in error.problems.items()]
    return Problem(422, "REFUSED", str(error), fields=fields).answer()


def _wrong_fields(request: HttpRequest, error: Any) -> HttpResponse:
    assert isinstance(error, ValidationError)
    fields = [(_where(one), str(one.get("msg", ""))) for one in error.errors[:50]]
    sentence = _("%d fields are missing or wrong.") % len(error.errors)
    return Problem(422, "WRONG_FIELDS", sentence, fields=fields).answer()


def _where(error: Mapping[str, Any]) -> str:
    """ "body.party.0": the name of the parameter in our code is nobody's business."""
    place = [str(part) for part in error.get("loc", ())]
    if place[:1] == ["body"]:
        place[1:2] = []
    return ".".join(place)[:200]


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    """What the library itself found: no token, or a body that cannot be read."""
    if isinstance(error, AuthenticationError):
        return no_token(_("This address needs a personal token.")).answer()
    return Problem(400, "NOT_UNDERSTOOD", _("The body cannot be read as JSON.")).answer()


def no_token(sentence: str | Promise) -> Problem:
    """Without a token that works nothing is read and nothing is done."""
    return Problem(401, "NO_TOKEN", sentence)


def _nowhere(request: HttpRequest, error: Any) -> HttpResponse:
    return not_found().answer()


def _cut_off(request: HttpRequest, error: Any) -> HttpResponse:
    return Problem(400, "NOT_UNDERSTOOD", _("The body broke off before its end.")).answer()


def _anything(request: HttpRequest, error: Any) -> HttpResponse:
    known = trouble.recognise(error=error)
    if known is not None:
        log.warning("database trouble (%s) at %s: %s", known.kind, request.path, error)
        return Problem(503, "DATABASE", known.sentence, retry_after=RETRY_SECONDS).answer()
    log.error("an operation broke at %s", request.path, exc_info=error)
    return _broken().answer()


def _broken() -> Problem:
    return Problem(500, "BROKEN", _("Something went wrong in the station; nothing was recorded."))


_HANDLERS: dict[type[Exception], Any] = {
    Problem: _known,
    Refused: _refused,
    ValidationError: _wrong_fields,
    HttpError: _http,
    Http404: _nowhere,
    OSError: _cut_off,  # UnreadablePostError: the line broke while the body came
    Exception: _anything,
}


def as_json(get_response: GetResponse) -> GetResponse:
    """Below /api/ an error that never came to an operation (an unknown address, a host we do not
    serve, a page for trouble) has our one body too."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if not request.path.startswith("/api/") or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        answer = _by_status(response.status_code).answer()
        for name in ("Retry-After", "Allow"):
            if name in response.headers:
                answer.headers[name] = response.headers[name]
        return answer

    return middleware


def _by_status(status: int) -> Problem:
    if status == 404:
        return Problem(404, "NOT_FOUND", _("Nothing stands at this address."))
    if status == 405:
        return Problem(405, "WRONG_METHOD", _("This address does not take this method."))
    if status == 503:
        sentence = _("The station's database cannot answer just now.")
        return Problem(503, "DATABASE", sentence, retry_after=RETRY_SECONDS)
    if status >= 500:
        return _broken()
    return Problem(400, "NOT_UNDERSTOOD", _("What was sent could not be understood."))
