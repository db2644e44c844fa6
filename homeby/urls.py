"""Which address leads to which page."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

handler500 = "homeby.web.middleware.server_error"
