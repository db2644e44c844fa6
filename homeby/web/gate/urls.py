"""Addresses of the gate."""

from __future__ import annotations

from django.urls import URLPattern, path, register_converter

from homeby.web.gate import qr, seen, views


class Act:
    """One of the three acts at a gate, in an address."""

    regex = "out|check-in|in"

    def to_python(self, value: str) -> str:
        """The act as views know it."""
        return value

    def to_url(self, value: str) -> str:
        """The act as addresses spell it."""
        return value


register_converter(Act, "act")

urlpatterns: list[URLPattern] = [
    path("gate/", views.gates, name="gates"),
    path("gate/<uuid:key>/", views.gate, name="gate"),
    path("gate/<uuid:key>/qr/", qr.gate_qr, name="gate-qr"),
    path("gate/<uuid:key>/seen/", seen.switch, name="gate-seen"),
    path("gate/<uuid:key>/waits/", views.waited_for, name="gate-waits"),
    path("gate/<uuid:key>/<act:act>/", views.pick, name="gate-pick"),
    path("gate/<uuid:key>/<act:act>/somebody/", views.unmatched, name="gate-unmatched"),
    path("gate/<uuid:key>/<act:act>/<uuid:mission_id>/", views.confirm, name="gate-confirm"),
    path("gate/<uuid:key>/party/<uuid:mission_id>/", views.party, name="gate-party"),
    path("gate/<uuid:key>/<act:act>/done/<uuid:entry_id>/", views.recorded, name="gate-done"),
    path(
        "gate/<uuid:key>/take-back/<uuid:mission_id>/<uuid:person_id>/",
        views.take_back,
        name="gate-take-back",
    ),
    path(
        "gate/<uuid:key>/report/<uuid:mission_id>/<uuid:person_id>/",
        views.first_report,
        name="gate-first-report",
    ),
]
