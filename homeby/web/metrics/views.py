"""The page that a Prometheus reads."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from homeby import clock, settings
from homeby.web.metrics.collector import Figures
from homeby.web.metrics.readers import may_read

#: For a program and whoever reads its log; pages for people are translated, this is none.
_REFUSED = (
    "These figures are for a program on this machine, or for one that brings the secret of "
    "metrics_token_file as a bearer token.\n"
)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every figure, or 403 with a sentence."""
    station = settings.current()
    if not may_read(request, token_file=station.metrics_token_file):
        return HttpResponse(_REFUSED, status=403, content_type="text/plain; charset=utf-8")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(
        Figures(
            now=clock.now(),
            real_now=clock.real_now(),
            backup_folder=station.backups,
        )
    )
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)
