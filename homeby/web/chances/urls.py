"""Addresses of chances: one's own, what one has decided oneself, and a team's."""

from __future__ import annotations

from django.urls import path

from homeby.web.chances import views, views_mirror

urlpatterns = [
    path("me/chances/", views.my_chances, name="my-chances"),
    path("welfare/<uuid:concern_id>/evidence/", views.evidence, name="evidence"),
    path("me/decisions/", views_mirror.my_decisions, name="my-decisions"),
    path("teams/taking-part/", views_mirror.taking_part_teams, name="taking-part-teams"),
    path("teams/<uuid:team_id>/taking-part/", views_mirror.team_taking_part, name="taking-part"),
]
