"""The API of release 1, its addresses and its schema."""

from __future__ import annotations

import json

from django.urls import URLPattern, URLResolver, path
from ninja import NinjaAPI
from ninja.operation import Operation

from homeby.web.api import acts, problems
from homeby.web.api.fields import WholeText


class Api(NinjaAPI):
    """Operations are called as their functions are: programs are generated from these names."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of an operation in the schema."""
        return str(operation.view_func.__name__)


api = Api(
    title="Homeby",
    version="1",
    description=(
        "Reads and acts as the person whose personal token is sent, within the rights of the "
        "token. Instants are ISO 8601 with their zone, ids are UUIDs."
    ),
    urls_namespace="api",
    docs_url=None,
    parser=WholeText(),
)
problems.speak(api)
api.add_router("", acts.router)

urlpatterns: list[URLPattern | URLResolver] = [path("api/v1/", api.urls)]


def schema_text() -> str:
    """The OpenAPI schema as docs/reference/openapi.json holds it."""
    found = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(found, indent=1, ensure_ascii=False, default=str) + "\n"
