"""Addresses of the calendar of duties."""

from __future__ import annotations

from django.urls import path

from homeby.web.duties import feed, views_calendar, views_duty, views_own, views_planning

urlpatterns = [
    path("calendar/", views_calendar.calendar, name="calendar"),
    path("calendar/new/", views_planning.duty_new, name="duty-new"),
    path("calendar/feed/<str:secret>/duties.ics", feed.calendar_feed, name="calendar-feed"),
    path("calendar/<uuid:duty_id>/", views_duty.duty_page, name="duty"),
    path("calendar/<uuid:duty_id>/time/", views_planning.duty_time, name="duty-time"),
    path("me/duties/", views_own.my_duties, name="my-duties"),
]
