"""What a provider says later about a message: which id, and whether it was received."""

from __future__ import annotations

import pytest

from homeby.comms.rules import Receipt, ReceiptWords, read_receipt

WORDS = ReceiptWords(
    ref_fields=("id", "message_id"),
    state_fields=("status", "state"),
    received=("Delivered", "READ"),
    failed=("Undelivered", "expired"),
)
NAMELESS = "This receipt names no message: give its id as id, message_id."


@pytest.mark.parametrize(
    ("fields", "receipt"),
    [
        ({"id": "A1", "status": "delivered"}, Receipt(ref="A1", received=True)),
        ({"id": " A1 ", "status": " READ "}, Receipt(ref="A1", received=True)),
        ({"id": "A1", "state": "UNDELIVERED"}, Receipt(ref="A1", received=False)),
        ({"id": "A1", "status": "Expired"}, Receipt(ref="A1", received=False)),
        ({"id": "A1", "status": "buffered"}, Receipt(ref="A1", received=None)),
        ({"id": "A1"}, Receipt(ref="A1", received=True)),  # no state: it came
        ({"id": "A1", "status": ""}, Receipt(ref="A1", received=True)),
        ({"message_id": 17, "status": "read"}, Receipt(ref="17", received=True)),
        ({"id": "", "message_id": "B2"}, Receipt(ref="B2", received=True)),
        ({"id": True, "message_id": "B2"}, Receipt(ref="B2", received=True)),
        ({"id": ["A1"], "message_id": "B2"}, Receipt(ref="B2", received=True)),
        ({"id": "A1", "message_id": "B2"}, Receipt(ref="A1", received=True)),
        ({"id": "x" * 200}, Receipt(ref="x" * 200, received=True)),
    ],
)
def test_a_receipt_is_read_in_the_providers_words(
    fields: dict[str, object], receipt: Receipt
) -> None:
    assert read_receipt(fields, WORDS) == receipt


@pytest.mark.parametrize(
    "fields", [{}, {"id": "  "}, {"id": None}, {"id": "x" * 201}, {"status": "delivered"}]
)
def test_a_receipt_that_names_no_message_says_what_is_missing(fields: dict[str, object]) -> None:
    assert read_receipt(fields, WORDS) == NAMELESS
