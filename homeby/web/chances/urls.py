"""Addresses of chances: one's own, what one has decided oneself, and a team's."""

from __future__ import annotations

from django.urls import path

from homeby.web.chances import views

urlpatterns = [
    path("me/chances/", views.my_chances, name="my-chances"),
]
