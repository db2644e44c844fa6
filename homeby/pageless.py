"""Django's settings for the processes that show no pages: watchkeeper, auditor, partner.

They hold the rooms and their tables, and neither pages nor the machinery of log-ins, so that each
needs a fifth less memory. All else is as everywhere (`homeby.django_settings`).
"""

from __future__ import annotations

from homeby.django_settings import *  # noqa: F403

NAME = "homeby.pageless"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "homeby.logbook",
    "homeby.people",
    "homeby.comms",
    "homeby.watch",
    "homeby.missions",
]

# No address is known here. One that reaches a log is told as unknown, which it may always be.
ROOT_URLCONF = NAME
urlpatterns: list[object] = []
