"""Addresses at which other machines bring something: receipts of providers."""

from __future__ import annotations

from django.urls import path

from homeby.web.intake import views_receipts

urlpatterns = [
    path("receipts/<slug:channel>", views_receipts.receipts, name="receipts"),
]
