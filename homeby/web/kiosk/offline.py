"""What a tablet needs to start without the station: the page and its files, and nothing else."""

from __future__ import annotations

import hashlib
import json

from django.template.loader import render_to_string
from django.templatetags.static import static

_NAMES = (
    *("css/tokens.css", "css/dark.css", "css/base.css", "css/parts.css", "css/kiosk.css"),
    *("js/theme.js", "js/kiosk.js", "js/kiosk-camera.js", "js/kiosk-line.js", "js/kiosk-reader.js"),
    *("js/kiosk-seal.js", "js/kiosk-store.js", "js/passing.js", "img/icons.svg", "img/favicon.svg"),
)


def worker() -> str:
    """The service worker of the kiosk; its text changes when one of its files does."""
    files = [static(f"homeby/{name}") for name in _NAMES]
    version = hashlib.sha256("".join(files).encode()).hexdigest()[:16]
    return render_to_string("kiosk/worker.js", {"files": json.dumps(files), "version": version})
