"""Addresses of kin: their page, by secret link."""

from __future__ import annotations

from django.urls import path

from homeby.web.kin import views

urlpatterns = [
    path("k/<str:secret>", views.kin_page, name="kin-page"),
]
