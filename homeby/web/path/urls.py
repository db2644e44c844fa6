"""Addresses of a person's path: examinations, special units, changes of team."""

from __future__ import annotations

from django.urls import path

from homeby.web.path import views

urlpatterns = [
    path("me/path/", views.path, name="path"),
    path("examinations/", views.examinations, name="examinations"),
    path("examinations/<uuid:examination_id>/", views.examination, name="examination"),
]
