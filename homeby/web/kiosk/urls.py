"""Addresses of the kiosk: its page, and what its key opens beside `/intake/v1/entries`."""

from __future__ import annotations

from django.urls import path

from homeby.web.kiosk import views

urlpatterns = [
    path("kiosk/", views.kiosk, name="kiosk"),
    path("kiosk/worker.js", views.worker, name="kiosk-worker"),
    path("kiosk/state", views.state, name="kiosk-state"),
    path("kiosk/key", views.key, name="kiosk-key"),
]
