"""Addresses of the kit room."""

from __future__ import annotations

from django.urls import path

from homeby.web.kit import views, views_keeping

urlpatterns = [
    path("kit/", views.kit_room, name="kit"),
    path("kit/new/", views_keeping.kit_new, name="kit-new"),
    path("kit/<uuid:kit_id>/", views.kit_item, name="kit-item"),
    path("kit/<uuid:kit_id>/change/", views_keeping.kit_change, name="kit-change"),
    path("kit/<uuid:kit_id>/label/", views_keeping.kit_label, name="kit-label"),
]
