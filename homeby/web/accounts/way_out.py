"""Leaving us by a form: to the provider of the organisation, from the pages that offer it."""

from __future__ import annotations

from django.http import HttpResponse

from homeby import settings
from homeby.web.middleware import CONTENT_SECURITY_POLICY


def with_way_out(response: HttpResponse) -> HttpResponse:
    """Let a form of this page lead on to the provider; of no other page may one leave us."""
    origin = settings.current().oidc_origin
    if origin:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY.replace(
            "form-action 'self'", f"form-action 'self' {origin}"
        )
    return response
