"""Addresses of the board and of alarms."""

from __future__ import annotations

from django.urls import path

from homeby.web.board import views, views_alarms, views_duty_room, views_link

urlpatterns = [
    path("", views.home, name="home"),
    path("places/", views.places, name="places"),
    path("pause-bar/", views.pause_bar, name="pause-bar"),
    path("board/", views.board, name="board"),
    path("board/rows/", views.board_rows, name="board-rows"),
    path("board/cards/", views_duty_room.cards, name="board-cards"),
    path("siren/", views_duty_room.siren, name="siren"),
    path("siren/state/", views_duty_room.siren_state, name="siren-state"),
    path("alarms/", views_alarms.alarms, name="alarms"),
    path("alarms/rows/", views_alarms.alarms_rows, name="alarms-rows"),
    path("alarms/<uuid:alarm_id>/", views_alarms.alarm, name="alarm"),
    path("alarms/<uuid:alarm_id>/rows/", views_alarms.alarm_rows, name="alarm-rows"),
    path("alarms/<uuid:alarm_id>/act/", views_alarms.alarm_act, name="alarm-act"),
    path("m/<str:token>", views_link.link, name="message-link"),
    path(
        "m/<str:token>/state/", views_link.link_part, {"part": "state"}, name="message-link-state"
    ),
    path("m/<str:token>/acts/", views_link.link_part, {"part": "acts"}, name="message-link-acts"),
]
