"""The address at which an operator's program reads figures."""

from __future__ import annotations

from django.urls import path

from homeby.web.metrics.views import metrics

urlpatterns = [path("metrics", metrics, name="metrics")]
