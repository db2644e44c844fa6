"""Django's sessions in the database, and whose they are, asked for by questions whose SQL is made
once: every page, and every screen that looks for news, begins with them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from homeby import clock
from homeby.database.asked import NOW, AskedOf


class SessionStore(db.SessionStore):
    """As Django's own; what it has written is read, and the other way round."""

    def _get_session_from_db(self) -> Session | None:
        found = _ALIVE.rows([self.session_key], now=clock.real_now())
        if not found:
            self._session_key = None
        return next(iter(found), None)

    def begin_as(self, key: str, values: dict[str, Any], *, seconds: int) -> None:
        """Write a new session under a key that is known before, for so many seconds. Raises
        CreateError where there is one by that key."""
        self.update(values)
        self.set_expiry(seconds)
        self._session_key = key
        self.save(must_create=True)


class CookiesStay(middleware.SessionMiddleware):
    """Sessions as Django keeps them, but a key that opens nothing stays in the browser. A change of
    how a log-in is opened gives its session a new key: where a live part of the page had asked by
    the old one at that moment, its answer would come last, take the new cookie away, and leave her
    logged out in the middle of making her recovery codes."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """The answer, which keeps or renews the session."""
        if request.session.is_empty() and settings.SESSION_COOKIE_NAME in request.COOKIES:
            patch_vary_headers(response, ("Cookie",))
            return response
        return super().process_response(request, response)


def _alive(keys: Sequence[Any]) -> Any:
    return Session.objects.filter(session_key__in=keys, expire_date__gt=NOW)


_ALIVE = AskedOf(_alive, of_texts=True)


class Known(ModelBackend):
    """Who is logged in, asked for in the same way. It lets nobody in: that is Django's own, which
    still knows those whom it let in before."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Nobody."""

    def get_user(self, user_id: uuid.UUID) -> Any:
        """The account of a session, while it is in use."""
        found = _ACCOUNT.rows([user_id])
        return found[0] if found and self.user_can_authenticate(found[0]) else None


_ACCOUNT = AskedOf(lambda keys: get_user_model()._default_manager.filter(pk__in=keys))
