"""Which address leads to which page; each place keeps its own list."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("homeby.web.board.urls")),
    path("", include("homeby.web.chances.urls")),
    path("", include("homeby.web.gate.urls")),
    path("", include("homeby.web.phone.urls")),
    path("", include("homeby.web.accounts.urls")),
    path("", include("homeby.web.office.urls")),
    path("", include("homeby.web.intake.urls")),
    path("", include("homeby.web.kiosk.urls")),
    path("", include("homeby.web.api.urls")),
    path("", include("homeby.web.duties.urls")),
    path("", include("homeby.web.kin.urls")),
    path("", include("homeby.web.kit.urls")),
    path("", include("homeby.web.noticed.urls")),
    path("", include("homeby.web.past.urls")),
    path("", include("homeby.web.path.urls")),
    path("", include("homeby.web.rest.urls")),
    path("", include("homeby.web.care.urls")),
    path("", include("homeby.web.sealed.urls")),
    path("", include("homeby.web.skills.urls")),
    path("", include("homeby.web.metrics.urls")),
]

handler400 = "homeby.web.middleware.bad_request"
handler403 = "homeby.web.middleware.not_allowed"
handler404 = "homeby.web.middleware.not_found"
handler500 = "homeby.web.middleware.server_error"
