"""A real server on the loopback, for tests of two stations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

HOST = "127.0.0.1"


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


def server_for(application: Callable[..., Any]) -> WSGIServer:
    """A real server on the loopback; the caller lets it answer, one request at a time."""
    server = make_server(HOST, 0, application, handler_class=Quiet)
    server.timeout = 10
    return server


def fresh_pages(environ: Any, start_response: Any) -> Any:
    """The pages, read from the database that lies there now: another may be put in its place."""
    from django.db import connections

    from homeby.wsgi import application

    try:
        return application(environ, start_response)
    finally:
        connections.close_all()
