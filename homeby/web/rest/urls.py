"""Addresses of release, rest and injuries."""

from __future__ import annotations

from django.urls import path

from homeby.web.rest import views, views_injuries, views_rules

urlpatterns = [
    path("release/", views.releases, name="releases"),
    path("release/<uuid:from_id>/<uuid:person_id>/", views.release, name="release"),
    path("rest/", views.rest, name="rest"),
    path("rest/<uuid:person_id>/", views.rest_of, name="rest-of"),
    path("hurt/", views_injuries.hurt, name="hurt"),
    path("injuries/", views_injuries.injuries, name="injuries"),
    path("injuries/<uuid:injury_id>/", views_injuries.injury, name="injury"),
    path("k/<str:secret>/hurt/", views_injuries.kin_hurt, name="kin-hurt"),
    path("office/rest-rules/", views_rules.rest_rules, name="rest-rules"),
]
