"""Addresses of a person's path: examinations, special units, changes of team."""

from __future__ import annotations

from django.urls import path

from homeby.web.path import views, views_changes, views_units

urlpatterns = [
    path("me/path/", views.path, name="path"),
    path("examinations/", views.examinations, name="examinations"),
    path("examinations/<uuid:examination_id>/", views.examination, name="examination"),
    path("special-units/", views_units.special_units, name="special-units"),
    path("special-units/<uuid:unit_id>/", views_units.special_unit, name="special-unit"),
    path("team-changes/", views_changes.team_changes, name="team-changes"),
    path("team-changes/<uuid:change_id>/", views_changes.team_change, name="team-change"),
]
