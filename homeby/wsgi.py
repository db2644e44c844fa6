"""Django's pages as a WSGI application; `homeby.asgi` runs it in a fixed pool of threads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "homeby.django_settings")

application = get_wsgi_application()
