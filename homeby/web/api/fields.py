"""What fields of the API hold: texts, instants, cursors; and the bodies made of them."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import uuid
from collections.abc import Callable, Sequence
from typing import Annotated, Any, Generic, TypeVar, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.parser import Parser
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from homeby.web.api.problems import Problem

T = TypeVar("T")
YEARS = range(1900, 2200)
LIMIT_MAX = 200


class WholeText(Parser):
    """JSON in UTF-8 without what no keyboard types: PostgreSQL cannot hold a NUL, and half a
    character cannot be written down."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """The body. Raises ValueError or RecursionError, answered as 400."""
        found = json.loads(request.body.decode("utf-8"))
        text = json.dumps(found, ensure_ascii=False)
        text.encode("utf-8")
        if "\\u0000" in text:
            raise ValueError("a NUL")
        return cast("dict[str, Any]", found)


def _iso(value: Any) -> Any:
    if not isinstance(value, str | dt.datetime):
        raise ValueError("write the instant as text, such as 2026-11-26T18:30:00+01:00")
    return value


def _in_reach(value: dt.datetime) -> dt.datetime:
    if value.year not in YEARS:
        raise ValueError("the year must lie between 1900 and 2200")
    return value.astimezone(dt.UTC)


#: ISO 8601 with its zone.
Instant = Annotated[
    AwareDatetime, BeforeValidator(_iso, json_schema_input_type=str), AfterValidator(_in_reach)
]
EntryId = Annotated[
    uuid.UUID, Field(description="Made on your device for this act; repeating it counts once.")
]


class ActBody(Schema):
    """What every act carries: its id, and when it was so if that was not just now."""

    model_config = {"extra": "forbid"}

    entry_id: EntryId
    happened_at: Instant | None = Field(
        None, description="When it was so, if not now. Never moves a due time."
    )


class Answer(Schema):
    """What was recorded, and what the device is told; told again if the act is repeated."""

    entry_id: uuid.UUID
    answer: str


class Page(Schema, Generic[T]):
    """A page of a list. `next` goes into `cursor` for the page behind it; null is the end."""

    items: list[T]
    next: str | None


#: How many at once, and from where.
Limit = Annotated[int, Field(ge=1, le=LIMIT_MAX, description="How many at once.")]
Cursor = Annotated[
    str, Field(max_length=100, description="`next` of the page before; empty for the first.")
]


def page_of(items: Sequence[Any], *, limit: int, key: Callable[[Any], object]) -> dict[str, Any]:
    """A page of `limit` items out of one more, and the cursor of the page behind it."""
    shown = list(items[:limit])
    more = len(items) > limit
    return {"items": shown, "next": _cursor(str(key(shown[-1]))) if more else None}


def _cursor(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def behind(cursor: str, kind: Callable[[str], T]) -> T | None:
    """The key behind which a page begins, None for the first. Raises Problem."""
    if not cursor:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        return kind(base64.urlsafe_b64decode(padded.encode("ascii")).decode("ascii"))
    except (binascii.Error, ValueError):
        sentence = _("This is no cursor of this list. Begin without one.")
        raise Problem(422, "WRONG_FIELDS", sentence, fields=[("query.cursor", sentence)]) from None


def number(text: str) -> int:
    """The key of a list by numbers. Raises ValueError beyond what the database counts."""
    found = int(text)
    if not 0 <= found < 2**63:
        raise ValueError("no number of an entry")
    return found
