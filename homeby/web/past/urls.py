"""Addresses of the past of a page."""

from __future__ import annotations

from django.urls import path

from homeby.web.past import views

urlpatterns = [
    path("board/then/", views.board_then, name="board-then"),
    path("missions/<uuid:mission_id>/then/", views.mission_then, name="mission-then"),
    path("office/people/<uuid:person_id>/then/", views.person_then, name="person-then"),
]
