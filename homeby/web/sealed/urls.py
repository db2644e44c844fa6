"""Addresses of sealed debriefs."""

from __future__ import annotations

from django.urls import path

from homeby.web.sealed import (
    views,
    views_again,
    views_archive,
    views_key,
    views_trial,
    views_write,
)

urlpatterns = [
    path("sealed/", views.listed, name="sealed"),
    path("sealed/how/", views.how, name="sealed-how"),
    path("sealed/key/", views_key.key, name="sealed-key"),
    path("sealed/again/", views_again.again, name="sealed-again"),
    path("sealed/again/texts/", views_again.texts, name="sealed-again-texts"),
    path("sealed/again/give/", views_again.give, name="sealed-again-give"),
    path("sealed/archive/", views_archive.archive, name="sealed-archive"),
    path("sealed/archive/<uuid:opening_id>/", views_archive.opening, name="sealed-opening"),
    path("sealed/lost/", views_trial.lost, name="sealed-lost"),
    path("sealed/trial/", views_trial.trial, name="sealed-trial"),
    path("sealed/<uuid:debrief_id>/", views.read, name="sealed-read"),
    path("sealed/<uuid:debrief_id>/text/", views.text, name="sealed-text"),
    path("sealed/<uuid:debrief_id>/act/", views.act, name="sealed-act"),
    path("missions/<uuid:mission_id>/sealed/", views_write.write, name="sealed-write"),
    path("missions/<uuid:mission_id>/sealed/give/", views_write.give, name="sealed-give"),
]
