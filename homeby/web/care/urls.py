"""Addresses of help and care."""

from __future__ import annotations

from django.urls import path

from homeby.web.care import views, views_check, views_door

urlpatterns = [
    path("help/", views_door.door_page, name="help"),
    path("help/<uuid:concern_id>/", views_door.own_concern, name="own-concern"),
    path("welfare/", views.desk, name="welfare-desk"),
    path("welfare/<uuid:concern_id>/", views.concern, name="concern"),
    path("welfare/check/<uuid:seat_id>/", views_check.check, name="welfare-check"),
]
