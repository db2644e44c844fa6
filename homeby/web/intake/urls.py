"""Addresses at which other machines bring something: receipts of providers."""

from __future__ import annotations

from django.urls import path

from homeby.web.intake import views_partners, views_receipts, views_texts

urlpatterns = [
    path("receipts/<slug:channel>", views_receipts.receipts, name="receipts"),
    path("texts", views_texts.texts, name="texts"),
    path("partner/pair", views_partners.pair, name="partner-pair"),
    path("partner/message", views_partners.message, name="partner-message"),
]
