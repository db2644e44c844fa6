"""Addresses of sealed debriefs."""

from __future__ import annotations

from django.urls import path

from homeby.web.sealed import views, views_key, views_write

urlpatterns = [
    path("sealed/", views.listed, name="sealed"),
    path("sealed/how/", views.how, name="sealed-how"),
    path("sealed/key/", views_key.key, name="sealed-key"),
    path("sealed/<uuid:debrief_id>/", views.read, name="sealed-read"),
    path("sealed/<uuid:debrief_id>/text/", views.text, name="sealed-text"),
    path("sealed/<uuid:debrief_id>/act/", views.act, name="sealed-act"),
    path("missions/<uuid:mission_id>/sealed/", views_write.write, name="sealed-write"),
    path("missions/<uuid:mission_id>/sealed/give/", views_write.give, name="sealed-give"),
]
