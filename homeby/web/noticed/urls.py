"""The address of the page; nothing stands there but in a demonstration."""

from __future__ import annotations

from django.urls import path

from homeby.web.noticed import views

urlpatterns = [path("what-would-be-noticed/", views.noticed, name="noticed")]
