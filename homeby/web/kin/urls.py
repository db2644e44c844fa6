"""Addresses of kin: their page, by secret link; and of those who speak to them."""

from __future__ import annotations

from django.urls import path

from homeby.web.kin import views, views_desk

urlpatterns = [
    path("k/<str:secret>", views.kin_page, name="kin-page"),
    path("kin/worry/", views_desk.worry, name="kin-worry"),
    path("missions/<uuid:mission_id>/kin/", views_desk.desk, name="mission-kin"),
    path("missions/<uuid:mission_id>/kin/act/", views_desk.desk_act, name="mission-kin-act"),
    path("missions/<uuid:mission_id>/kin/confirm/", views_desk.confirm, name="mission-kin-confirm"),
]
